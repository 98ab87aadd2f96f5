"""How long the postman waits before trying again, and when he gives up."""

import random
from datetime import timedelta

LEASE_SECONDS = 60  # longer than any channel's own time limit
MOST_ATTEMPTS = 12  # with the waits below: about two days
_FIRST_WAIT = 15  # seconds
_LONGEST_WAIT = 6 * 60 * 60


def wait_after(attempts: int) -> timedelta:
    """Doubling from 15 seconds to 6 hours, each by half at random, so that a crowd does not come back at once."""
    whole = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** max(0, attempts - 1))
    return timedelta(seconds=whole * random.uniform(0.5, 1))  # noqa: S311 - spreads load, guards nothing
