"""Retry policy: exponential backoff with jitter, a deadline in time for a telephone call, and a most of attempts."""

import random
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.lib.database_clock import database_now

BATCH = 5  # mails leased at once, worked off one after the other
LEASE_SECONDS = 90  # longer than a whole batch takes when every channel runs into its time limit of ten seconds
MOST_ATTEMPTS = 12  # with the waits below: about two days
POLL_EVERY = timedelta(seconds=15)  # for what is under way
HOLD = timedelta(minutes=15)  # for what cannot go out yet
LONGEST_WAIT = timedelta(days=3)  # for what is under way without a word, or cannot go out
LONGEST_DEPLOY = timedelta(days=1)  # for an address that took notices before, and is not found now
_LAST_CALL = time(15)  # on the day before: an office can still be reached by telephone
_AT_LEAST = timedelta(hours=1)  # for what was entered later than that
_FIRST_BACKOFF = 15  # seconds
_LONGEST_BACKOFF = 6 * 60 * 60


def backoff_delay(attempts: int) -> timedelta:
    """Exponential backoff from 15 seconds to 6 hours. Jitter takes up to half of each wait, so that many rows that
    failed together do not come back together.
    """
    whole = min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2 ** max(0, attempts - 1))
    return timedelta(seconds=whole * random.uniform(0.5, 1))  # noqa: S311 - spreads load, guards nothing


def retry_deadline(on: date, requested_at: datetime) -> datetime:
    """Until when it is worth trying what has to be done `on` this day, and was requested at that moment: the afternoon
    before, in Japan's time.
    """
    before = datetime.combine(on - timedelta(days=1), _LAST_CALL, timezone.get_default_timezone())
    return max(before, requested_at + _AT_LEAST)


def may_attempt(tries: int, deadline: datetime | None, *, under_way: bool) -> bool:
    """Whether an attempt is made; `tries` counts it. A first one always is, and what is under way is polled even after
    the deadline.
    """
    late = deadline is not None and database_now() > deadline
    return tries <= MOST_ATTEMPTS and (under_way or tries <= 1 or not late)


def held_until(requested_at: datetime, deadline: datetime | None, wait: timedelta = HOLD) -> datetime | None:
    """When to look again at what cannot go out yet; None: there is no time left for that."""
    now, end = database_now(), _earliest(deadline, requested_at + LONGEST_WAIT)
    return min(now + wait, end) if now < end else None


def next_attempt(outcome: Outcome, tries: int, started_at: datetime, deadline: datetime | None) -> datetime | None:
    """When an attempt that did not arrive is repeated, or polled again; None: it is given up, in time for the mover to
    telephone. started_at: when this attempt began.
    """
    now = database_now()
    if outcome.kind == OutcomeKind.UNDER_WAY:
        end = _earliest(deadline, started_at + LONGEST_WAIT)
        return min(now + (outcome.retry_after or POLL_EVERY), end) if now < end else None
    if outcome.kind == OutcomeKind.REFUSED or tries >= MOST_ATTEMPTS:
        return None
    # Never sooner than the backoff: twelve tries a second apart would be over in twelve seconds.
    backoff = backoff_delay(tries)
    due_at = now + max(outcome.retry_after or backoff, backoff)
    return due_at if deadline is None or due_at <= deadline else None


def _earliest(deadline: datetime | None, end: datetime) -> datetime:
    return end if deadline is None else min(deadline, end)
