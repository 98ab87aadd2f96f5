"""Batch delivery: notices that a channel has under way go out many at once, in one batch for each provider and run.

A batch is numbered before it is sent, and each notice's attempt names its batch. When a run dies in the middle, the
next one sends the same notices under the same batch name.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.deliver_notices import record_attempt, release_if_pending
from renrakucho.delivery.delivery_lanes import pauses_of_row
from renrakucho.delivery.delivery_task import DeliveryTask, pending_task, provider_has_it
from renrakucho.delivery.models import Attempt, DeliveryBatch
from renrakucho.lib.database_clock import database_now
from renrakucho.lib.lease import claim_due_rows, release_dead_leases, release_lease
from renrakucho.notice.connected_providers import is_connection_faulty
from renrakucho.notice.destination import is_destination_in_force
from renrakucho.notice.models import Notice
from renrakucho.notice.outgoing_gate import MAY_LEAVE

log = logging.getLogger(__name__)

MOST = 2_000  # notices of a batch
_LEASE_SECONDS = 900
_AGAIN = timedelta(hours=1)
_PREFIX = "lot:"  # of an attempt's reference: it is stored


@dataclass(frozen=True)
class _BatchItem:
    task: DeliveryTask
    attempt: Attempt

    @property
    def notice(self) -> Notice:
        return self.task.notice

    @property
    def serial(self) -> str:
        """The batch that an earlier run put it into; empty where it is in none."""
        reference = self.attempt.reference
        return reference.removeprefix(_PREFIX) if reference.startswith(_PREFIX) else ""


def deliver_batches(owner: str, *, now: datetime | None = None) -> dict[str, OutcomeKind]:
    """Send what waits, but for lanes that are paused. Returns the outcome by the batch's name,
    `<provider>-<day>-<serial>`; by the provider's alone where it has none. One provider holds up no other.

    What a run that was killed had in hand is taken over, at once on the machine where it ran; where it ran elsewhere,
    UNDER_WAY says that it waits for the end of that lease.
    """
    release_dead_leases([Notice.objects.all()])
    outcomes: dict[str, OutcomeKind] = {}
    now = now or database_now()
    waiting = Notice.objects.filter(due_at__isnull=False).exclude(pauses_of_row(now))
    for name, channel in CHANNELS.items():
        providers = waiting.filter(channel=name).values_list("provider", flat=True) if channel.send_batch else ()
        for provider in sorted(set(providers)):
            try:
                outcomes |= _deliver_to(provider, name, owner, now)
            except Exception as error:
                log.error("batches of %s: %s", provider, type(error).__name__)
                outcomes[provider] = OutcomeKind.UNKNOWN
    return outcomes


def _deliver_to(provider: str, channel: str, owner: str, now: datetime) -> dict[str, OutcomeKind]:
    if is_connection_faulty(provider) or not is_destination_in_force(provider):
        return {provider: OutcomeKind.TRY_LATER}
    outcomes: dict[str, OutcomeKind] = {}
    own = Notice.objects.filter(provider=provider, channel=channel)
    if own.filter(leased_until__gt=now, id__in=_under_way()).exclude(lease_owner=owner).exists():
        outcomes[provider] = OutcomeKind.UNDER_WAY
    for batch, batched in _batches(provider, _claimed_items(own, owner, now)):
        outcome = _send_batch(batched, _run_name(batch))
        if outcome.name_taken:  # by a file from before a restore of the database
            batch = _new_batch(provider, batched)
            outcome = _send_batch(batched, _run_name(batch))
        _record_batch(batched, owner, outcome)
        outcomes[f"{provider}-{_run_name(batch)}"] = outcome.kind
    return outcomes


def _run_name(batch: DeliveryBatch) -> str:
    return f"{timezone.localtime(batch.made_at):%Y%m%d}-{batch.serial:06}"


def _under_way() -> QuerySet[Attempt, Any]:
    return Attempt.objects.filter(outcome=OutcomeKind.UNDER_WAY).values("notice")


def _claimed_items(notices: QuerySet[Notice], owner: str, now: datetime) -> list[_BatchItem]:
    rows = notices.select_related("book", "replaces").filter(MAY_LEAVE, id__in=_under_way())
    claimed = claim_due_rows(rows, owner, now=now, seconds=_LEASE_SECONDS, limit=MOST, early=True)
    items = [item for notice in claimed if (item := _batch_item(notice, owner, now))]
    return sorted(items, key=lambda item: (item.notice.written_at or now, item.notice.id))


def _batch_item(notice: Notice, owner: str, now: datetime) -> _BatchItem | None:
    """The claimed notice as part of a batch; None where it does not go out with one, and its lease is released."""
    task = pending_task(notice)
    if task is None:
        release_if_pending(notice, owner)
        return None
    last = notice.attempts_made.filter(withdrawal=task.kind.withdrawal).order_by("ordinal").last()
    if last is None or last.outcome != OutcomeKind.UNDER_WAY:
        release_lease(notice, owner, due_at=now)  # deliver_due_notices makes the first attempt
    elif task.kind.withdrawal and not _has_left(notice):
        record_attempt(task, last, owner, Outcome(OutcomeKind.SENT, "it had not left yet"))
    elif _is_readable(task, last):
        return _BatchItem(task, last)
    else:
        release_lease(notice, owner, due_at=now)  # deliver_due_notices gives it up in the end
    return None


def _is_readable(task: DeliveryTask, attempt: Attempt) -> bool:
    """Whether its message can be made. One that cannot would keep all others of the batch from leaving."""
    try:
        return bool(task.form and task.message(attempt.reference))
    except DatabaseError:
        raise
    except Exception as error:  # a form that does not open, whatever else is wrong with it
        log.error("notice %s cannot be put into a batch: %s", task.notice.id, type(error).__name__)
        return False


def _has_left(notice: Notice) -> bool:
    return provider_has_it(notice) or notice.attempts_made.filter(reference__startswith=_PREFIX).exists()


def _batches(provider: str, items: Sequence[_BatchItem]) -> list[tuple[DeliveryBatch, list[_BatchItem]]]:
    """The batches that earlier runs numbered, and one new batch for all other items."""
    by_serial: dict[str, list[_BatchItem]] = defaultdict(list)
    for item in items:
        by_serial[item.serial].append(item)
    fresh = by_serial.pop("", [])
    batches = [
        (DeliveryBatch.objects.get(provider=provider, serial=int(serial)), numbered)
        for serial, numbered in sorted(by_serial.items())
    ]
    return [*batches, (_new_batch(provider, fresh), fresh)] if fresh else batches


def _new_batch(provider: str, items: Sequence[_BatchItem]) -> DeliveryBatch:
    """A batch of the next serial, after those of the database and those that its place knows: where the database was
    restored, the provider may have fetched files that it has forgotten.
    """
    first, *_further = items
    known = CHANNELS[first.notice.channel].last_serial
    there = known(first.task.message().table, provider) if known else 0
    with transaction.atomic():
        last = DeliveryBatch.objects.filter(provider=provider).aggregate(Max("serial"))["serial__max"] or 0
        batch = DeliveryBatch.objects.create(provider=provider, serial=max(last, there) + 1, made_at=database_now())
        for item in items:
            item.attempt.reference = f"{_PREFIX}{batch.serial}"
            item.attempt.save(update_fields=["reference"])
    return batch


def _send_batch(items: Sequence[_BatchItem], name: str) -> Outcome:
    first, *_further = items
    send = CHANNELS[first.notice.channel].send_batch
    assert send
    try:
        return send([item.task.message(item.attempt.reference) for item in items], name)
    except Exception as error:
        log.error("lot %s: %s", name, type(error).__name__)
        return Outcome(OutcomeKind.UNKNOWN, type(error).__name__)


def _record_batch(items: Sequence[_BatchItem], owner: str, outcome: Outcome) -> None:
    for item in items:
        if outcome.kind == OutcomeKind.SENT:
            # The reference stays: it says in which batch it went.
            sent = Outcome(outcome.kind, outcome.evidence, reference=item.attempt.reference)
            record_attempt(item.task, item.attempt, owner, sent)
        else:
            release_lease(item.notice, owner, due_at=database_now() + _AGAIN)
