"""The retry policy's numbers: each test holds a number, written out, that a mover or an office would notice."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.retry_policy import (
    BATCH,
    LEASE_SECONDS,
    LONGEST_DEPLOY,
    backoff_delay,
    held_until,
    may_attempt,
    next_attempt,
    retry_deadline,
)

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TRY_LATER, UNDER_WAY = Outcome(OutcomeKind.TRY_LATER), Outcome(OutcomeKind.UNDER_WAY)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def jitter(monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    """Draw this share between the two ends that are asked for."""
    monkeypatch.setattr(random, "uniform", lambda low, high: low + share * (high - low))


@pytest.mark.parametrize(
    ("attempts", "longest"), [(0, 15), (1, 15), (2, 30), (3, 60), (11, 15_360), (12, 21_600), (40, 21_600)]
)
def test_backoff_doubles_from_fifteen_seconds_to_six_hours(
    monkeypatch: pytest.MonkeyPatch, attempts: int, longest: int
) -> None:
    jitter(monkeypatch, 1)
    assert backoff_delay(attempts) == longest * SECOND
    jitter(monkeypatch, 0)
    assert backoff_delay(attempts) == longest * SECOND / 2


def test_jitter_spreads_waits_of_the_same_length() -> None:
    assert len({backoff_delay(8) for _each in range(20)}) > 10


def test_the_deadline_is_fifteen_o_clock_in_japan_on_the_day_before() -> None:
    assert retry_deadline(date(2026, 12, 5), NOW) == datetime(2026, 12, 4, 6, tzinfo=UTC)


def test_a_late_request_has_an_hour() -> None:
    late = datetime(2026, 12, 4, 5, 30, tzinfo=UTC)
    assert retry_deadline(date(2026, 12, 5), late) == late + HOUR


def test_twelve_attempts_are_made() -> None:
    assert may_attempt(12, None, under_way=False)
    assert not may_attempt(13, None, under_way=False)
    assert next_attempt(TRY_LATER, 11, NOW, None)
    assert next_attempt(TRY_LATER, 12, NOW, None) is None


def test_after_the_deadline_only_a_first_attempt_is_made_or_one_polled() -> None:
    assert may_attempt(1, NOW - SECOND, under_way=False)
    assert not may_attempt(2, NOW - SECOND, under_way=False)
    assert may_attempt(2, NOW - SECOND, under_way=True)
    assert may_attempt(2, NOW, under_way=False)


def test_a_refused_notice_is_given_up_at_once() -> None:
    assert next_attempt(Outcome(OutcomeKind.REFUSED), 1, NOW, None) is None


def test_an_unknown_outcome_is_retried() -> None:
    assert next_attempt(Outcome(OutcomeKind.UNKNOWN), 1, NOW, None)


def test_a_retry_is_not_planned_past_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    jitter(monkeypatch, 1)
    assert next_attempt(TRY_LATER, 1, NOW, NOW + 15 * SECOND) == NOW + 15 * SECOND
    assert next_attempt(TRY_LATER, 1, NOW, NOW + 14 * SECOND) is None


def test_a_channel_can_lengthen_a_backoff_and_not_shorten_it(monkeypatch: pytest.MonkeyPatch) -> None:
    jitter(monkeypatch, 1)
    asked_for = [Outcome(OutcomeKind.TRY_LATER, retry_after=wait) for wait in (SECOND, HOUR)]
    assert [next_attempt(outcome, 1, NOW, None) for outcome in asked_for] == [NOW + 15 * SECOND, NOW + HOUR]


def test_a_message_under_way_is_polled_every_fifteen_seconds_for_three_days() -> None:
    assert next_attempt(UNDER_WAY, 1, NOW, None) == NOW + 15 * SECOND
    assert next_attempt(UNDER_WAY, 99, NOW, None) == NOW + 15 * SECOND
    assert next_attempt(UNDER_WAY, 1, NOW - 3 * DAY + 5 * SECOND, None) == NOW + 5 * SECOND
    assert next_attempt(UNDER_WAY, 1, NOW - 3 * DAY, None) is None
    assert next_attempt(UNDER_WAY, 1, NOW, NOW + 9 * SECOND) == NOW + 9 * SECOND
    assert next_attempt(UNDER_WAY, 1, NOW, NOW) is None


def test_a_held_notice_is_looked_at_every_fifteen_minutes_for_three_days() -> None:
    assert held_until(NOW, None) == NOW + 15 * MINUTE
    assert held_until(NOW - 3 * DAY + MINUTE, None) == NOW + MINUTE
    assert held_until(NOW - 3 * DAY, None) is None
    assert held_until(NOW, NOW + MINUTE) == NOW + MINUTE
    assert held_until(NOW, NOW) is None


def test_a_lease_outlasts_a_batch_of_timeouts() -> None:
    """Each channel has a time limit of ten seconds."""
    assert (BATCH, LEASE_SECONDS) == (5, 90)


def test_an_address_that_took_notices_before_is_missed_for_a_day() -> None:
    assert LONGEST_DEPLOY == DAY
