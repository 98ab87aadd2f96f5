"""Openings of a book: its mover sees them, closes all others, and nobody at an opened book takes it away."""

from typing import Any

import pytest
from django.test import Client

from renrakucho.faces.book import book_session
from renrakucho.mover.book import contact_email, open_with_access_key
from renrakucho.mover.book_openings import DeviceKind, device_kind, openings_of, record_opening
from renrakucho.mover.models import Book, BookOpening
from tests import cast
from tests.book.opened import open_book_of
from tests.book_apply.flow import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
WATER = "water:start:akishima-water"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/143.0.0.0 Mobile Safari/537.36"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/143.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (ANDROID, DeviceKind.ANDROID_PHONE),
        (WINDOWS, DeviceKind.WINDOWS),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)", DeviceKind.IPHONE),
        ("Mozilla/5.0 (Linux; Android 15; SM-X510) Chrome/143.0 Safari/537.36", DeviceKind.ANDROID_TABLET),
        ("Mozilla/5.0 (X11; CrOS x86_64 16093) Chrome/143.0", DeviceKind.CHROMEBOOK),
        ("", DeviceKind.OTHER),
    ],
)
def test_a_device_is_known_by_its_kind_alone(said: str, kind: DeviceKind) -> None:
    assert device_kind(said) == kind


def two_browsers() -> tuple[Book, Client, Client]:
    """One book, opened on a phone and then on a computer."""
    book = cast.draft([WATER])
    login = {"email": cast.EMAIL, "access_key": cast.access_key_of(book)}
    phone, computer = Client(headers={"User-Agent": ANDROID}), Client(headers={"User-Agent": WINDOWS})
    for browser in (phone, computer):
        assert browser.post("/book/login", login).status_code == 302
    return book, phone, computer


def test_each_opening_is_listed_and_this_one_is_marked() -> None:
    book, _phone, computer = two_browsers()
    page = computer.get("/book/openings").text
    lines = [line for line in page.split("<li>") if "<time" in line]
    assert len(lines) == 2
    assert ["Windowsのパソコン" in lines[0], "いまお使いの端末" in lines[0]] == [True, True]
    assert ["Androidのスマートフォン" in lines[1], "いまお使いの端末" in lines[1]] == [True, False]
    assert "Pixel" not in str(list(BookOpening.objects.filter(book=book).values()))


def test_a_browser_that_opens_the_book_again_is_one_opening_until_it_was_closed() -> None:
    book, phone, computer = two_browsers()
    book.refresh_from_db()
    login = {"email": cast.EMAIL, "access_key": cast.access_key_of(book)}
    phone.post("/book/login", login)
    assert BookOpening.objects.filter(book=book).count() == 2
    computer.post("/book/openings")
    phone.post("/book/login", login)
    assert BookOpening.objects.filter(book=book).count() == 3
    assert "いまお使いの端末" in phone.get("/book/openings").text


def test_one_press_closes_all_others() -> None:
    book, phone, computer = two_browsers()
    page = computer.post("/book/openings", follow=True)
    assert "すべて閉じました" in page.text
    assert phone.get("/book/")["Location"].startswith("/book/login")
    assert computer.get("/book/").status_code == 200
    assert [each.closed_at is None for each in book.openings.order_by("opened_at")] == [False, True]


def test_without_the_counter_in_the_mark_the_other_browser_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: a session's mark knows the access key alone."""
    _book, phone, computer = two_browsers()
    monkeypatch.setattr(book_session, "key_mark", lambda book: (book.access_key_hash or "")[:16])
    computer.post("/book/openings")
    assert phone.get("/book/").status_code == 200


def test_closing_is_kept(client: Client) -> None:
    book = open_book_of(client, [WATER])
    client.post("/book/logout")
    assert book.openings.get().closed_at


def change_mail(client: Client, **more: str) -> Any:
    return client.post("/apply/items", typed(contact__email="thief@example.jp") | more, follow=True)


def test_the_mail_address_changes_with_the_access_key_alone(client: Client) -> None:
    book = cast.draft([WATER])
    key = cast.access_key_of(book)
    client.post("/book/login", {"email": cast.EMAIL, "access_key": key})
    for wrong in ({}, {"access_key": ""}, {"access_key": "2" * 24}):
        page = change_mail(client, **wrong)
        assert page.status_code == 422
        assert "アクセスキー" in page.text
        assert "thief@example.jp" in page.text  # nothing typed is lost
        assert open_with_access_key(cast.EMAIL, key)
    change_mail(client, access_key=key)
    assert open_with_access_key("thief@example.jp", key)


def test_without_the_question_whoever_sits_down_takes_the_book(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: every change is taken."""
    book = cast.draft([WATER])
    key = cast.access_key_of(book)
    client.post("/book/login", {"email": cast.EMAIL, "access_key": key})
    monkeypatch.setattr("renrakucho.faces.book.apply.items_page.email_change_form", lambda *_given: None)
    change_mail(client)
    assert open_with_access_key("thief@example.jp", key)


def test_ten_wrong_keys_of_a_book_are_enough(client: Client) -> None:
    key = "2" * 24
    open_book_of(client, [WATER])
    for _time in range(10):
        change_mail(client, access_key=key)
    assert "止めています" in change_mail(client, access_key=key).text


def test_an_address_that_was_never_proved_is_put_right_without_a_key(client: Client) -> None:
    book = open_book_of(client, [WATER])
    Book.objects.filter(id=book.id).update(mailbox_proved_at=None)
    assert change_mail(client).status_code == 200
    book.refresh_from_db()
    assert contact_email(book) == "thief@example.jp"


def test_the_fifty_newest_openings_are_kept() -> None:
    book = cast.draft([WATER])
    made = [record_opening(book, ANDROID, None) for _each in range(52)]
    assert [each.id for each in openings_of(book)] == [each.id for each in reversed(made[2:])]
