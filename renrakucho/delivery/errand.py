"""What there is to do for a due notice: bring it to its provider, or bring word that it was taken back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from renrakucho.channel.outcome import OutcomeKind
from renrakucho.channel.parcel import Parcel
from renrakucho.delivery.patience import last_moment
from renrakucho.delivery.portal import this_portal
from renrakucho.mail.models import MailKind
from renrakucho.notice.models import Notice, Procedure, Status
from renrakucho.notice.shelf import connection, provider_name
from renrakucho.notice.writing import told
from renrakucho.receipt.models import Kind
from renrakucho.receipt.provider_turn import is_asked_again

# After these nothing of it can be at the provider. After any other it may be, a crash while sending included.
_NOT_THERE = (OutcomeKind.TRY_LATER, OutcomeKind.REFUSED)
_HAS_IT = (Kind.SENT, Kind.OPENED, Kind.TAKEN, Kind.RETURNED)
_DONE = (Kind.REPLACED, Kind.WITHDRAWAL_SENT, Kind.WITHDRAWAL_UNDELIVERED)


@dataclass(frozen=True)
class Errand:
    """Which receipt asked for it, which ones its two ends leave, and which mail tells the mover of the bad one; None
    where the bad one changes nothing.
    """

    withdrawal: bool
    asked: Kind
    arrived: Kind
    given_up: Kind | None
    mail: MailKind | None


NOTICE = Errand(False, Kind.ENTERED, Kind.SENT, Kind.UNDELIVERED, MailKind.UNDELIVERED)
WITHDRAWAL = Errand(
    True, Kind.WITHDRAWN, Kind.WITHDRAWAL_SENT, Kind.WITHDRAWAL_UNDELIVERED, MailKind.WITHDRAWAL_UNDELIVERED
)
AGAIN = Errand(False, Kind.ASKED_AGAIN, Kind.SENT, None, None)


def errand_of(notice: Notice) -> Errand | None:
    """What is to do as it stands; None: nothing. What was replaced needs no word: the new notice names it."""
    if notice.status == Status.ENTERED:
        return NOTICE
    if notice.status in (Status.SENT, Status.UNDELIVERED):
        return AGAIN if is_asked_again(notice) else None
    if notice.status != Status.WITHDRAWN or notice.receipts.filter(kind__in=_DONE).exists():
        return None
    went_out = notice.attempts_made.filter(withdrawal=False).exclude(outcome__in=_NOT_THERE)
    return WITHDRAWAL if went_out.exists() or has_it(notice) else None


def has_it(notice: Notice) -> bool:
    """Whether the provider is known to have it: it arrived, or its people or system came for it, whatever became of our
    own attempts.
    """
    return notice.receipts.filter(kind__in=_HAS_IT).exists()


def until(notice: Notice, errand: Errand) -> datetime | None:
    """After this it is too late for the move; None where the form says nothing of its day."""
    on = told(notice).facts.get("move.leave_on" if notice.procedure == Procedure.STOP else "move.arrive_on")
    return last_moment(date.fromisoformat(on), asked_at(notice, errand)) if on else None


def asked_at(notice: Notice, errand: Errand) -> datetime:
    """When the mover asked for it."""
    return notice.receipts.filter(kind=errand.asked).latest("recorded_at").recorded_at


def parcel_of(notice: Notice, errand: Errand, reference: str) -> Parcel:
    """The notice as its channel is handed it; a withdrawal under a key of its own."""
    way = connection(notice.provider)
    return Parcel(
        key=f"{notice.id}:withdrawn" if errand.withdrawal else str(notice.id),
        number=notice.number,
        provider=notice.provider,
        provider_name=provider_name(notice.provider),
        procedure=notice.procedure,
        filled=told(notice),
        written_at=notice.written_at or timezone.now(),
        portal=this_portal(),
        table=way.tables.get(notice.channel, {}) if way else {},
        replaces=notice.replaces.number if notice.replaces else "",
        withdrawn=errand.withdrawal,
        reference=reference,
        again=_which_time(notice) if errand == AGAIN else "",
        until=until(notice, errand),
    )


def _which_time(notice: Notice) -> str:
    return str(notice.receipts.filter(kind=Kind.ASKED_AGAIN).count())
