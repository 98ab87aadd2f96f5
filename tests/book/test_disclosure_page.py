"""Disclosure page: what is shown, the signed files, and that it is the own book's alone."""

import json

import pytest
from django.test import Client
from pypdfium2 import PdfDocument

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.mover.models import DisclosureKey
from renrakucho.notice.notice_form import keep_draft
from renrakucho.receipt.evidence import StaffActor
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.receipt.provider_actions import open_at_desk
from renrakucho.standard.disclosure_check import check_disclosure
from tests.book.opened import open_book_of, page_text
from tests.receipt.cast import WATER, answers_of, clerk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def told(client: Client) -> None:
    """Open a book whose one notice has been told and opened at the desk."""
    notice = open_book_of(client, [WATER]).notices.get()
    keep_draft(notice, answers=answers_of(notice))
    enter_notice(notice)
    deliver_due_notices("test")
    staff = clerk()
    staff.save()
    open_at_desk(notice, StaffActor(staff))


def test_the_page_says_what_was_told_and_who_opened_it(client: Client) -> None:
    told(client)
    page = page_text(client.get("/book/disclosure"))
    for said in ("昭島市水道部", "髙﨑", "画面で開きました", "昭島市水道部（受付の担当）", "記録していないこと"):
        assert said in page
    assert "窓口" not in page.replace("受付窓口", "")  # the clerk's name


def test_an_empty_book_says_so(client: Client) -> None:
    open_book_of(client, [])
    assert "まだ、だれにも何も伝えていません。" in page_text(client.get("/book/disclosure"))


def test_the_signed_file_holds_with_the_published_key(client: Client) -> None:
    told(client)
    response = client.get("/book/disclosure.json")
    assert response["Content-Disposition"].startswith("attachment; ")
    assert "no-store" in response["Cache-Control"]
    keys = client.get("/standard/keys.json")
    check = check_disclosure(response.content, keys.json())
    assert (check.mistakes, check.trusted) == ([], True)


def test_the_published_keys_are_none_before_the_first_receipt_and_asking_makes_none(client: Client) -> None:
    assert client.get("/standard/keys.json").json() == {"keys": []}
    assert not DisclosureKey.objects.exists()


def test_the_pdf_has_the_signed_file_attached(client: Client) -> None:
    told(client)
    pdf = PdfDocument(client.get("/book/disclosure.pdf").content)
    attached = bytes(pdf.get_attachment(0).get_data())
    check = check_disclosure(attached, client.get("/standard/keys.json").json())
    assert (check.mistakes, check.trusted) == ([], True)
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert json.loads(attached)["proof"]["digest"][:20] in text
    assert "昭島市水道部" in text


@pytest.mark.parametrize("page", ["disclosure", "disclosure.json", "disclosure.pdf"])
def test_nobody_sees_it_without_the_book(client: Client, page: str) -> None:
    response = client.get(f"/book/{page}")
    assert response.status_code == 302
    assert response["Location"].startswith("/book/login")
