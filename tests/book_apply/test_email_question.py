"""A mistyped mail address is asked about before anything is sent."""

from typing import Any

import pytest
from django.test import Client

from renrakucho.mover.book import entries_of
from renrakucho.mover.models import Book
from tests import cast
from tests.book.opened import page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

ITEMS = "/apply/items"


@pytest.fixture
def book(client: Client) -> Book:
    book = cast.draft()
    session = client.session
    session["draft"] = str(book.id)
    session.save()
    return book


def send(client: Client, email: str, **more: str) -> Any:
    return client.post(ITEMS, {**cast.items(contact__email=email), **more}, follow=True)


def stored(book: Book) -> str:
    book.refresh_from_db()
    return entries_of(book).items["contact.email"]


@pytest.mark.parametrize(
    "typed", ["taro@gmial.com", "taro@gmail.con", "taro@docomo.ne.jo", "taro@gmail,com", "taro@gmailcom"]
)
def test_one_press_takes_the_likely_address(client: Client, book: Book, typed: str) -> None:
    page = send(client, typed)
    meant = typed.partition("@")[0] + ("@docomo.ne.jp" if "docomo" in typed else "@gmail.com")
    assert page.status_code == 422
    assert f'name="take.contact.email" value="{meant}"' in page.content.decode()
    assert stored(book) == cast.EMAIL
    assert send(client, typed, **{"take.contact.email": meant}).request["PATH_INFO"] == "/apply/check"
    assert stored(book) == meant


def test_the_mover_can_insist_and_is_not_asked_again(client: Client, book: Book) -> None:
    page = send(client, "taro@gmial.com").content.decode()
    assert 'name="sure.contact.email"' in page
    assert send(client, "taro@gmial.com", **{"sure.contact.email": "taro@gmial.com"}).status_code == 200
    assert stored(book) == "taro@gmial.com"
    assert client.get("/apply/check").status_code == 200
    client.post("/apply/check")
    assert Book.objects.get(id=book.id).registered_at


def test_a_tick_holds_for_the_address_that_it_was_set_for(client: Client, book: Book) -> None:
    assert send(client, "taro@gmail.con", **{"sure.contact.email": "taro@gmial.com"}).status_code == 422


def test_an_address_that_cannot_be_one_is_not_insisted_on(client: Client, book: Book) -> None:
    page = send(client, "taro@gmail,com").content.decode()
    assert 'name="sure.contact.email"' not in page
    assert send(client, "taro@gmail,com", **{"sure.contact.email": "taro@gmail,com"}).status_code == 422


def test_enter_in_a_field_does_not_take_the_suggestion(client: Client, book: Book) -> None:
    """A browser presses the first button of the form."""
    form = send(client, "taro@gmial.com").content.decode().partition('id="typed"')[2]
    first = form[form.index("<button") :].partition(">")[0]
    assert "name=" not in first


def test_a_right_address_is_not_asked_about(client: Client, book: Book) -> None:
    page = send(client, "taro@example.jp")
    assert page.request["PATH_INFO"] == "/apply/check"
    assert "にする" not in page_text(client.get(ITEMS))
