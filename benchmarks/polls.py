"""Polls of the API's list of events: what one costs, and that none is ever passed by.

Writes to the database that DATABASE_URL names, which should be an empty one. Writers record receipts in transactions
that stay open for a while, in any order, and roll some back; meanwhile one reader polls with its cursor. Prints the
milliseconds of a poll without and with news, and the events that were never told or told twice; fails where there are.
usage: python -m benchmarks.polls [--seconds 20] [--writers 4] [--hold 6]
"""

import argparse
import os
import random
import statistics
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renrakucho.config.settings")
django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from renrakucho.notice.models import Notice
from renrakucho.receipt.event_feed import read_page
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.transitions import provider_feed, record_receipt
from tests.delivery.cast_lanes import due_notices

PROVIDER, PAGE = "provider-00", 100
_EACH = 50  # notices of a writer


@dataclass
class PollFigures:
    """written: receipts that were committed; told: those that were read, each time. idle, busy: seconds of a poll."""

    written: set[UUID] = field(default_factory=set)
    told: Counter[UUID] = field(default_factory=Counter)
    idle: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)


def write_events(notices: list[Notice], until: float, hold: float, figures: PollFigures) -> None:
    """Record receipts in transactions of one to five, until then; each is open for up to `hold` seconds."""
    chance = random.Random()  # noqa: S311 - a trial
    while time.monotonic() < until:
        made = set()
        with transaction.atomic():
            for notice in chance.sample(notices, chance.randint(1, 5)):
                made.add(record_receipt(notice, ReceiptKind.SENT).id)
            time.sleep(chance.choice((0, 0, 0.01, 0.1, hold)))
            if chance.random() < 0.1:
                transaction.set_rollback(True)
                made = set()
        figures.written |= made
    connection.close()


def poll_once(after: UUID | None, figures: PollFigures) -> UUID:
    """One poll; returns the cursor."""
    begun = time.perf_counter()
    page = read_page(provider_feed(PROVIDER), after, PAGE, related=("notice",))
    (figures.busy if page.receipts else figures.idle).append(time.perf_counter() - begun)
    figures.told.update(receipt.id for receipt in page.receipts)
    return page.cursor


def run_polls(seconds: float, writers: int, hold: float) -> PollFigures:
    """Poll while they write, and once more after the last commit."""
    figures, until = PollFigures(), time.monotonic() + seconds
    notices = due_notices(PROVIDER, writers * _EACH)
    threads = [
        threading.Thread(target=write_events, args=(notices[at * _EACH : (at + 1) * _EACH], until, hold, figures))
        for at in range(writers)
    ]
    for thread in threads:
        thread.start()
    after = None
    while any(thread.is_alive() for thread in threads) or len(figures.busy) < 1:
        after = poll_once(after, figures)
        time.sleep(0.005)
    before = -1
    while before != figures.told.total():
        before, after = figures.told.total(), poll_once(after, figures)
    for _time in range(1_000):
        poll_once(after, figures)
    return figures


def main() -> int:
    """Run it, print a table, and return 1 where an event was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--hold", type=float, default=6, help="the longest that a transaction stays open, in seconds")
    given = parser.parse_args()
    call_command("migrate", verbosity=0, interactive=False)
    # SQLite has one writer: a transaction that is held there holds all others.
    figures = run_polls(given.seconds, given.writers, given.hold if connection.vendor == "postgresql" else 0)
    never = figures.written - figures.told.keys()
    twice = [key for key, times in figures.told.items() if times > 1]
    undone = figures.told.keys() - figures.written
    print(f"{connection.vendor}, {given.writers} writers, {len(figures.written)} events in {given.seconds:.0f} s")
    for name, found in (("without news", figures.idle), ("with news", figures.busy)):
        milliseconds = sorted(each * 1000 for each in found)
        at = milliseconds[int(0.99 * len(milliseconds))]
        print(f"a poll {name:13} {statistics.median(milliseconds):7.2f} ms, 99th of 100 {at:7.2f} ms ({len(found)})")
    print(f"never told {len(never)}, told twice {len(twice)}, told and rolled back {len(undone)}")
    return 1 if never or twice or undone else 0


if __name__ == "__main__":
    sys.exit(main())
