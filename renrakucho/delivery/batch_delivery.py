"""Notices that travel many at once: what the channel left under way is gathered into lots, one a provider and run.

A lot is numbered before it is carried, and each notice's attempt names its lot: what a run leaves that dies in the
middle, the next one carries, with the same notices under the same name.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.deliver_notices import finish_or_requeue, record_attempt
from renrakucho.delivery.delivery_task import DeliveryTask, message_for, pending_task, provider_has_it
from renrakucho.delivery.models import Attempt, DeliveryBatch
from renrakucho.lib.lease import claim_due_rows, release_lease
from renrakucho.lib.sealing import SealBroken
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_form

log = logging.getLogger(__name__)

MOST = 2_000  # notices of a lot
_LEASE_SECONDS = 900
_AGAIN = timedelta(hours=1)
_LOT = "lot:"


@dataclass(frozen=True)
class _Item:
    notice: Notice
    errand: DeliveryTask
    attempt: Attempt


def deliver_batches(owner: str, *, now: datetime | None = None) -> dict[str, OutcomeKind]:
    """Carry what waits. Returns the outcome by the lot's name, `<provider>-<day>-<serial>`."""
    done: dict[str, OutcomeKind] = {}
    for name, channel in CHANNELS.items():
        waiting = Notice.objects.filter(channel=name, due_at__isnull=False).values_list("provider", flat=True)
        for provider in sorted(set(waiting)) if channel.send_batch else ():
            items = _taken(provider, name, owner, now or timezone.now())
            for lot, lots_items in _lots(provider, items):
                run = f"{timezone.localtime(lot.made_at):%Y%m%d}-{lot.serial:06}"
                done[f"{provider}-{run}"] = _carry(lots_items, run, owner)
    return done


def _taken(provider: str, channel: str, owner: str, now: datetime) -> list[_Item]:
    """What is under way and nobody has in hand, leased to us."""
    under_way = Attempt.objects.filter(outcome=OutcomeKind.UNDER_WAY).values("notice")
    rows = Notice.objects.select_related("book", "replaces").filter(provider=provider, channel=channel)
    items = []
    for notice in claim_due_rows(
        rows.filter(id__in=under_way), owner, now=now, seconds=_LEASE_SECONDS, limit=MOST, early=True
    ):
        errand = pending_task(notice)
        if errand is None:
            finish_or_requeue(notice, owner)
            continue
        last = notice.attempts_made.filter(withdrawal=errand.withdrawal).order_by("ordinal").last()
        if last is None or last.outcome != OutcomeKind.UNDER_WAY:
            release_lease(notice, owner, due_at=now)  # the postman's turn
        elif errand.withdrawal and not _has_left(notice):
            record_attempt(notice, errand, last, owner, Outcome(OutcomeKind.SENT, "it had not left yet"))
        elif _opens(notice):
            items.append(_Item(notice, errand, last))
        else:
            release_lease(notice, owner, due_at=now)  # the postman gives it up in the end
    return sorted(items, key=lambda item: (item.notice.written_at or now, item.notice.id))


def _opens(notice: Notice) -> bool:
    """One that cannot be opened stays out of the lot, or it would keep all others of that night from leaving."""
    try:
        frozen_form(notice)
    except SealBroken:
        log.error("notice %s cannot be opened", notice.id)
        return False
    return True


def _has_left(notice: Notice) -> bool:
    return provider_has_it(notice) or notice.attempts_made.filter(reference__startswith=_LOT).exists()


def _lots(provider: str, items: Sequence[_Item]) -> list[tuple[DeliveryBatch, list[_Item]]]:
    """By lot: those that an earlier run numbered, and one new lot for all others."""
    by_lot: dict[str, list[_Item]] = defaultdict(list)
    for item in items:
        reference = item.attempt.reference
        by_lot[reference.removeprefix(_LOT) if reference.startswith(_LOT) else ""].append(item)
    fresh = by_lot.pop("", [])
    lots = [
        (DeliveryBatch.objects.get(provider=provider, serial=int(serial)), its)
        for serial, its in sorted(by_lot.items())
    ]
    if fresh:
        with transaction.atomic():
            last = DeliveryBatch.objects.filter(provider=provider).aggregate(Max("serial"))["serial__max"] or 0
            lot = DeliveryBatch.objects.create(provider=provider, serial=last + 1, made_at=timezone.now())
            for item in fresh:
                item.attempt.reference = f"{_LOT}{lot.serial}"
                item.attempt.save(update_fields=["reference"])
        lots.append((lot, fresh))
    return lots


def _carry(items: Sequence[_Item], name: str, owner: str) -> OutcomeKind:
    carry = CHANNELS[items[0].notice.channel].send_batch
    assert carry
    try:
        outcome = carry([message_for(item.notice, item.errand, item.attempt.reference) for item in items], name)
    except Exception as error:
        log.error("lot %s: %s", name, type(error).__name__)
        outcome = Outcome(OutcomeKind.UNKNOWN, type(error).__name__)
    for item in items:
        if outcome.kind == OutcomeKind.SENT:
            # The reference stays: it says in which lot it went.
            sent = Outcome(outcome.kind, outcome.evidence, reference=item.attempt.reference)
            record_attempt(item.notice, item.errand, item.attempt, owner, sent)
        else:
            release_lease(item.notice, owner, due_at=timezone.now() + _AGAIN)
    return outcome.kind
