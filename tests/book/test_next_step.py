"""Next step: every page after an act offers the next notice, and says what was just done."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.lib.signing import sign_parts
from renrakucho.mover.book import save_entries
from renrakucho.notice.connected_providers import connection_of
from renrakucho.notice.models import Notice, Status
from tests import cast
from tests.book.opened import confirm, latest_notice, mailed_code, open_book_of, own_items, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

CARRIED = ["gas:stop:tokyo-gas", "broadcasting:change:nhk"]
STOP, WATER = "water:stop:tokyo-waterworks", "water:start:akishima-water"


def return_link(client: Client, notice: Notice, *, signed: bool = True) -> str:
    """Hand the notice over; return the link that leads back from the provider's last page."""
    confirm(client, f"/book/notices/{notice.id}/handover")
    page = client.get(f"/book/notices/{notice.id}/carry").content.decode()
    found = re.search(r'value="[^"]*(/return/[^"]+)"', page)
    way = connection_of(notice.provider)
    assert found
    assert way
    at = str(int(timezone.now().timestamp()))
    signature = sign_parts(way.secret, found[1].rsplit("/", 1)[1], "W-77", at) if signed else ""
    return f"{found[1]}?number=W-77&at={at}&signature={signature}"


def test_an_acceptance_leads_to_the_confirmation_of_the_next_notice(client: Client) -> None:
    book = open_book_of(client, [*CARRIED, STOP])
    done, following = latest_notice(book, CARRIED[0]), latest_notice(book, STOP)
    link = return_link(client, done)
    response = client.get(link, follow=True)
    (where, _status) = response.redirect_chain[-1]
    page = page_text(response)
    assert where != f"/book/notices/{done.id}/handover?after={done.id}"
    assert re.fullmatch(rf"/book/notices/[-0-9a-f]+/handover\?after={done.id}", where)
    assert "東京ガス（停止）が受理されました" in page
    assert "W-77" in page
    assert "ここでの手続は、あと2件です" in page
    assert "確認して進む" in page
    assert latest_notice(book, STOP).status == following.status == Status.NOT_ENTERED
    again = page_text(client.get(where))  # the message is gone, the stamp is not
    assert "東京ガス（停止）が受理されました" not in again
    assert "W-77" in again


def test_the_next_notice_is_confirmed_where_the_last_act_led(client: Client) -> None:
    book = open_book_of(client, CARRIED)
    done, following = (latest_notice(book, offer) for offer in CARRIED)
    response = client.get(return_link(client, done))
    assert response["Location"] == f"/book/notices/{following.id}/handover?after={done.id}"
    confirm(client, response["Location"])
    assert latest_notice(book, CARRIED[1]).status == Status.HANDED_OVER


def test_the_last_acceptance_leads_to_the_book(client: Client) -> None:
    book = open_book_of(client, [CARRIED[0]])
    response = client.get(return_link(client, latest_notice(book, CARRIED[0])), follow=True)
    assert response.redirect_chain == [("/book/", 302)]
    assert "東京ガス（停止）が受理されました" in page_text(response)
    assert "すべて受理されました" in page_text(response)


def test_an_unsigned_return_goes_on_to_no_other_notice(client: Client) -> None:
    book = open_book_of(client, CARRIED)
    notice = latest_notice(book, CARRIED[0])
    assert client.get(return_link(client, notice, signed=False))["Location"] == f"/book/notices/{notice.id}/"


def test_a_notice_sent_to_a_desk_leads_to_the_next_one(client: Client) -> None:
    book = open_book_of(client, [WATER, CARRIED[0]])
    notice, following = latest_notice(book, WATER), latest_notice(book, CARRIED[0])
    client.post(f"/book/notices/{notice.id}/answers", own_items(notice))
    response = confirm(client, f"/book/notices/{notice.id}/check")
    assert response["Location"] == f"/book/notices/{following.id}/handover?after={notice.id}"
    page = page_text(client.get(response["Location"]))
    assert "昭島市水道部（開始）への連絡をお預かりしました" in page
    assert "つぎは、東京ガス（停止）の手続です" in page
    assert "受付番号" not in page  # nothing was accepted


def test_a_notice_of_another_book_is_never_named(client: Client) -> None:
    other = cast.draft([STOP])
    cast.access_key_of(other)
    strange = latest_notice(other, STOP).id
    notice = latest_notice(open_book_of(client, CARRIED), CARRIED[0])
    for after in (str(strange), "x", ""):
        page = page_text(client.get(f"/book/notices/{notice.id}/handover?after={after}"))
        assert "東京都水道局" not in page
        assert "確認して進む" in page


def test_a_page_of_a_notice_that_is_dealt_with_offers_the_next_one(client: Client) -> None:
    book = open_book_of(client, ["gas:stop:other", CARRIED[1]], **{"gas:stop:other": "町のガス"})
    listed, following = latest_notice(book, "gas:stop:other"), latest_notice(book, CARRIED[1])
    client.post(f"/book/notices/{listed.id}/own-word")
    page = client.get(f"/book/notices/{listed.id}/").content.decode()
    assert re.search(rf'href="/book/notices/{following.id}/handover">つぎは、NHK（住所変更）', page)
    assert "つぎは、" not in page_text(client.get(f"/book/notices/{following.id}/"))


def test_the_registration_ends_where_the_first_notice_is_confirmed(client: Client) -> None:
    draft = cast.draft([CARRIED[0]])
    session = client.session
    session["draft"] = str(draft.id)
    session.save()
    client.post("/apply/check")
    response = client.post("/book/mailbox", {"mailbox_code": mailed_code()}, follow=True)
    html = response.content.decode()
    notice = latest_notice(draft, CARRIED[0])
    form = re.search(rf'<form method="post" action="(/book/notices/{notice.id}/handover)">', html)
    seen = re.search(r'name="seen" value="([^"]+)"', html)
    assert form
    assert seen
    assert "髙﨑" in html  # all that is told is shown
    assert client.post(form[1], {"seen": seen[1]})["Location"] == f"/book/notices/{notice.id}/carry"


def test_the_first_notice_is_not_told_otherwise_than_the_registration_page_showed(client: Client) -> None:
    draft = cast.draft([CARRIED[0]])
    session = client.session
    session["draft"] = str(draft.id)
    session.save()
    client.post("/apply/check")
    html = client.post("/book/mailbox", {"mailbox_code": mailed_code()}, follow=True).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', html)
    assert seen
    draft.refresh_from_db()
    save_entries(draft, cast.entries([CARRIED[0]], person__given_name="次郎"))
    notice = latest_notice(draft, CARRIED[0])
    response = client.post(f"/book/notices/{notice.id}/handover", {"seen": seen[1]}, follow=True)
    assert "内容が変わりました" in page_text(response)
    assert latest_notice(draft, CARRIED[0]).status == Status.NOT_ENTERED
