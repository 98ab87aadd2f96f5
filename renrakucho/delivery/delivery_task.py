"""Delivery task: what a due notice needs. It is brought to its provider, brought again, or its withdrawal is."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.utils import timezone

from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery.models import Attempt
from renrakucho.delivery.retry_policy import LONGEST_DEPLOY, retry_deadline
from renrakucho.lib.database_clock import database_now
from renrakucho.mail.models import MailKind
from renrakucho.notice.connected_providers import connection_of, provider_name, this_portal
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.provider_actions import is_resend_requested
from renrakucho.receipt.transitions import may_happen
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.procedure import procedure_day

# After these nothing of it can be at the provider. After any other it may be, a crash while sending included.
NOT_THERE = (OutcomeKind.TRY_LATER, OutcomeKind.REFUSED)
_HAS_IT = (ReceiptKind.SENT, ReceiptKind.OPENED, ReceiptKind.TAKEN, ReceiptKind.RETURNED)
_STEPS_OF_WITHDRAWAL = (
    ReceiptKind.WITHDRAWN,
    ReceiptKind.REPLACED,
    ReceiptKind.WITHDRAWAL_SENT,
    ReceiptKind.WITHDRAWAL_UNDELIVERED,
    ReceiptKind.RETRIED,
)


@dataclass(frozen=True)
class DeliveryKind:
    """requested_by: the receipts of the request. arrived, given_up: those of its two ends, and the mails that tell
    the mover of each. given_up and the mails are None where that changes nothing.
    """

    withdrawal: bool
    requested_by: tuple[ReceiptKind, ...]
    arrived: ReceiptKind
    given_up: ReceiptKind | None
    arrival_mail: MailKind | None
    given_up_mail: MailKind | None


FIRST_DELIVERY = DeliveryKind(
    False,
    (ReceiptKind.ENTERED, ReceiptKind.RETRIED),
    ReceiptKind.SENT,
    ReceiptKind.UNDELIVERED,
    MailKind.SENT,
    MailKind.UNDELIVERED,
)
WITHDRAWAL = DeliveryKind(
    True,
    (ReceiptKind.WITHDRAWN, ReceiptKind.RETRIED),
    ReceiptKind.WITHDRAWAL_SENT,
    ReceiptKind.WITHDRAWAL_UNDELIVERED,
    None,
    MailKind.WITHDRAWAL_UNDELIVERED,
)
RESEND = DeliveryKind(False, (ReceiptKind.ASKED_AGAIN,), ReceiptKind.SENT, None, None, None)


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
        """When the mover, the provider or the operator requested it last."""
        return self.notice.receipts.filter(kind__in=self.kind.requested_by).latest("recorded_at").recorded_at

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
    def may_be_deploy(self) -> bool:
        """Whether an address that is not found may be there again soon: it took another notice before, and the first
        attempt is no day ago.
        """
        first = self.tries_before[0].started_at if self.tries_before else database_now()
        others = Notice.objects.filter(provider=self.notice.provider, channel=self.notice.channel)
        taken = Attempt.objects.filter(notice__in=others, outcome=OutcomeKind.SENT)
        return database_now() - first < LONGEST_DEPLOY and taken.exists()

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
            started_at=database_now(),
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
            reported=self.kind.withdrawal and notice.book.disavowed_at is not None,
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
    if notice.status != Status.WITHDRAWN or not _is_withdrawal_requested(notice):
        return None
    went_out = notice.attempts_made.filter(withdrawal=False).exclude(outcome__in=NOT_THERE)
    return WITHDRAWAL if went_out.exists() or provider_has_it(notice) else None


def _is_withdrawal_requested(notice: Notice) -> bool:
    """Whether word of the withdrawal is to go out, or to go once more. A notice that was replaced needs no word of its
    own: the new one names it.
    """
    last = notice.receipts.filter(kind__in=_STEPS_OF_WITHDRAWAL).order_by("id").last()
    return last is not None and last.kind in WITHDRAWAL.requested_by


def provider_has_it(notice: Notice) -> bool:
    """Whether the provider is known to have it: it arrived, or its people or system came for it, whatever became of our
    own attempts.
    """
    return notice.receipts.filter(kind__in=_HAS_IT).exists()


def _resend_number(notice: Notice) -> str:
    return str(notice.receipts.filter(kind=ReceiptKind.ASKED_AGAIN).count())
