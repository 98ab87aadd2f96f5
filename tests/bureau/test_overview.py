"""The overview says what stands still, from real figures, and opens no book."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery.models import Attempt, DeliveryLane
from renrakucho.faces.bureau import overview_page
from renrakucho.faces.bureau.day_chart import HEIGHT, bar_height, draw_day_chart
from renrakucho.faces.bureau.outcome_texts import outcome_text, waiting_time
from renrakucho.monitoring.models import WorkerHeartbeat
from renrakucho.monitoring.worker_heartbeat import record_heartbeat
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_form
from renrakucho.notice.operator_acts import pause_lanes
from tests.bureau.cast import operator, watcher
from tests.delivery.cast import entered
from tests.desk.cast import PASSWORD, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
PERSONAL = ("髙﨑", "太郎", "タカサキ", "taro@example.jp", "3515", "昭和町", "二番町")


class BookOpened(Exception):
    """A page of the bureau asked for a book's key."""


def keep_books_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_more: object) -> bytes:
        raise BookOpened

    monkeypatch.setattr("renrakucho.mover.book._key", refuse)


def due_for(**age: float) -> Notice:
    notice = entered()
    Notice.objects.filter(id=notice.id).update(due_at=timezone.now() - timedelta(**age))
    return notice


def shown(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))


def test_with_no_worker_the_overview_says_so_and_with_one_again_it_ends() -> None:
    browser = watcher()
    assert "動いているワーカーがありません（最後の合図: –）" in browser.get("/bureau/").content.decode()
    record_heartbeat("web-1:1", timezone.now(), {})
    assert "ワーカーが 1 つ動いています" in browser.get("/bureau/").content.decode()
    WorkerHeartbeat.objects.update(beat_at=timezone.now() - timedelta(seconds=61))
    page = browser.get("/bureau/").content.decode()
    assert "動いているワーカーがありません" in page
    assert "止まっています" in page
    record_heartbeat("web-1:1", timezone.now(), {})
    assert "動いているワーカーがありません" not in browser.get("/bureau/").content.decode()


def test_a_lane_shows_what_is_due_and_how_old_the_oldest_is() -> None:
    due_for(minutes=42)
    due_for(minutes=7)
    page = shown(watcher().get("/bureau/").content.decode())
    assert "昭島市水道部 受付窓口 進んでいません 送信待ち 2 最も古い 42分" in page


def test_what_stands_still_comes_before_what_moves() -> None:
    due_for(minutes=42)
    DeliveryLane.objects.create(provider="aaa-water", channel="webhook")
    page = shown(watcher().get("/bureau/").content.decode())
    assert page.index("昭島市水道部 受付窓口") < page.index("aaa-water システム連携")


def test_a_breaker_that_is_open_is_said_with_the_last_answer() -> None:
    notice = sent()
    attempt = Attempt.objects.create(
        notice=notice,
        ordinal=90,
        started_at=timezone.now(),
        recorded_at=timezone.now(),
        outcome=OutcomeKind.TRY_LATER,
        answer="503 maintenance",
    )
    DeliveryLane.objects.update(failures=3, last_failed=attempt, paused_until=timezone.now() + timedelta(seconds=9))
    browser = watcher()
    page = shown(browser.get("/bureau/").content.decode())
    assert "届いていません 続けて3回" in page
    assert "503 maintenance" in page
    assert "503 maintenance" in browser.get("/bureau/providers/akishima-water/").content.decode()


def test_a_lane_that_the_operator_paused_is_no_alarm() -> None:
    due_for(minutes=42)
    pause_lanes(None, provider="akishima-water", sentence="止めています。")
    page = watcher().get("/bureau/").content.decode()
    assert "止めています" in shown(page)
    assert "進んでいません" not in shown(page).split("この24時間")[0].split("方式ごと")[1]


