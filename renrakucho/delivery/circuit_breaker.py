"""Circuit breaker of a delivery lane, kept in the database, so that all workers share it.

It counts pushes in a row that reached nobody: a time-out, a refused connection. Any answer, a refusal too, closes it.
After three it is open: nothing is sent for a pause, then one probe, and each probe that fails doubles the pause.
"""

import random
from datetime import datetime, timedelta

from django.db import transaction

from renrakucho.delivery.models import DeliveryLane
from renrakucho.lib.database_clock import database_now

TRIPS = 3  # failures in a row
_FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)


def lane_room(lane: DeliveryLane, cap: int, in_flight: int, now: datetime) -> int:
    """How many more notices the lane may have in flight. One that failed last gets a single probe at a time, so that
    what hangs holds few senders even before the breaker opens.
    """
    if lane.paused_until and lane.paused_until > now:
        return 0
    return max(0, (1 if lane.failures else cap) - in_flight)


def pause_after(failures: int) -> timedelta:
    """For how long the breaker stays open; zero while it is closed. Jitter spreads lanes that failed together."""
    if failures < TRIPS:
        return timedelta(0)
    doubled: int = 2 ** min(failures - TRIPS, 10)
    whole = min(LONGEST_PAUSE, _FIRST_PAUSE * doubled)
    return whole * random.uniform(0.8, 1)  # noqa: S311 - spreads load, guards nothing


def record_push(provider: str, channel: str, *, reached: bool) -> None:
    """Count a push that reached nobody, or close the breaker after one that did."""
    lanes = DeliveryLane.objects.filter(provider=provider, channel=channel)
    if reached:
        lanes.filter(failures__gt=0).update(failures=0, first_failed_at=None, paused_until=None)
        return
    with transaction.atomic():
        lane = lanes.select_for_update(no_key=True).first()
        if lane:
            now = database_now()
            lane.failures += 1
            lane.first_failed_at = lane.first_failed_at or now
            pause = pause_after(lane.failures)
            lane.paused_until = now + pause if pause else None
            lane.save(update_fields=["failures", "first_failed_at", "paused_until"])
