"""The book's notices on the to-do list, and the calendar subscription: made, read without a login, ended."""

from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from icalendar import Calendar

from renrakucho.mover.book import entries_of, save_entries
from renrakucho.mover.calendar_feed import NoSuchFeed, begin_feed, feed_code, feed_of_code
from renrakucho.mover.models import Book, CalendarFeed
from renrakucho.receipt.mover_actions import hand_over_notice, withdraw_notice
from tests.book.opened import open_book_of, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

WATER_STOP, NHK = "water:stop:tokyo-waterworks", "broadcasting:change:nhk"


@pytest.fixture
def book(client: Client) -> Book:
    return open_book_of(client, [WATER_STOP, NHK])


def feed_path(client: Client) -> str:
    """Make the subscription; the path of its address."""
    client.post("/todo/calendar", {"feed": "begin"})
    page = client.get("/todo").content.decode()
    return "/" + page.partition('<code class="feed-address">')[2].partition("</code>")[0].split("/", 3)[3]


def titles(content: bytes) -> list[str]:
    return [str(event["summary"]) for event in Calendar.from_ical(content).walk("VEVENT")]


def test_the_list_has_the_notices_of_the_book_among_the_tasks(client: Client, book: Book) -> None:
    page = page_text(client.get("/todo"))
    assert "東京都水道局に連絡する（水道 停止）" in page
    assert "NHKに連絡する（放送(NHK) 住所変更）" in page
    assert page.index("東京都水道局に連絡する") < page.index("転入届を出す")
    assert "この一覧には入っていません" not in page
    for name in ("todo.csv", "todo.ics"):
        assert "東京都水道局に連絡する" in client.get(f"/{name}").content.decode().replace("\r\n ", "")


def test_a_notice_that_is_told_is_no_task_and_says_where_it_stands(client: Client, book: Book) -> None:
    notice = book.notices.get(offer=NHK)
    assert "NHKに連絡する" in "".join(titles(client.get("/todo.ics").content))
    hand_over_notice(notice)
    client.post(f"/book/notices/{notice.id}/own-word", {"number": "12345"})
    assert "NHKに連絡する" not in "".join(titles(client.get("/todo.ics").content))
    withdraw_notice(book.notices.get(offer=WATER_STOP))
    assert "東京都水道局に連絡する" not in page_text(client.get("/todo"))


def test_a_feed_is_read_without_a_login_until_it_is_ended(client: Client, book: Book) -> None:
    path = feed_path(client)
    client.post("/todo/calendar", {"feed": "begin"})  # pressed again: the same address
    assert path in client.get("/todo").content.decode()
    answer = Client().get(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "NHKに連絡する（放送(NHK) 住所変更）" in titles(answer.content)
    personal = (entries_of(book).items[fact] for fact in ("person.family_name", "contact.email", "contact.phone"))
    text = answer.content.decode().replace("\r\n ", "")
    assert not [word for word in (*personal, "二番町", "昭和町") if word in text]
    client.post("/todo/calendar", {"feed": "end"})
    assert Client().get(path).status_code == 404
    client.post("/todo/calendar", {"feed": "begin"})
    assert feed_path(client) != path  # the old address stays ended
    assert Client().get(path).status_code == 404


def test_a_feed_follows_the_book(client: Client, book: Book) -> None:
    path = feed_path(client)
    assert "転出届を出す" in titles(Client().get(path).content)
    client.post("/todo/done", {"task": "move-out", "done": "yes"})
    assert "転出届を出す" not in titles(Client().get(path).content)
    entries = entries_of(book)
    days = {"move.leave_on": "2030-03-08", "move.arrive_on": "2030-03-09"}
    save_entries(book, replace(entries, items={**entries.items, **days}))
    events = Calendar.from_ical(Client().get(path).content).walk("VEVENT")
    assert max(event.decoded("dtstart") for event in events) > date(2030, 3, 1)


def test_a_feed_speaks_the_language_of_the_page_it_was_made_on(client: Client, book: Book) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    path = feed_path(client)
    assert "File the moving-out notification (転出届)" in titles(
        Client(headers={"accept-language": "ja"}).get(path).content
    )


@pytest.mark.parametrize("ending", ["0", "", "x"])
def test_another_mark_opens_nothing(book: Book, ending: str) -> None:
    feed = begin_feed(book, "ja")
    assert feed
    code = feed_code(feed)
    assert feed_of_code(code).book == book
    wrong = code[:-1] + (ending if code[-1] != ending else "1")
    for other in (wrong, feed.id.hex, "", "é" * 64):
        with pytest.raises(NoSuchFeed):
            feed_of_code(other)


def test_a_book_that_is_kept_from_others_has_no_feed(client: Client, book: Book) -> None:
    path = feed_path(client)
    save_entries(book, replace(entries_of(book), confidential=True))
    assert Client().get(path).status_code == 404
    assert "カレンダーに自動で取り込む" not in page_text(client.get("/todo"))
    CalendarFeed.objects.all().delete()
    client.post("/todo/calendar", {"feed": "begin"})
    assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize("column", ["disavowed_at", "erasure_requested_at"])
def test_a_closed_book_has_no_feed(client: Client, book: Book, column: str) -> None:
    path = feed_path(client)
    Book.objects.filter(id=book.id).update(**{column: "2026-11-28T00:00:00+00:00"})
    assert Client().get(path).status_code == 404
