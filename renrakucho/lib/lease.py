"""Lease: workers claim due rows of a database table, which is the outbox, for a limited time.

A worker claims due rows, works outside of any transaction, and then finishes or releases each. The leases of a worker
that dies run out, and its rows are due again; those of a dead process of this machine are released at once. Work is
done at least once, so it needs an idempotency key. With no broker, nothing can get out of step with the database.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, models, transaction
from django.db.models import F, Q, QuerySet

from renrakucho.lib.database_clock import database_now

_LONGEST_OWNER = 64
_PROCESSES = Path("/proc")
_WAITS = (0.5, 1, *[2] * 30)  # seconds, together less than a lease
_nothing = threading.Event()


class LeasedRow(models.Model):
    """A row with work due at `due_at`, or without work where that is null.

    While it is leased, due_at is the end of the lease: one comparison finds both due rows and rows of dead workers, and
    one partial index covers both. A Meta with indexes of its own adds `*LeasedRow.Meta.indexes`.
    """

    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)  # claims, the present one included
    leased_until = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=_LONGEST_OWNER, blank=True, default="")

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["due_at"], name="%(class)s_due", condition=Q(due_at__isnull=False)),
        ]


Row = TypeVar("Row", bound=LeasedRow)


def this_process() -> str:
    """The lease owner's name of this process: host, namespace of process ids, process id and when it started. The last
    two tell it from another process that gets the same id later; the namespace, from one in another container.
    """
    return f"{_machine()}:{os.getpid()}:{_started(os.getpid())}"


def claim_due_rows(
    rows: QuerySet[Row], owner: str, *, now: datetime, seconds: float, limit: int, early: bool = False
) -> list[Row]:
    """Lease up to `limit` due rows of `rows` to `owner` for `seconds`, the longest due first.

    early: also rows that are due later and that nobody has leased. The lease and the counted attempt are committed
    before this returns, so that a crash during the work is counted. RuntimeError: called inside a transaction.
    """
    until = now + timedelta(seconds=seconds)
    is_due = Q(due_at__lte=now)
    if early:
        is_due |= Q(due_at__isnull=False, leased_until=None)
    due = rows.filter(is_due).order_by("due_at")
    with transaction.atomic(using=rows.db, durable=True):
        # SQLite has no row locks, and Django leaves the clause out: there the transaction is IMMEDIATE.
        claimed = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
        rows.model._base_manager.using(rows.db).filter(pk__in=[row.pk for row in claimed]).update(
            due_at=until, leased_until=until, lease_owner=owner, attempts=F("attempts") + 1
        )
    for row in claimed:
        row.due_at = row.leased_until = until
        row.lease_owner = owner
        row.attempts += 1
    return claimed


def release_dead_leases(tables: Iterable[QuerySet[Any]]) -> int:
    """Make the rows that dead processes of this machine have leased due at once. Returns how many.

    Whether a process of another machine lives is not known here, nor on a system without /proc: those leases run out.
    """
    released, now = 0, database_now()
    for table in tables:
        leased = table.filter(due_at__gt=now, leased_until__gt=now)
        dead = [owner for owner in set(leased.values_list("lease_owner", flat=True)) if _is_dead(owner)]
        if dead:
            free = {"due_at": now, "leased_until": None, "lease_owner": ""}
            released += leased.filter(lease_owner__in=dead).update(**free)
    return released


def _is_dead(owner: str) -> bool:
    machine, _, process = owner.partition(":")
    number, _, started = process.partition(":")
    return machine == _machine() and bool(started) and _started(number) != started


@cache
def _machine() -> str:
    try:
        namespace = (_PROCESSES / "self/ns/pid").stat().st_ino
    except OSError:
        namespace = 0
    return f"{socket.gethostname().replace(':', '-')[:24]}/{namespace}"


def _started(process: int | str) -> str:
    """When a process started, in clock ticks since the machine did; empty where there is no such process."""
    try:
        stat = (_PROCESSES / str(process) / "stat").read_text()
    except OSError:
        return ""
    state, *fields = stat.rpartition(")")[2].split()  # proc(5): from field 3 on; the name before may have spaces
    return "" if state in "XZ" else fields[18]


def write_despite_outage(write: Callable[[], None], *, before_wait: Callable[[], None]) -> None:
    """Retry a write that the database refuses for now, as while it starts again or a row is held, for most of a lease.

    before_wait: called before each wait, as to give back a connection. Raises the last refusal.
    """
    for wait in _WAITS:
        try:
            return write()
        except (OperationalError, InterfaceError, OSError):  # OSError: psycopg 3.3, where the server dies during a wait
            before_wait()
            _nothing.wait(wait)
    return write()


def make_due(row: LeasedRow) -> None:
    """Give the row work from now on. Call it inside the transaction that records the reason."""
    row.due_at = database_now()
    row.save(update_fields=["due_at"])


def end_lease_of_locked(row: LeasedRow, locked: LeasedRow, owner: str) -> tuple[str, ...]:
    """End the lease: the work is done. Returns the names of the fields that the caller saves in the transaction in
    which the row was locked and read as `locked`; none where the lease has passed to another attempt.
    """
    if locked.lease_owner != owner or locked.attempts != row.attempts or locked.leased_until is None:
        return ()
    row.due_at, row.leased_until, row.lease_owner = None, None, ""
    return ("due_at", "leased_until", "lease_owner")


def finish_lease(row: LeasedRow, owner: str) -> bool:
    """End the lease: the work is done. False, without a change, where the lease has passed to another attempt."""
    return _end_lease(row, owner, due_at=None)


def release_lease(row: LeasedRow, owner: str, *, due_at: datetime) -> bool:
    """End the lease: try again at `due_at`. False, without a change, where the lease has passed to another attempt."""
    return _end_lease(row, owner, due_at=due_at)


def _end_lease(row: LeasedRow, owner: str, *, due_at: datetime | None) -> bool:
    leased = (
        type(row)
        ._base_manager.using(row._state.db)
        .filter(pk=row.pk, lease_owner=owner, attempts=row.attempts, leased_until__isnull=False)
    )
    if not leased.update(due_at=due_at, leased_until=None, lease_owner=""):
        return False
    row.due_at, row.leased_until, row.lease_owner = due_at, None, ""
    return True
