"""What there is to do for a due notice: bring it to its provider, or bring word that it was taken back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from renrakucho.channel.message import NoticeMessage, SenderPortal
from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery.retry_policy import retry_deadline
from renrakucho.mail.models import MailKind
from renrakucho.notice.connected_providers import connection_of, provider_name
from renrakucho.notice.models import Notice, Procedure, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.provider_actions import is_resend_requested

# After these nothing of it can be at the provider. After any other it may be, a crash while sending included.
_NOT_THERE = (OutcomeKind.TRY_LATER, OutcomeKind.REFUSED)
_HAS_IT = (ReceiptKind.SENT, ReceiptKind.OPENED, ReceiptKind.TAKEN, ReceiptKind.RETURNED)
_DONE = (ReceiptKind.REPLACED, ReceiptKind.WITHDRAWAL_SENT, ReceiptKind.WITHDRAWAL_UNDELIVERED)


@dataclass(frozen=True)
class DeliveryTask:
    """Which receipt asked for it, which ones its two ends leave, and which mail tells the mover of the bad one; None
    where the bad one changes nothing.
    """

    withdrawal: bool
    asked: ReceiptKind
    arrived: ReceiptKind
    given_up: ReceiptKind | None
    mail: MailKind | None


NOTICE = DeliveryTask(False, ReceiptKind.ENTERED, ReceiptKind.SENT, ReceiptKind.UNDELIVERED, MailKind.UNDELIVERED)
WITHDRAWAL = DeliveryTask(
    True,
    ReceiptKind.WITHDRAWN,
    ReceiptKind.WITHDRAWAL_SENT,
    ReceiptKind.WITHDRAWAL_UNDELIVERED,
    MailKind.WITHDRAWAL_UNDELIVERED,
)
AGAIN = DeliveryTask(False, ReceiptKind.ASKED_AGAIN, ReceiptKind.SENT, None, None)


def pending_task(notice: Notice) -> DeliveryTask | None:
    """What is to do as it stands; None: nothing. What was replaced needs no word: the new notice names it."""
    if notice.status == Status.ENTERED:
        return NOTICE
    if notice.status in (Status.SENT, Status.UNDELIVERED):
        return AGAIN if is_resend_requested(notice) else None
    if notice.status != Status.WITHDRAWN or notice.receipts.filter(kind__in=_DONE).exists():
        return None
    went_out = notice.attempts_made.filter(withdrawal=False).exclude(outcome__in=_NOT_THERE)
    return WITHDRAWAL if went_out.exists() or provider_has_it(notice) else None


def provider_has_it(notice: Notice) -> bool:
    """Whether the provider is known to have it: it arrived, or its people or system came for it, whatever became of our
    own attempts.
    """
    return notice.receipts.filter(kind__in=_HAS_IT).exists()


def task_deadline(notice: Notice, errand: DeliveryTask) -> datetime | None:
    """After this it is too late for the move; None where the form says nothing of its day."""
    on = frozen_form(notice).facts.get("move.leave_on" if notice.procedure == Procedure.STOP else "move.arrive_on")
    return retry_deadline(date.fromisoformat(on), requested_at(notice, errand)) if on else None


def requested_at(notice: Notice, errand: DeliveryTask) -> datetime:
    """When the mover asked for it."""
    return notice.receipts.filter(kind=errand.asked).latest("recorded_at").recorded_at


def message_for(notice: Notice, errand: DeliveryTask, reference: str) -> NoticeMessage:
    """The notice as its channel is handed it; a withdrawal under a key of its own."""
    way = connection_of(notice.provider)
    return NoticeMessage(
        key=f"{notice.id}:withdrawn" if errand.withdrawal else str(notice.id),
        number=notice.number,
        provider=notice.provider,
        provider_name=provider_name(notice.provider),
        procedure=notice.procedure,
        filled=frozen_form(notice),
        written_at=notice.written_at or timezone.now(),
        portal=this_portal(),
        table=way.tables.get(notice.channel, {}) if way else {},
        replaces=notice.replaces.number if notice.replaces else "",
        withdrawn=errand.withdrawal,
        reference=reference,
        again=_which_time(notice) if errand == AGAIN else "",
        until=task_deadline(notice, errand),
    )


def _which_time(notice: Notice) -> str:
    return str(notice.receipts.filter(kind=ReceiptKind.ASKED_AGAIN).count())


def this_portal() -> SenderPortal:
    """As this installation is set up."""
    return SenderPortal(settings.PORTAL_NAME, settings.BASE_URL, settings.CONTACT)
