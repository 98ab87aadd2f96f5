"""How long the postman waits before trying again, and when he gives up."""

import random
from datetime import date, datetime, time, timedelta

from django.utils import timezone

BATCH = 5  # rows leased at once, worked off one after the other
LEASE_SECONDS = 90  # longer than a whole batch takes when every channel runs into its time limit of ten seconds
MOST_ATTEMPTS = 12  # with the waits below: about two days
ASK_AGAIN = timedelta(seconds=15)  # what is under way
HOLD = timedelta(minutes=15)  # what cannot go out yet
LONGEST_WAY = timedelta(days=3)  # for what is under way without a word, or cannot go out
_LAST_CALL = time(15)  # on the day before: an office can still be reached by telephone
_AT_LEAST = timedelta(hours=1)  # for what was entered later than that
_FIRST_WAIT = 15  # seconds
_LONGEST_WAIT = 6 * 60 * 60


def backoff_delay(attempts: int) -> timedelta:
    """Doubling from 15 seconds to 6 hours, each by half at random, so that a crowd does not come back at once."""
    whole = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** max(0, attempts - 1))
    return timedelta(seconds=whole * random.uniform(0.5, 1))  # noqa: S311 - spreads load, guards nothing


def retry_deadline(on: date, asked_at: datetime) -> datetime:
    """Until when it is worth trying what has to be done `on` this day, and was asked for at that moment: the afternoon
    before, in Japan's time.
    """
    before = datetime.combine(on - timedelta(days=1), _LAST_CALL, timezone.get_default_timezone())
    return max(before, asked_at + _AT_LEAST)
