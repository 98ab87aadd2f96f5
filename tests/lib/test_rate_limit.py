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


def test_attempts_are_allowed_up_to_the_limit() -> None:
    assert tries(5) == [True, True, True, False, False]


def test_a_limit_of_zero_allows_no_attempt() -> None:
    assert tries(1, limit=0) == [False]


def test_each_client_and_each_action_is_counted_apart() -> None:
    tries(3)
    assert tries(1, who="192.0.2.2") == [True]
    assert tries(1, what="open a book") == [True]
    assert allow_attempt("login", "192.0.2.1", limit=3, seconds=3600)
    assert tries(1) == [False]


def test_the_next_window_counts_from_zero(clock: Clock) -> None:
    tries(4)
    clock.now = NOON + timedelta(seconds=59)
    assert tries(1) == [False]
    clock.now = NOON + timedelta(seconds=60)
    assert tries(1) == [True]


def test_the_client_is_not_stored() -> None:
    allow_attempt("login", "hanako@example.jp", limit=3, seconds=60)
    (row,) = RateWindow.objects.values()
    assert "hanako" not in str(row)
    assert "example.jp" not in str(row)


def test_the_client_cannot_be_found_without_the_secret_key(settings: object) -> None:
    allow_attempt("login", "192.0.2.1", limit=3, seconds=60)
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    allow_attempt("login", "192.0.2.1", limit=3, seconds=60)
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
