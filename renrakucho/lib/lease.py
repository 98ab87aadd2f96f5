"""Work by lease: the rows are the outbox, so there is no broker to be out of step with.

A worker claims due rows and works outside of any transaction, then finishes each or puts it back. A worker that
dies leaves leases that run out, and the rows are due again. So work is done at least once: send it with a key.
"""

import os
import socket
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models, transaction
from django.db.models import F, Q, QuerySet

_LONGEST_OWNER = 64


class LeasedRow(models.Model):
    """A row of which work is due at `due_at`; null when there is none.

    While it is leased, due_at is the end of the lease: one comparison finds rows to be done and rows that a dead
    worker left, and one partial index covers both. A Meta with indexes of its own adds `*Leased.Meta.indexes`.
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
    """The owner's name that tells this process from all others: host and number."""
    return f"{socket.gethostname()}:{os.getpid()}"[:_LONGEST_OWNER]


def claim_due_rows(
    rows: QuerySet[Row], owner: str, *, now: datetime, seconds: float, limit: int, early: bool = False
) -> list[Row]:
    """Lease up to `limit` of the due rows among `rows` to `owner`, the longest due first; `early`: also those that are
    to be done later, and that nobody has in hand.

    The lease and the counted attempt are committed before this returns, so that a crash in the work leaves a
    trace. RuntimeError: called inside a transaction.
    """
    until = now + timedelta(seconds=seconds)
    ripe = Q(due_at__lte=now)
    if early:
        ripe |= Q(due_at__isnull=False, leased_until=None)
    due = rows.filter(ripe).order_by("due_at")
    with transaction.atomic(using=rows.db, durable=True):
        # SQLite has no row locks and Django leaves the clause out: there the transaction itself is IMMEDIATE.
        taken = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
        rows.model._base_manager.using(rows.db).filter(pk__in=[row.pk for row in taken]).update(
            due_at=until, leased_until=until, lease_owner=owner, attempts=F("attempts") + 1
        )
    for row in taken:
        row.due_at = row.leased_until = until
        row.lease_owner = owner
        row.attempts += 1
    return taken


def make_due(row: LeasedRow, at: datetime) -> None:
    """There is work on it from then on. Call it inside the transaction that says why."""
    row.due_at = at
    row.save(update_fields=["due_at"])


def finish_lease(row: LeasedRow, owner: str) -> bool:
    """The work is done. False, and nothing changes, when the lease has gone to another or to a later attempt."""
    return _give_up(row, owner, due_at=None)


def release_lease(row: LeasedRow, owner: str, *, due_at: datetime) -> bool:
    """The work is to be tried again at `due_at`. False, and nothing changes, when the lease has gone to another."""
    return _give_up(row, owner, due_at=due_at)


def _give_up(row: LeasedRow, owner: str, *, due_at: datetime | None) -> bool:
    held = (
        type(row)
        ._base_manager.using(row._state.db)
        .filter(pk=row.pk, lease_owner=owner, attempts=row.attempts, leased_until__isnull=False)
    )
    if not held.update(due_at=due_at, leased_until=None, lease_owner=""):
        return False
    row.due_at, row.leased_until, row.lease_owner = due_at, None, ""
    return True