def test_no_page_of_the_bureau_opens_a_book_or_names_a_mover(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, waiting = sent(), due_for(minutes=3)
    keep_books_closed(monkeypatch)
    with pytest.raises(BookOpened):  # so the guard guards
        frozen_form(Notice.objects.get(id=notice.id))
    browser = operator()
    for path in (
        "/bureau/",
        "/bureau/lanes",
        "/bureau/providers/akishima-water/",
        f"/bureau/notices?number={notice.number}",
        f"/bureau/notices?number={waiting.number}",
        "/bureau/record",
        "/bureau/record.csv",
        "/bureau/staff",
        "/bureau/me",
    ):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert not [word for word in PERSONAL if word in answer.content.decode()], path


def test_a_provider_that_nobody_knows_is_not_found() -> None:
    assert watcher().get("/bureau/providers/nobody/").status_code == 404


def test_the_list_of_lanes_is_paged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview_page, "LANES_A_PAGE", 2)
    monkeypatch.setattr(overview_page, "MOST_LANES", 2)
    for at in range(3):
        DeliveryLane.objects.create(provider=f"provider-{at}", channel="webhook")
    browser = watcher()
    assert "ほか1件も見る" in browser.get("/bureau/").content.decode()
    first, second = (shown(browser.get(f"/bureau/lanes{query}").content.decode()) for query in ("", "?from=2"))
    assert ("provider-1" in first, "provider-2" in first, "provider-2" in second) == (True, False, True)
    for wrong in ("x", "-1", "99", "２"):
        assert "provider-0" in browser.get(f"/bureau/lanes?from={wrong}").content.decode()


def test_the_bounds_keep_their_numbers() -> None:
    assert (overview_page.MOST_LANES, overview_page.MOST_ROWS, overview_page.LANES_A_PAGE) == (30, 20, 100)


def test_a_chart_is_in_proportion_and_shows_one_among_many() -> None:
    assert [bar_height(count, 1000) for count in (0, 1, 500, 1000)] == [0, 2, 32, HEIGHT]
    hours = [timezone.now().replace(hour=hour, minute=0) for hour in range(3)]
    chart = draw_day_chart("sent", "届いた", hours, [0, 2, 1])
    assert [(bar.x, bar.y, bar.height) for bar in chart.bars] == [(13, 0, 64), (25, 32, 32)]
    assert "24時間で3件" in chart.description
    assert draw_day_chart("sent", "届いた", hours, [0, 0, 0]).description == "24時間で0件。"


def test_each_chart_has_a_title_a_description_and_a_table() -> None:
    sent()
    page = watcher().get("/bureau/").content.decode()
    for key in ("entered", "sent", "failed"):
        assert f'aria-labelledby="chart-{key}-title chart-{key}-desc"' in page
    assert page.count('<th scope="row">') >= 24


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (None, ""),
        (timedelta(seconds=-3), "0秒"),
        (timedelta(seconds=119), "119秒"),
        (timedelta(seconds=120), "2分"),
        (timedelta(minutes=119), "119分"),
        (timedelta(hours=2), "2時間"),
        (timedelta(hours=47), "47時間"),
        (timedelta(days=2), "2日"),
    ],
    ids=str,
)
def test_waiting_is_said_in_the_unit_that_says_enough(age: timedelta | None, said: str) -> None:
    assert waiting_time(age) == said


def test_every_outcome_has_words() -> None:
    assert len({outcome_text(kind) for kind in OutcomeKind} | {outcome_text("")}) == 6


def test_what_is_not_answered_by_its_due_time_is_shown_with_the_provider() -> None:
    notice, now = sent(), timezone.now()
    Notice.objects.filter(id=notice.id).update(answer_due_at=now + timedelta(hours=1))
    browser = watcher()
    assert "昭島市水道部 期限を過ぎた" not in shown(browser.get("/bureau/").content.decode())
    Notice.objects.filter(id=notice.id).update(answer_due_at=now - timedelta(hours=1))
    page = shown(browser.get("/bureau/").content.decode())
    assert "昭島市水道部 期限を過ぎた 1 最も古い期限" in page
    assert "1件のうち1件" in page


def test_the_bureau_asks_for_mail_about_late_answers() -> None:
    browser = operator()
    page = browser.post(
        "/bureau/me/mail", {"address": "night@example.jp", "mail_password": PASSWORD}, follow=True
    ).content.decode()
    assert "答えの遅れているれんらくを、メールでお知らせします。" in page
    assert "night@example.jp" in page
