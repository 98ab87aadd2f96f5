"""Idle timeout of an opened book: said beforehand, and its mover can go on; a draft lives as long as is said."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.mover.book import draft_by_id
from tests.book.opened import latest_notice, open_book_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

WATER, SECONDS = "water:start:akishima-water", 30 * 60 - 60  # a page may be a minute old


def test_every_page_of_an_opened_book_says_when_it_closes_and_can_ask(client: Client) -> None:
    book = open_book_of(client, [WATER])
    notice = latest_notice(book, WATER).id
    for page in (
        "/book/",
        f"/book/notices/{notice}/",
        f"/book/notices/{notice}/answers",
        "/apply/items",
        "/apply/check",
    ):
        html = client.get(page).text
        assert "30分のあいだ操作がないと" in html
        assert f'data-seconds="{SECONDS}"' in html
        assert 'action="/book/stay-open"' in html


def test_going_on_restarts_the_timeout(client: Client) -> None:
    open_book_of(client, [WATER])
    assert client.post("/book/stay-open").status_code == 204
    assert client.session.get_expiry_age() == 1800
    client.session.flush()
    client.cookies.clear()
    assert client.post("/book/stay-open").status_code == 410


def test_a_page_of_the_application_restarts_the_timeout_of_an_opened_book(client: Client) -> None:
    open_book_of(client, [WATER])
    session = client.session
    session["seen"] = 0
    session.save()
    client.get("/apply/items")
    assert client.session["seen"] > 0


def test_nothing_is_asked_where_no_book_is_open(client: Client) -> None:
    client.post("/apply/", {"wishes": ["bank"]})
    assert "stay-open" not in client.get("/apply/addresses").text


@pytest.mark.parametrize("kept", [True, False])
def test_a_draft_is_found_as_long_as_is_said(client: Client, kept: bool) -> None:
    client.post("/apply/", {"wishes": ["bank"], **({"keep_on_device": "on"} if kept else {})})
    until = draft_by_id(client.session["draft"]).created_at + timedelta(days=7)
    seconds = client.session.get_expiry_age()
    page = client.get("/").text
    if kept:
        assert abs(seconds - (until - timezone.now()).total_seconds()) < 60
        assert f"{timezone.localtime(until).day}日" in page
        assert 'value="on" checked' in client.get("/apply/").text
    else:
        assert seconds == 24 * 60 * 60
        assert "ブラウザを閉じるまで" in page
    client.post("/apply/", {"wishes": ["bank"]})
    assert client.session.get_expiry_age() == 24 * 60 * 60


def test_an_erased_draft_leaves_no_long_session(client: Client) -> None:
    client.post("/apply/", {"wishes": ["bank"], "keep_on_device": "on"})
    client.post("/apply/erase")
    assert client.session.get_expiry_age() == 24 * 60 * 60
