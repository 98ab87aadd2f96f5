"""Sessions of a book: two movers at one browser, session keys that end at once, and what a leaked table opens."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from renrakucho.faces.book.saved_forms import open_from_session
from renrakucho.mover.book import contact_email, key_mark
from renrakucho.mover.models import Book
from tests import cast
from tests.book.opened import key_of, latest_notice, mailed_code, open_book_of, own_items

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

WATER = "water:start:akishima-water"
PAGES = (
    "/",
    "/book/",
    "/book/registered",
    "/book/new-key",
    "/apply/",
    "/apply/addresses",
    "/apply/items",
    "/apply/check",
)
B_MAIL = "hanako@example.jp"
A_WORDS = ("勅使河原", "ichiro@example.jp", "裏口", "1000001", "100-0001", "千鳥ヶ淵")


def opens_a_book(key: str) -> bool:
    """Whether a browser with this cookie sees a book or a draft."""
    browser = Client()
    browser.cookies["sessionid"] = key
    return browser.get("/book/").status_code == 200 or "入力の途中です" in browser.get("/").text


def book_of_b() -> dict[str, str]:
    """What B types to log in."""
    return {"email": B_MAIL, "access_key": cast.access_key_of(cast.draft([WATER], contact__email=B_MAIL))}


def pages_of(client: Client) -> str:
    """Everything that this browser is shown, one page after the other."""
    return "".join(client.get(page, follow=True).text for page in PAGES)


def register_as_a(client: Client) -> str:
    """A registers in this browser and does not close. Returns A's access key as the page shows it."""
    book = cast.draft([WATER], person__family_name="勅使河原", contact__email="ichiro@example.jp")
    session = client.session
    session["draft"] = str(book.id)
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    client.post("/apply/check")
    client.post("/book/mailbox", {"mailbox_code": mailed_code()})
    page = client.get("/book/registered").text
    assert "ichiro@example.jp" in page
    return page.partition('class="access-key number">')[2].partition("<")[0]


def test_no_stored_value_used_as_a_cookie_opens_a_book_or_a_draft() -> None:
    browsers = [Client() for _each in range(6)]
    for each in browsers[:3]:
        open_book_of(each)
    for each in browsers[3:]:
        each.post("/apply/", {"wishes": ["bank"]})
    stored = list(Session.objects.values_list("session_key", flat=True))
    assert len(stored) == 6
    assert [value for value in stored if opens_a_book(value)] == []
    assert all(opens_a_book(each.cookies["sessionid"].value) for each in browsers)  # the attack, with the real cookies


def test_a_book_is_opened_under_a_new_key_and_the_old_one_is_dead(client: Client) -> None:
    client.post("/apply/", {"wishes": ["bank"]})
    planted = client.cookies["sessionid"].value
    open_book_of(client)
    assert client.cookies["sessionid"].value != planted
    assert not opens_a_book(planted)


def test_after_closing_the_key_opens_nothing(client: Client) -> None:
    open_book_of(client)
    key = client.cookies["sessionid"].value
    assert opens_a_book(key)
    client.post("/book/logout")
    assert not opens_a_book(key)


def test_after_closing_no_session_is_left(client: Client) -> None:
    open_book_of(client)
    client.post("/book/logout")
    assert not Session.objects.exists()


def test_nothing_of_a_registered_book_is_shown_to_who_logs_in_next(client: Client) -> None:
    key = register_as_a(client)
    client.post("/apply/items", {"person.family_name": "勅使河原"})
    client.post("/book/login", book_of_b())
    shown = pages_of(client)
    assert B_MAIL in shown
    assert [word for word in (*A_WORDS, key) if word in shown] == []


def test_nothing_of_a_draft_is_shown_to_who_logs_in_next(client: Client) -> None:
    client.post("/leave?page=/", {"origin": "100-0001", "destination": "千鳥ヶ淵"})  # typed and not sent
    client.post("/apply/", {"wishes": ["bank", "water:arriving"]})
    client.post("/leave?page=/apply/addresses", {"origin-town": "千鳥ヶ淵"})
    client.post("/book/login", book_of_b())
    shown = pages_of(client)
    client.post("/book/logout")
    assert [word for word in A_WORDS if word in shown + pages_of(client)] == []


def test_what_is_typed_into_a_page_of_a_book_that_had_closed_is_not_given_to_the_next_book(client: Client) -> None:
    book = cast.draft([WATER])
    cast.access_key_of(book)
    notice = latest_notice(book, WATER)
    address = f"/book/notices/{notice.id}/answers"
    client.post(address, {**own_items(notice), "notes": "裏口からお願いします"})
    response = client.post("/book/login", book_of_b())
    assert response["Location"] == "/book/"
    assert "裏口" not in pages_of(client)


def test_with_the_whole_session_taken_along_the_next_book_shows_the_foreign_key(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: as sessions were until now."""
    key = register_as_a(client)

    def keep_everything(request: Any, book: Book) -> None:
        request.session.cycle_key()
        request.session.update({"book": str(book.id), "key_mark": key_mark(book)})

    def any_key(request: Any, _book: Book) -> str:
        return str(open_from_session(request.session.get("access_key")).get("key", ""))

    monkeypatch.setattr("renrakucho.faces.book.open_book.open_book_session", keep_everything)
    monkeypatch.setattr("renrakucho.faces.book.notices.book_page.access_key_once", any_key)
    client.post("/book/login", book_of_b())
    assert key in pages_of(client)


def test_a_draft_that_is_begun_after_a_book_has_nothing_of_the_book(client: Client) -> None:
    key = register_as_a(client)
    Book.objects.update(access_key_hash="replaced")  # its session is over, and its values still lie in the browser's
    client.post("/apply/", {"wishes": ["bank"]})
    assert [word for word in (*A_WORDS, key) if word in pages_of(client)] == []
    assert "book" not in client.session


def test_no_message_in_a_session_has_a_mail_address(client: Client) -> None:
    book = open_book_of(client)
    page = client.get("/apply/items")
    assert page.status_code == 200
    from_entries = {
        name: text for name, text in cast.items(contact__email="new@example.jp").items() if "move" not in name
    }
    days = {
        f"move.{name}_{part}": str(value)
        for name in ("leave_on", "arrive_on")
        for part, value in enumerate(cast.items()[f"move.{name}"].split("-"))
    }
    client.post("/apply/items", from_entries | days | {"in_book": "1"} | key_of(book))
    assert contact_email(Book.objects.get()) == "new@example.jp"
    assert not any("example.jp" in str(row.get_decoded()) for row in Session.objects.all())


@pytest.mark.parametrize("kept", [True, False])
def test_a_cookie_outlives_the_browser_only_where_it_was_asked_for(client: Client, kept: bool) -> None:
    client.post("/apply/", {"wishes": ["bank"], **({"keep_on_device": "on"} if kept else {})})
    client.get("/?language=en")
    lasting = {name for name, cookie in client.cookies.items() if cookie["max-age"] or cookie["expires"]}
    assert lasting == ({"sessionid"} if kept else set())
    open_book_of(client)
    assert not client.cookies["sessionid"]["max-age"]
