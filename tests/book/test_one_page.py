"""A notice to a desk is asked for, shown and confirmed on one page: only what that page showed is sent."""

import pytest
from django.test import Client

from renrakucho.mover.book import save_entries
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.receipt.models import Receipt, ReceiptKind
from tests import cast
from tests.book.opened import confirmation_fields, latest_notice, open_book_of, own_items, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

WATER = "water:start:akishima-water"


@pytest.fixture
def book(client: Client) -> Book:
    return open_book_of(client, [WATER])


def answers_page(book: Book) -> str:
    return f"/book/notices/{latest_notice(book, WATER).id}/answers"


def test_the_page_shows_all_that_is_told_and_one_press_sends_it(client: Client, book: Book) -> None:
    address, notice = answers_page(book), latest_notice(book, WATER)
    page = page_text(client.get(address))
    assert "確認して送る" in page
    sent = own_items(notice) | {"notes": "門の左です"}
    response = client.post(address, {**sent, **confirmation_fields(client, address)})
    assert response["Location"] == f"/book/notices/{notice.id}/"
    told = frozen_form(Notice.objects.get(id=notice.id))
    for line in told.rows():
        assert line.shown in page or line.own
    assert "門の左です" in [line.shown for line in told.rows()]
    assert latest_notice(book, WATER).status == Status.ENTERED


def test_a_second_press_sends_nothing_more(client: Client, book: Book) -> None:
    address, notice = answers_page(book), latest_notice(book, WATER)
    posted = {**own_items(notice), **confirmation_fields(client, address)}
    locations = {client.post(address, posted)["Location"] for _press in range(2)}
    assert len(locations) == 1
    assert book.notices.count() == 1
    assert Receipt.objects.filter(kind=ReceiptKind.ENTERED).count() == 1


def test_what_was_changed_elsewhere_is_shown_before_it_is_sent(client: Client, book: Book) -> None:
    address, notice = answers_page(book), latest_notice(book, WATER)
    seen = confirmation_fields(client, address)
    save_entries(book, cast.entries([WATER], person__given_name="次郎"))
    response = client.post(address, {**own_items(notice), **seen}, follow=True)
    assert "まだ送っていません" in page_text(response)
    assert "次郎" in page_text(response)
    assert latest_notice(book, WATER).status == Status.NOT_ENTERED


def test_an_answer_that_is_written_otherwise_is_shown_before_it_is_sent(client: Client, book: Book) -> None:
    notice = latest_notice(book, WATER)
    notice.provider, notice.procedure = "yokosuka-water", "stop"  # its form wants the customer's number
    notice.save()
    address = answers_page(book)
    posted = {**own_items(notice), **confirmation_fields(client, address)}
    shown = client.post(address, {**posted, "customer_number": "１２３４５６７８９０"})["Location"]
    assert shown == f"/book/notices/{notice.id}/check"
    assert "1234567890" in page_text(client.get(shown))
    assert latest_notice(book, WATER).status == Status.NOT_ENTERED
    assert client.post(address, posted)["Location"] == f"/book/notices/{notice.id}/"
    assert latest_notice(book, WATER).status == Status.ENTERED


def test_a_missing_answer_sends_nothing_and_keeps_the_rest(client: Client, book: Book) -> None:
    address = answers_page(book)
    posted = {"notes": "門の左です", **confirmation_fields(client, address)}
    page = client.post(address, posted, follow=True)
    assert "門の左です" in page.content.decode()
    assert "お選びください" in page_text(page)
    assert latest_notice(book, WATER).status == Status.NOT_ENTERED


def test_a_change_is_sent_from_the_same_page(client: Client, book: Book) -> None:
    address, notice = answers_page(book), latest_notice(book, WATER)
    client.post(address, {**own_items(notice), **confirmation_fields(client, address)})
    assert "変更を送る" in page_text(client.get(address))
    changed = {**own_items(notice), "notes": "門の右です", **confirmation_fields(client, address)}
    client.post(address, changed)
    assert latest_notice(book, WATER).id != notice.id
    assert "門の右です" in [line.shown for line in frozen_form(latest_notice(book, WATER)).rows()]
