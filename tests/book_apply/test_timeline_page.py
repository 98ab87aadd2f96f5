"""The to-do list: shown without registering, ticked off, taken as a calendar and as a table."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from tests import cast
from tests.book_apply.flow import Applicant, day, in_days, read, typed

pytestmark = pytest.mark.django_db

DAYS = day("leave_on", date(2026, 12, 18)) | day("arrive_on", date(2026, 12, 19))
FAMILY = {"municipality": "other_municipality", "household": ["dog", "car"]}


def set_clock(monkeypatch: pytest.MonkeyPatch, day_and_hour: str) -> None:
    now = datetime.fromisoformat(f"{day_and_hour}+09:00")
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture(autouse=True)
def first_of_december(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, "2026-12-01T10:00:00")


def listed(browser: Client, **answers: Any) -> str:
    sent = browser.post("/todo", DAYS | FAMILY | answers)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/todo")
    return read(browser.get("/todo"))


def test_the_list_is_there_without_an_application() -> None:
    browser = Client()
    assert "登録はいりません。" in read(browser.get("/todo"))
    page = listed(browser)
    assert "あと5件です。" in page
    assert "窓口・郵送: 12月4日(金)から12月18日(金)まで" in page
    assert "マイナポータル: 11月19日(木)から12月29日(火)まで" in page
    assert "12月28日(月)まで 転入届を出す" in page  # the counter is closed from the 29th
    assert "最後の日は窓口が休みです。12月28日(月)までに行ってください。" in page
    assert page.index("転出届を出す") < page.index("転入届を出す") < page.index("犬の登録を変える")


def test_nothing_of_the_household_is_in_an_address_or_a_row_in_clear() -> None:
    browser = Client()
    listed(browser)
    assert browser.get("/todo").request["QUERY_STRING"] == ""
    assert "dog" not in str(browser.session.items())


def test_a_task_that_is_done_stays_done_and_can_be_taken_back() -> None:
    browser = Client()
    listed(browser)
    for _press in range(2):
        browser.post("/todo/done", {"task": "post", "done": "yes"})
        assert "あと4件です。" in read(browser.get("/todo"))
    listed(browser, household=[])  # other answers leave it as it is
    assert "あと2件です。" in read(browser.get("/todo"))
    browser.post("/todo/done", {"task": "post", "done": "no"})
    assert "あと3件です。" in read(browser.get("/todo"))
    browser.post("/todo/done", {"task": "no-such-task", "done": "yes"})
    assert "あと3件です。" in read(browser.get("/todo"))


def test_another_browser_sees_nothing_of_it() -> None:
    listed(Client())
    stranger = Client()
    assert "あと" not in read(stranger.get("/todo"))
    assert stranger.get("/todo.ics").headers["Location"] == "/todo"
    assert stranger.get("/todo.csv").headers["Location"] == "/todo"


def test_wrong_answers_are_told_at_their_fields_and_stay_there() -> None:
    browser = Client()
    browser.post("/todo", day("leave_on", date(2026, 12, 18)) | {"arrive_on_1": "13", "arrive_on_2": "1"})
    page = browser.get("/todo")
    assert page.status_code == 422
    assert "13月はありません。月は1から12までです。" in read(page)
    assert "1つお選びください。" in read(page)
    assert 'value="18"' in page.content.decode()


def test_a_late_task_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, "2027-01-03T10:00:00")
    page = listed(Client())
    assert "期限を過ぎました 転入届を出す すぐに窓口に相談してください。" in page


def test_the_calendar_has_an_event_a_task_and_leaves_out_what_is_done() -> None:
    browser = Client()
    listed(browser)
    browser.post("/todo/done", {"task": "post", "done": "yes"})
    answer = browser.get("/todo.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    days = {str(event["summary"]): event.decoded("dtstart") for event in events}
    assert days == {
        "転出届を出す": date(2026, 12, 18),
        "転入届を出す": date(2026, 12, 28),
        "自動車の変更登録をする": date(2026, 12, 28),
        "犬の登録を変える": date(2027, 1, 18),
    }
    (only,) = Calendar.from_ical(browser.get("/todo.ics?task=dog").content).walk("VEVENT")
    assert str(only["uid"]) in {str(event["uid"]) for event in events}


def test_the_table_has_a_row_a_task() -> None:
    browser = Client()
    listed(browser)
    rows = browser.get("/todo.csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + 5
    assert rows[1].startswith('"2026年12月18日(金)","転出届を出す"')


def test_the_application_is_not_asked_twice_and_does_not_ask_twice(directory: str) -> None:
    browser = Client()
    listed(browser)
    applicant = Applicant(browser)
    applicant.to_items(["electricity:move:tepco-ep"])
    items = browser.get("/apply/items").content.decode()
    assert 'name="move.leave_on_2" id="id_move.leave_on_2" value="18"' in items
    page = browser.get("/todo").content.decode()
    assert 'name="municipality"' not in page  # both addresses are known now


def test_the_days_of_the_application_go_before_older_answers(applicant: Applicant) -> None:
    listed(applicant.client)
    applicant.to_check(cast.ALL, leave=in_days(20), arrive=in_days(21))
    page = applicant.client.get("/todo")
    assert 'name="leave_on_1"' not in page.content.decode()
    assert "12月21日(月)まで" in read(page)


def test_a_book_keeps_its_ticks(applicant: Applicant) -> None:
    applicant.to_check()
    applicant.client.post("/apply/check")
    applicant.client.post("/todo", {"household": ["licence"]})
    applicant.client.post("/todo/done", {"task": "licence", "done": "yes"})
    applicant.client.post("/apply/items", typed(contact__phone="03-1111-2222"))
    assert "済み 運転免許の住所を変える" in read(applicant.client.get("/todo"))


def test_in_english_it_is_english() -> None:
    browser = Client(headers={"accept-language": "en"})
    page = listed(browser)
    assert "File the moving-out notification" in page
    assert "転出届を出す" not in page
