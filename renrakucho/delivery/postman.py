"""The postman for notices: claim, send, record.

The notices are the outbox: a due row is leased, sent under its own id as key, and recorded. A worker that dies leaves a
lease that runs out, and the next one sends again under the same key.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from renrakucho.channel.channels import CHANNELS
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.channel.parcel import Parcel
from renrakucho.delivery.models import Attempt
from renrakucho.delivery.patience import BATCH, LEASE_SECONDS, MOST_ATTEMPTS, wait_after
from renrakucho.lib.lease import claim, finish, put_back
from renrakucho.mail.models import MailKind
from renrakucho.mover.sealed import seal_for
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.writing import told
from renrakucho.receipt.models import Kind
from renrakucho.receipt.provider_turn import tell
from renrakucho.receipt.record import record

log = logging.getLogger(__name__)


def deliver_due(owner: str, *, now: datetime | None = None, limit: int = BATCH) -> int:
    """Deliver what is due. Returns how many notices were taken in hand."""
    taken = claim(
        Notice.objects.select_related("book"),
        owner,
        now=now or timezone.now(),
        seconds=LEASE_SECONDS,
        limit=limit,
    )
    for notice in taken:
        _deliver(notice, owner)
    return len(taken)


def _deliver(notice: Notice, owner: str) -> None:
    if notice.status != Status.ENTERED:
        finish(notice, owner)  # withdrawn or replaced while it lay here
        return
    attempt = Attempt.objects.create(notice=notice, ordinal=notice.attempts, started_at=timezone.now())
    outcome = _send(notice)
    with transaction.atomic():
        attempt.outcome = outcome.kind.value
        attempt.evidence = seal_for(notice.book, f"attempt:{attempt.id}", {"evidence": outcome.evidence})
        attempt.save(update_fields=["outcome", "evidence"])
        _record(notice, owner, outcome)


def _send(notice: Notice) -> Outcome:
    try:
        send = CHANNELS[notice.channel]
        return send(Parcel(str(notice.id), notice.number, notice.provider, told(notice)))
    except Exception as error:
        # Whatever a channel does not foresee: it may have gone out, so it is unknown, and repeated under its key.
        log.error("notice %s: %s", notice.id, type(error).__name__)
        return Outcome(OutcomeKind.UNKNOWN, type(error).__name__)


def _record(notice: Notice, owner: str, outcome: Outcome) -> None:
    """Record what came of it, if the lease is still ours; another worker's record stands otherwise."""
    if outcome.kind == OutcomeKind.SENT:
        if finish(notice, owner) and _still_entered(notice):
            record(notice, Kind.SENT, detail={"evidence": outcome.evidence})
        return
    if outcome.kind == OutcomeKind.REFUSED or notice.attempts >= MOST_ATTEMPTS:
        if finish(notice, owner) and _still_entered(notice):
            record(notice, Kind.UNDELIVERED, detail={"evidence": outcome.evidence})
            tell(notice, MailKind.UNDELIVERED)
        return
    put_back(notice, owner, due_at=timezone.now() + wait_after(notice.attempts))


def _still_entered(notice: Notice) -> bool:
    status: str = Notice.objects.select_for_update().values_list("status", flat=True).get(id=notice.id)
    return status == Status.ENTERED
