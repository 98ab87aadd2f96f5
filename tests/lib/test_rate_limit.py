from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renrakucho.lib.throttle.models import RateWindow
from renrakucho.lib.throttle.rate_limit import Attempt, RateLimit, delete_old_windows

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 5, 3, 0, tzinfo=UTC)


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(NOON)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def tries(times: int, *, what: str = "login", who: str = "192.0.2.1", limit: int = 3) -> list[bool]:
    return [RateLimit(what, limit, 60).count_attempt(who).allowed for _ in range(times)]


def test_attempts_are_allowed_up_to_the_limit() -> None:
    assert tries(5) == [True, True, True, False, False]


def test_a_limit_of_zero_allows_no_attempt() -> None:
    assert tries(1, limit=0) == [False]


def test_each_client_and_each_action_is_counted_apart() -> None:
    tries(3)
    assert tries(1, who="192.0.2.2") == [True]
    assert tries(1, what="open a book") == [True]
    assert RateLimit("login", 3, 3600).count_attempt("192.0.2.1").allowed
    assert tries(1) == [False]


def test_the_next_window_counts_from_zero(clock: Clock) -> None:
    tries(4)
    clock.now = NOON + timedelta(seconds=59)
    assert tries(1) == [False]
    clock.now = NOON + timedelta(seconds=60)
    assert tries(1) == [True]


def test_the_client_is_not_stored() -> None:
    RateLimit("login", 3, 60).count_attempt("hanako@example.jp")
    (row,) = RateWindow.objects.values()
    assert "hanako" not in str(row)
    assert "example.jp" not in str(row)


def test_the_client_cannot_be_found_without_the_secret_key(settings: object) -> None:
    RateLimit("login", 3, 60).count_attempt("192.0.2.1")
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    RateLimit("login", 3, 60).count_attempt("192.0.2.1")
    assert RateWindow.objects.count() == 2


def test_an_attempt_is_counted_in_one_statement() -> None:
    with CaptureQueriesContext(connection) as queries:
        tries(1)
    assert len(queries) == 1


def test_ended_windows_are_deleted(clock: Clock) -> None:
    tries(2)
    tries(1, who="192.0.2.2")
    clock.now = NOON + timedelta(seconds=61)
    tries(1)
    assert delete_old_windows(clock.now) == 2
    assert RateWindow.objects.get().ends_at == NOON + timedelta(seconds=120)
    assert tries(3) == [True, True, False]


def test_the_current_window_is_kept() -> None:
    tries(4)
    assert delete_old_windows(NOON) == 0
    assert tries(1) == [False]


@pytest.mark.parametrize(
    ("window", "past", "left"),
    [(60, 0, 60), (60, 59, 1), (60, 59.5, 1), (900, 0, 900), (900, 13.4, 887), (900, 899, 1), (86400, 0, 21 * 3600)],
)
def test_the_wait_lasts_until_the_window_ends(clock: Clock, window: int, past: float, left: int) -> None:
    clock.now = NOON + timedelta(seconds=past)
    attempt = RateLimit("login", 0, window).count_attempt("192.0.2.1")
    assert attempt.retry_after == left
    clock.now += timedelta(seconds=attempt.retry_after)
    assert clock.now >= attempt.ends_at
    assert RateLimit("login", 1, window).count_attempt("192.0.2.1").allowed


def test_an_uncounted_attempt_does_not_count() -> None:
    limit = RateLimit("login", 3, 60)
    for _right in range(20):
        attempt = limit.count_attempt("192.0.2.1")
        assert attempt.allowed
        attempt.uncount()
    assert tries(4) == [True, True, True, False]


def test_a_right_attempt_does_not_forgive_the_wrong_ones_before() -> None:
    tries(2)
    right = RateLimit("login", 3, 60).count_attempt("192.0.2.1")
    right.uncount()
    assert tries(2) == [True, False]


def test_an_attempt_is_uncounted_in_the_window_that_counted_it(clock: Clock) -> None:
    attempt = RateLimit("login", 3, 60).count_attempt("192.0.2.1")
    clock.now = NOON + timedelta(seconds=60)
    tries(2)
    attempt.uncount()
    assert tries(2) == [True, False]


def test_attempts_counted_together_wait_for_the_refused_one() -> None:
    minute, day = RateLimit("a", 0, 60).count_attempt("x"), RateLimit("b", 0, 86400).count_attempt("x")
    fine = RateLimit("c", 1, 3600).count_attempt("x")
    assert [minute.with_attempt(fine).retry_after, fine.with_attempt(day).retry_after] == [60, 21 * 3600]
    assert minute.with_attempt(day).retry_after == 21 * 3600
    assert not minute.with_attempt(fine).allowed
    fine.with_attempt(day).uncount()
    assert sorted(RateWindow.objects.values_list("count", flat=True)) == [0, 0, 1]


def test_a_window_that_has_just_ended_asks_for_one_second() -> None:
    assert Attempt(False, NOON).retry_after == 1
    assert Attempt(False, NOON - timedelta(seconds=9)).retry_after == 1


def test_an_attempt_that_is_uncounted_twice_leaves_no_count_below_zero() -> None:
    attempt = RateLimit("login", 3, 60).count_attempt("192.0.2.1")
    attempt.uncount()
    attempt.uncount()
    assert RateWindow.objects.get().count == 0
