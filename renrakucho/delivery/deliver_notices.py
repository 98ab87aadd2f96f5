"""Outbox worker for notices: claim, check, send, record.

The notices are the outbox: a due row is leased, sent under its own id as idempotency key, and recorded. A worker that
dies leaves a lease that runs out, and the next one sends again under the same key.

What a due notice needs is a delivery task: it is brought to its provider, brought again, or its withdrawal is.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db import DatabaseError, transaction
from django.utils import timezone

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.address_verification import awaits_verification
from renrakucho.delivery.models import Attempt
from renrakucho.delivery.retry_policy import (
    BATCH,
    LEASE_SECONDS,
    MOST_ATTEMPTS,
    backoff_delay,
    held_until,
    may_attempt,
    next_attempt,
    retry_deadline,
)
from renrakucho.lib.lease import claim_due_rows, finish_lease, release_lease
from renrakucho.lib.sealing import SealBroken
from renrakucho.mail.models import MailKind
from renrakucho.mover.book import seal_for_book
from renrakucho.notice.connected_providers import connection_of, provider_name, this_portal
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.receipt.evidence import ChannelEvidence
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.provider_actions import is_resend_requested, mail_mover_about
from renrakucho.receipt.transitions import locked_notice, may_happen, record_receipt
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.procedure import procedure_day

log = logging.getLogger(__name__)

# After these nothing of it can be at the provider. After any other it may be, a crash while sending included.
_NOT_THERE = (OutcomeKind.TRY_LATER, OutcomeKind.REFUSED)
_HAS_IT = (ReceiptKind.SENT, ReceiptKind.OPENED, ReceiptKind.TAKEN, ReceiptKind.RETURNED)
_DONE = (ReceiptKind.REPLACED, ReceiptKind.WITHDRAWAL_SENT, ReceiptKind.WITHDRAWAL_UNDELIVERED)


@dataclass(frozen=True)
class DeliveryKind:
    """requested_by: the receipt of the request. arrived, given_up: those of its two ends, and the mails that tell
    the mover of each. given_up and the mails are None where that changes nothing.
    """

    withdrawal: bool
    requested_by: ReceiptKind
    arrived: ReceiptKind
    given_up: ReceiptKind | None
    arrival_mail: MailKind | None
    given_up_mail: MailKind | None


FIRST_DELIVERY = DeliveryKind(
    False, ReceiptKind.ENTERED, ReceiptKind.SENT, ReceiptKind.UNDELIVERED, MailKind.SENT, MailKind.UNDELIVERED
)
WITHDRAWAL = DeliveryKind(
    True,
    ReceiptKind.WITHDRAWN,
    ReceiptKind.WITHDRAWAL_SENT,
    ReceiptKind.WITHDRAWAL_UNDELIVERED,
    None,
    MailKind.WITHDRAWAL_UNDELIVERED,
)
RESEND = DeliveryKind(False, ReceiptKind.ASKED_AGAIN, ReceiptKind.SENT, None, None, None)


@dataclass(frozen=True)
class DeliveryTask:
    """One leased notice and what to do with it. Each look-up is made once, on first use, and later changes stay out."""

    notice: Notice
    kind: DeliveryKind

    @cached_property
    def form(self) -> FilledSheet:
        """The frozen form. Raises SealBroken where it does not open."""
        return frozen_form(self.notice)

    @cached_property
    def requested_at(self) -> datetime:
        """When the mover or the provider requested it."""
        return self.notice.receipts.filter(kind=self.kind.requested_by).latest("recorded_at").recorded_at

    @cached_property
    def deadline(self) -> datetime | None:
        """After this it is too late for the move; None where the form says nothing of its day. Raises SealBroken."""
        on = procedure_day(self.notice.procedure, self.form.facts)
        return retry_deadline(on, self.requested_at) if on else None

    @cached_property
    def tries_before(self) -> tuple[Attempt, ...]:
        """The attempts since the request. Those from before it belong to another task."""
        made = self.notice.attempts_made.filter(
            withdrawal=self.kind.withdrawal, started_at__gte=self.requested_at
        ).order_by("ordinal")
        return tuple(made)

    @cached_property
    def under_way(self) -> Attempt | None:
        """The last attempt, where the channel has it under way: it is polled, and not sent again."""
        last = self.tries_before[-1] if self.tries_before else None
        return last if last and last.outcome == OutcomeKind.UNDER_WAY else None

    @property
    def tries(self) -> int:
        """How many attempts there are, with the present one; polling adds none."""
        return len(self.tries_before) + (self.under_way is None)

    def attempt(self) -> Attempt:
        """The attempt under way, or a new one, stored before it is made."""
        return self.under_way or Attempt.objects.create(
            notice=self.notice,
            ordinal=self.notice.attempts,
            withdrawal=self.kind.withdrawal,
            started_at=timezone.now(),
        )

    def message(self, reference: str = "") -> NoticeMessage:
        """The notice as its channel is handed it; a withdrawal under a key of its own. Raises SealBroken."""
        notice = self.notice
        connection = connection_of(notice.provider)
        return NoticeMessage(
            key=f"{notice.id}:withdrawn" if self.kind.withdrawal else str(notice.id),
            number=notice.number,
            provider=notice.provider,
            provider_name=provider_name(notice.provider),
            procedure=notice.procedure,
            filled=self.form,
            written_at=notice.written_at or timezone.now(),
            portal=this_portal(),
            table=connection.tables.get(notice.channel, {}) if connection else {},
            replaces=notice.replaces.number if notice.replaces else "",
            withdrawn=self.kind.withdrawal,
            reference=reference,
            again=_resend_number(notice) if self.kind == RESEND else "",
            until=self.deadline,
        )

    def without_mail(self) -> "DeliveryTask":
        """The task for a notice of which no mail can be written: its book does not open."""
        return replace(self, kind=replace(self.kind, arrival_mail=None, given_up_mail=None))


def pending_task(notice: Notice) -> DeliveryTask | None:
    """The task that the notice has at its present status; None: there is nothing to deliver."""
    kind = _pending_kind(notice)
    return DeliveryTask(notice, kind) if kind else None


def _pending_kind(notice: Notice) -> DeliveryKind | None:
    if notice.status == Status.ENTERED:
        return FIRST_DELIVERY
    if may_happen(ReceiptKind.ASKED_AGAIN, notice.status):
        return RESEND if is_resend_requested(notice) else None
    # A notice that was replaced needs no word of its own: the new one names it.
    if notice.status != Status.WITHDRAWN or notice.receipts.filter(kind__in=_DONE).exists():
        return None
    went_out = notice.attempts_made.filter(withdrawal=False).exclude(outcome__in=_NOT_THERE)
    return WITHDRAWAL if went_out.exists() or provider_has_it(notice) else None


def provider_has_it(notice: Notice) -> bool:
    """Whether the provider is known to have it: it arrived, or its people or system came for it, whatever became of our
    own attempts.
    """
    return notice.receipts.filter(kind__in=_HAS_IT).exists()


def _resend_number(notice: Notice) -> str:
    return str(notice.receipts.filter(kind=ReceiptKind.ASKED_AGAIN).count())


def deliver_due_notices(owner: str, *, now: datetime | None = None, limit: int = BATCH) -> int:
    """Deliver what is due. Returns how many notices were claimed."""
    rows = Notice.objects.select_related("book", "replaces")
    claimed = claim_due_rows(rows, owner, now=now or timezone.now(), seconds=LEASE_SECONDS, limit=limit)
    for notice in claimed:
        try:
            _deliver(notice, owner)
        except DatabaseError:
            raise
        except Exception as error:
            log.error("notice %s: %s", notice.id, type(error).__name__)
            _postpone_unreadable(notice, owner)
    return len(claimed)


def _deliver(notice: Notice, owner: str) -> None:
    task = pending_task(notice)
    if task is None:
        release_if_pending(notice, owner)
        return
    if task.under_way is None and awaits_verification(notice):
        # Nothing goes out before the address is verified; when there is no time left for that, the mover has to know.
        log.warning("notice %s: the address of %s is not proved", notice.id, notice.provider)
        unsent = Outcome(OutcomeKind.TRY_LATER, "the address is not proved")
        _settle(task, owner, unsent, held_until(task.requested_at, task.deadline))
        return
    attempt = task.attempt()
    if may_attempt(task.tries, task.deadline, under_way=bool(attempt.reference)):
        outcome = _send(task, attempt.reference)
    else:
        # No attempt before had an outcome, as when it brings the worker down each time; or no worker ran in time.
        outcome = Outcome(OutcomeKind.UNKNOWN, "not tried again")
    record_attempt(task, attempt, owner, outcome)


def _send(task: DeliveryTask, reference: str) -> Outcome:
    try:
        send = CHANNELS[task.notice.channel].send
        if send is None:
            return Outcome(OutcomeKind.REFUSED, "carried by the mover's own browser")
        return send(task.message(reference))
    except Exception as error:
        # Whatever a channel does not foresee: it may have gone out, so it is unknown, and repeated under its key.
        log.error("notice %s: %s", task.notice.id, type(error).__name__)
        return Outcome(OutcomeKind.UNKNOWN, type(error).__name__)


def record_attempt(task: DeliveryTask, attempt: Attempt, owner: str, outcome: Outcome) -> None:
    """Record the outcome of an attempt, and what it means for the notice."""
    with transaction.atomic():
        attempt.outcome = outcome.kind.value
        attempt.reference = outcome.reference
        evidence = {"evidence": outcome.evidence}
        attempt.evidence = seal_for_book(task.notice.book, f"attempt:{attempt.id}", evidence)
        attempt.save(update_fields=["outcome", "reference", "evidence"])
        sent = outcome.kind == OutcomeKind.SENT
        due_at = None if sent else next_attempt(outcome, task.tries, attempt.started_at, task.deadline)
        _settle(task, owner, outcome, due_at)


def _settle(task: DeliveryTask, owner: str, outcome: Outcome, due_at: datetime | None) -> None:
    """Decide by the outcome: arrived, due again, or given up. Without the lease, another worker's record stands."""
    notice = task.notice
    with transaction.atomic():
        if pending_task(locked_notice(notice)) != task:
            release_lease(notice, owner, due_at=timezone.now())  # answered or withdrawn meanwhile: perhaps another task
        elif outcome.kind == OutcomeKind.SENT:
            if finish_lease(notice, owner):
                _record_arrival(task, outcome.evidence)
        elif due_at:
            release_lease(notice, owner, due_at=due_at)
        else:
            _give_up(task, owner, outcome.evidence)


