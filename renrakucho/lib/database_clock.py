"""Database clock: one clock for all machines. Leases, lateness and next attempts are decided by it, since the clocks of
portal and workers may differ. With SQLite it is this machine's clock, for that database runs in the process.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

MOST_SKEW = timedelta(seconds=5)


def database_now() -> datetime:
    """The present moment by the clock of the database."""
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [now] = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


def clock_skew() -> timedelta:
    """How far this machine's clock is ahead of the database's; negative where it is behind."""
    before, now, after = timezone.now(), database_now(), timezone.now()
    return before + (after - before) / 2 - now


def is_clock_right() -> bool:
    """Whether both clocks agree. While they do not, nobody knows which one is right, and nothing is given up."""
    return abs(clock_skew()) <= MOST_SKEW
