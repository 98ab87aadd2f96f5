"""The page that erases the book: it names what cannot be taken back, and one press ends everything here."""

import pytest
from django.test import Client

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.mover.models import Book
from renrakucho.notice.notice_form import keep_draft
from renrakucho.receipt.mover_actions import enter_notice
from tests.book.opened import latest_notice, open_book_of
from tests.receipt.cast import accept_notice, answers_of, clerk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
START = "water:start:akishima-water"


def accepted_book(client: Client) -> Book:
    book = open_book_of(client)
    notice = latest_notice(book, START)
    keep_draft(notice, answers=answers_of(notice))
    notice = enter_notice(notice)
    deliver_due_notices("test")
    staff = clerk()
    staff.save()
    accept_notice(notice, staff, "昭水-2026-0042")
    return book


def test_the_page_names_what_a_provider_keeps_and_until_when_it_is_kept(client: Client) -> None:
    accepted_book(client)
    book_page = client.get("/book/").content.decode()
    assert "まで保存し、そのあと自動で消します。" in book_page
    page = client.get("/book/erase").content.decode()
    kept = page.index("事業者の記録に残り、ここからは取り消せないもの")
    unsent = page.index("まだ送っていないので、どこにも伝わらないもの")
    assert kept < page.index("昭水-2026-0042") < unsent
    assert Book.objects.exists()  # a look erases nothing


def test_one_press_erases_the_book_and_ends_every_session(client: Client) -> None:
    book = accepted_book(client)
    elsewhere = Client()
    elsewhere.cookies.load(client.cookies.output(header=""))
    response = client.post("/book/erase", follow=True)
    assert "れんらく帳を消しました。確認のメールをお送りします。" in response.content.decode()
    assert not Book.objects.filter(id=book.id).exists()
    for browser in (client, elsewhere):
        assert browser.get("/book/").status_code == 302
    assert client.post("/book/erase").status_code == 302  # a second press finds it done


def test_another_browser_that_has_it_open_is_closed_while_it_waits(client: Client) -> None:
    book = open_book_of(client)
    notice = latest_notice(book, START)
    keep_draft(notice, answers=answers_of(notice))
    enter_notice(notice)
    deliver_due_notices("test")
    other = Client()
    other.cookies.load(client.cookies.output(header=""))
    response = client.post("/book/erase", follow=True)
    assert "おそくとも3日後に消えます" in response.content.decode()
    assert Book.objects.filter(id=book.id).exists()
    assert other.get("/book/").status_code == 302
