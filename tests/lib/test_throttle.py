from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renrakucho.lib.throttle.models import RateWindow
from renrakucho.lib.throttle.rate_limit import allow_attempt, delete_old_windows

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
    return [allow_attempt(what, who, limit=limit, seconds=60) for _ in range(times)]


def test_the_first_tries_are_allowed_and_no_more() -> None:
    assert tries(5) == [True, True, True, False, False]


def test_a_limit_of_none_allows_none() -> None:
    assert tries(1, limit=0) == [False]


def test_everyone_and_everything_is_counted_apart() -> None:
    tries(3)
    assert tries(1, who="192.0.2.2") == [True]
    assert tries(1, what="open a book") == [True]
    assert allow_attempt("login", "192.0.2.1", limit=3, seconds=3600)
    assert tries(1) == [False]


def test_the_next_window_begins_anew(clock: Clock) -> None:
    tries(4)
    clock.now = NOON + timedelta(seconds=59)
    assert tries(1) == [False]
    clock.now = NOON + timedelta(seconds=60)
    assert tries(1) == [True]


def test_nothing_of_who_it_was_is_stored() -> None:
    allow_attempt("login", "hanako@example.jp", limit=3, seconds=60)
    (row,) = RateWindow.objects.values()
    assert "hanako" not in str(row)
    assert "example.jp" not in str(row)


def test_who_it_was_cannot_be_found_without_the_secret_key(settings: object) -> None:
    allow_attempt("login", "192.0.2.1", limit=3, seconds=60)
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    allow_attempt("login", "192.0.2.1", limit=3, seconds=60)
    assert RateWindow.objects.count() == 2


def test_a_try_is_one_statement() -> None:
    with CaptureQueriesContext(connection) as queries:
        tries(1)
    assert len(queries) == 1


def test_windows_that_ended_are_forgotten(clock: Clock) -> None:
    tries(2)
    tries(1, who="192.0.2.2")
    clock.now = NOON + timedelta(seconds=61)
    tries(1)
    assert delete_old_windows(clock.now) == 2
    assert RateWindow.objects.get().ends_at == NOON + timedelta(seconds=120)
    assert tries(3) == [True, True, False]


def test_the_window_under_way_is_kept() -> None:
    tries(4)
    assert delete_old_windows(NOON) == 0
    assert tries(1) == [False]
