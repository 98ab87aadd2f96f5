"""Login and logout of a book."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from renrakucho.faces.book import book_session, open_book
from tests import cast
from tests.book.opened import latest_notice, open_book_of, own_items, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_the_book_opens_and_closes(client: Client) -> None:
    open_book_of(client)
    assert client.get("/book/").status_code == 200
    client.post("/book/logout")
    response = client.get("/book/")
    assert response["Location"] == "/book/login?next=/book/"


@pytest.mark.parametrize(
    ("email", "key"), [(cast.EMAIL, "A" * 24), ("no@example.jp", None), ("", None), (cast.EMAIL, "")]
)
def test_every_wrong_pair_gets_the_same_answer_and_the_address_is_kept(
    client: Client, email: str, key: str | None
) -> None:
    access_key = cast.access_key_of(cast.draft())
    typed = {"email": email, "access_key": access_key if key is None else key}
    response = client.post("/book/login", typed, follow=True)
    assert response.status_code == 422
    assert "エラー" in page_text(response)
    assert email in response.content.decode()
    assert client.get("/book/").status_code == 302


def test_the_eleventh_wrong_key_is_refused_for_a_while(client: Client) -> None:
    for _try in range(10):
        client.post("/book/login", {"email": cast.EMAIL, "access_key": "A" * 24})
    access_key = cast.access_key_of(cast.draft())
    assert client.post("/book/login", {"email": cast.EMAIL, "access_key": access_key}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post("/book/login", {"email": cast.EMAIL, "access_key": access_key}).status_code == 302


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/desk/", "/book/../desk/"])
def test_the_login_redirects_only_below_the_book(client: Client, wanted: str) -> None:
    access_key = cast.access_key_of(cast.draft())
    response = client.post("/book/login", {"email": cast.EMAIL, "access_key": access_key, "next": wanted})
    assert response["Location"].startswith("/book/")
    assert ".." not in response["Location"]


def test_form_input_is_kept_when_the_session_has_expired(client: Client) -> None:
    book = cast.draft()
    access_key = cast.access_key_of(book)
    notice = latest_notice(book, "water:start:akishima-water")
    address = f"/book/notices/{notice.id}/answers"
    typed = {**own_items(notice), "notes": "裏口からお願いします"}
    response = client.post(address, typed)
    assert response["Location"] == f"/book/login?next={address}"
    kept = [str(row.get_decoded()) for row in Session.objects.all()]
    assert kept
    assert not any("裏口" in each for each in kept)
    assert "取ってあります" in page_text(client.get(response["Location"]))
    client.post("/book/login", {"email": cast.EMAIL, "access_key": access_key, "next": address})
    page = client.get(address)
    assert "裏口からお願いします" in page_text(page)
    assert "まだ送っていません" in page_text(page)


def test_saved_input_is_not_shown_in_another_book(client: Client) -> None:
    book = cast.draft()
    cast.access_key_of(book)
    notice = latest_notice(book, "water:start:akishima-water")
    client.post(f"/book/notices/{notice.id}/answers", {"notes": "裏口からお願いします"})
    open_book_of(client)
    assert client.get(f"/book/notices/{notice.id}/answers").status_code == 404


def test_pages_of_the_book_are_not_cached(client: Client) -> None:
    open_book_of(client)
    assert client.get("/book/")["Cache-Control"] == "no-store"


def test_right_keys_lock_nobody_out(client: Client) -> None:
    """A town hall helps its people, one after the other, at one computer or behind one address."""
    pairs = [
        (f"mover-{each}@example.jp", cast.access_key_of(cast.draft(contact__email=f"mover-{each}@example.jp")))
        for each in range(2)
    ]
    for _round in range(60):
        for email, key in pairs:
            assert client.post("/book/login", {"email": email, "access_key": key}).status_code == 302


def test_one_persons_mistakes_do_not_lock_out_the_next_at_the_same_address(client: Client) -> None:
    access_key = cast.access_key_of(cast.draft())
    for _try in range(11):
        last = client.post("/book/login", {"email": "Hanako@example.jp", "access_key": "A" * 24})
    assert last.status_code == 429
    assert client.post("/book/login", {"email": "ｈanako@example.jp", "access_key": "A" * 24}).status_code == 429
    assert client.post("/book/login", {"email": cast.EMAIL, "access_key": access_key}).status_code == 302


def test_guesses_from_one_address_are_limited_whatever_mail_address_they_name(client: Client) -> None:
    access_key = cast.access_key_of(cast.draft())
    for each in range(100):
        guess = client.post("/book/login", {"email": f"a{each}@example.jp", "access_key": "A" * 24})
        assert guess.status_code == 303
    assert client.post("/book/login", {"email": cast.EMAIL, "access_key": access_key}).status_code == 429


def test_the_limits_of_the_login() -> None:
    assert (open_book.WRONG_KEYS.limit, open_book.WRONG_KEYS.seconds) == (10, 15 * 60)
    assert (open_book.WRONG_KEYS_FROM.limit, open_book.WRONG_KEYS_FROM.seconds) == (100, 15 * 60)


def test_an_opened_book_closes_after_half_an_hour_without_a_request(client: Client) -> None:
    open_book_of(client)
    assert client.session.get_expiry_age() == 30 * 60


def test_the_idle_timeout_is_restarted_once_a_minute(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    open_book_of(client)
    noted = []
    for seconds in (1000, 1059, 1060):
        monkeypatch.setattr(book_session, "time", lambda: seconds)  # noqa: B023 - called in this turn of the loop
        client.get("/book/")
        noted.append(client.session["seen"])
    assert noted == [1000, 1000, 1060]
