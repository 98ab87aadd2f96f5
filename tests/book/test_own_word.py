"""What the mover does without the portal: what to say on the phone, and a place for what was answered."""

from dataclasses import replace

import pytest
from django.test import Client

from renrakucho.mover.book import begin_draft
from renrakucho.mover.entries import INDUSTRIES
from renrakucho.notice.models import Notice
from renrakucho.receipt.notice_view import notice_view
from tests import cast
from tests.book.opened import page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
PLACED = ("electricity", "gas", "water", "telephone")


def told_elsewhere(client: Client, industry: str) -> Notice:
    """The notice of a company that the directory does not have, in an opened book."""
    key = f"{industry}:{'stop' if industry in PLACED else 'change'}:other"
    wishes = {industry: ("leaving", "arriving")}
    entries = replace(cast.entries([key]), wishes=wishes, others={key: "みほん社"})
    book = begin_draft(entries)
    access_key = cast.access_key_of(book)
    client.post("/book/login", {"email": cast.EMAIL, "access_key": access_key})
    found: Notice = book.notices.get()
    return found


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_another_company_of_any_industry_has_a_script_and_a_place_for_the_answer(client: Client, industry: str) -> None:
    notice = told_elsewhere(client, industry)
    leaf = f"/book/notices/{notice.id}/"
    page = page_text(client.get(leaf))
    assert "みほん社" in page
    assert "引越しをするので" in page
    assert "髙﨑　太郎" in page
    assert "この会社が何を聞くかは、確かめていません" in page
    assert "未入力" in page
    answered = {"number": "K-77", "clerk": "田中さん", "note": "12月5日の午前"}
    assert client.post(f"{leaf}own-word", answered).status_code == 302
    page = page_text(client.get(leaf))
    assert {"K-77", "田中さん", "12月5日の午前"} <= set(page.split())
    assert "自分で手続した" in page
    assert "未入力" not in page
    assert "未入力" not in page_text(client.get("/book/")).split("しるしの見かた")[0]
    view = notice_view(notice)
    assert (view.own_word.number, view.receipt_number, view.accepted_at) == ("K-77", "", None)


def test_a_note_can_be_corrected_and_what_cannot_be_kept_is_said_and_not_lost(client: Client) -> None:
    notice = told_elsewhere(client, "bank")
    address = f"/book/notices/{notice.id}/own-word"
    client.post(address, {"number": "1", "note": "折り返し"})
    response = client.post(address, {"number": "1" * 41, "note": "二度め"}, follow=True)
    assert 'value="二度め"' in response.content.decode()
    client.post(address, {"number": "2", "note": "折り返し"})
    assert notice_view(notice).own_word.number == "2"