def _record_arrival(task: DeliveryTask, evidence: str) -> None:
    record_receipt(task.notice, task.kind.arrived, ChannelEvidence(evidence))
    if not task.kind.arrival_mail:
        return
    try:
        mail_mover_about(task.notice, task.kind.arrival_mail)
    except SealBroken:  # it has arrived, and must not be sent again because the mover cannot be told
        log.error("notice %s: no mail could be written", task.notice.id)


def _give_up(task: DeliveryTask, owner: str, evidence: str) -> None:
    if not finish_lease(task.notice, owner):
        return
    if task.kind.given_up:
        record_receipt(task.notice, task.kind.given_up, ChannelEvidence(evidence) if evidence else None)
    if task.kind.given_up_mail:
        mail_mover_about(task.notice, task.kind.given_up_mail)


def release_if_pending(notice: Notice, owner: str) -> None:
    """Finish a notice that has no task any more: it was answered, withdrawn or replaced while it was due. One that has
    been given a task meanwhile is due at once.
    """
    with transaction.atomic():
        if pending_task(locked_notice(notice)) is None:
            finish_lease(notice, owner)
        else:
            release_lease(notice, owner, due_at=timezone.now())


def _postpone_unreadable(notice: Notice, owner: str) -> None:
    """Keep a poison message from blocking the queue: a notice that does not even open is due again after a backoff, and
    given up in the end. Its page says so; a mail could not quote it, and nothing can be sealed with a key that does not
    open.
    """
    with transaction.atomic():
        task = pending_task(locked_notice(notice))
        if task and notice.attempts >= MOST_ATTEMPTS:
            _give_up(task.without_mail(), owner, "")
        else:
            release_lease(notice, owner, due_at=timezone.now() + backoff_delay(notice.attempts))
