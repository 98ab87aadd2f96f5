"""What the mover reads where an operator has paused the sending, or has a provider only listed."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.notice.models import Notice, Status
from renrakucho.notice.operator_acts import mark_connected, mark_not_connected, pause_lanes, resume_lanes
from renrakucho.receipt.mover_actions import HandoffPaused, enter_notice, hand_over_notice
from renrakucho.receipt.notice_view import notice_view
from tests import cast
from tests.book.opened import confirm, confirmation_fields, latest_notice, open_book_of, page_text
from tests.book_apply.flow import Applicant
from tests.receipt.cast import answers_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

STOP, START = "water:stop:tokyo-waterworks", "water:start:akishima-water"
TOKYO, AKISHIMA = "tokyo-waterworks", "akishima-water"
SAID = "水道局のサイトの点検のため、12月6日まで進めません。"


def leaf_of(client: Client, offer: str) -> tuple[Notice, str]:
    notice = latest_notice(open_book_of(client, [offer]), offer)
    return notice, f"/book/notices/{notice.id}/"


@pytest.mark.parametrize("address", [lambda leaf: leaf, lambda _leaf: "/book/"], ids=["the notice's page", "the book"])
@pytest.mark.parametrize(("offer", "provider"), [(STOP, TOKYO), (START, AKISHIMA)])
def test_the_sentence_and_its_end_stand_on_the_page(
    client: Client, offer: str, provider: str, address: Callable[[str], str]
) -> None:
    _notice, leaf = leaf_of(client, offer)
    ends_at = timezone.localtime(timezone.now()) + timedelta(days=2)
    pause_lanes(None, provider=provider, sentence=SAID, ends_at=ends_at)
    shown = page_text(client.get(address(leaf)))
    assert SAID in shown
    assert f"{ends_at.month}月{ends_at.day}日" in shown
    resume_lanes(None, provider=provider)
    assert SAID not in page_text(client.get(address(leaf)))


def test_the_sentence_stands_where_providers_are_chosen(client: Client) -> None:
    applicant = Applicant(client)
    applicant.to_providers()
    assert SAID not in page_text(client.get("/apply/providers"))
    pause_lanes(None, provider=AKISHIMA, sentence=SAID)
    assert SAID in page_text(client.get("/apply/providers"))


def test_a_paused_web_link_is_explained_and_not_handed_over(client: Client) -> None:
    notice, leaf = leaf_of(client, STOP)
    fields = confirmation_fields(client, f"{leaf}handover")
    pause_lanes(None, channel="weblink", sentence=SAID)
    for response in (client.get(f"{leaf}handover"), client.post(f"{leaf}handover", fields)):
        assert response.headers["Location"] == leaf
    notice.refresh_from_db()
    assert notice.status == Status.NOT_ENTERED
    with pytest.raises(HandoffPaused):
        hand_over_notice(notice)
    shown = page_text(client.get(leaf))
    assert "いま、この事業者へは送れません" in shown
    assert f"{leaf}handover" not in client.get(leaf).content.decode()
    assert "いま進めません" in page_text(client.get("/book/"))


def test_a_form_that_is_half_way_is_not_carried_on_while_its_link_is_paused(client: Client) -> None:
    _notice, leaf = leaf_of(client, STOP)
    confirm(client, f"{leaf}handover")
    assert client.get(f"{leaf}carry").status_code == 200
    pause_lanes(None, provider=TOKYO, sentence=SAID)
    assert client.get(f"{leaf}carry").headers["Location"] == leaf
    assert SAID in page_text(client.get(leaf))


def test_what_is_paused_comes_after_what_can_be_done(client: Client) -> None:
    open_book_of(client, ["gas:stop:tokyo-gas", STOP])
    pause_lanes(None, provider="tokyo-gas", sentence=SAID)
    assert "つぎは、東京都水道局（停止）の手続です。ここでの手続は、あと1件です。" in page_text(client.get("/book/"))


def test_a_notice_that_waits_for_a_paused_desk_says_so_and_can_be_entered_before(client: Client) -> None:
    notice, leaf = leaf_of(client, START)
    pause_lanes(None, provider=AKISHIMA, sentence=SAID)
    page = client.get(f"{leaf}answers")
    assert SAID in page_text(page)
    client.post(f"{leaf}answers", {**answers_of(notice), **confirmation_fields(client, f"{leaf}answers")})
    notice.refresh_from_db()
    enter_notice(notice)
    assert notice_view(Notice.objects.get(id=notice.id)).status == Status.ENTERED
    assert "連絡は、お預かりしています。" in page_text(client.get(leaf))


def test_a_draft_for_a_provider_that_is_not_connected_is_told_and_comes_back(client: Client) -> None:
    _notice, leaf = leaf_of(client, START)
    mark_not_connected(None, AKISHIMA, sentence="受付システムの入れかえのため、2月まで受け付けません。")
    shown = page_text(client.get(leaf))
    assert "いまは、ここから送れません" in shown
    assert "受付システムの入れかえのため、2月まで受け付けません。" in shown
    assert "042-" in shown
    assert "自分で手続した" in shown
    assert client.get(f"{leaf}answers").headers["Location"] == leaf
    mark_connected(None, AKISHIMA)
    assert client.get(f"{leaf}answers").status_code == 200


def test_a_provider_that_is_not_connected_is_chosen_as_one_that_is_only_listed(client: Client) -> None:
    mark_not_connected(None, AKISHIMA)
    book = cast.book([START])
    [notice] = book.notices.all()
    assert (notice.provider, notice.channel, notice_view(notice).listed) == ("", "", True)


def test_movers_who_read_english_get_the_english_sentence(client: Client) -> None:
    _notice, leaf = leaf_of(client, STOP)
    until = datetime(2099, 12, 6, 3, tzinfo=timezone.get_default_timezone())
    pause_lanes(None, provider=TOKYO, sentence=SAID, english="Their site is under maintenance.", ends_at=until)
    shown = page_text(client.get(leaf, headers={"Accept-Language": "en"}))
    assert "Their site is under maintenance." in shown
    assert SAID not in shown
