"""Held notices: people at a desk or the bureau hold what waits at a sudden rise, and release or refuse it.

Each act is idempotent and writes its audit rows in its own transaction. A desk holds its own provider's notices; the
bureau holds any provider's, and those of one address left whoever they are for. The worker mails each mover once that
a notice is held (tell_movers_of_holds), however the hold came over it.
"""

import logging
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.sealing import SealBroken
from renrakucho.mail.models import Mail, MailKind
from renrakucho.notice.models import HolderState, Notice, PeerOrigin, SendingHold, Status
from renrakucho.notice.sending_hold import end_hold, held_notices, let_go, place_hold
from renrakucho.provider.audit_log import AuditAction, log_operation
from renrakucho.provider.staff import BUREAU, Staff
from renrakucho.receipt.evidence import RefusedByBureau, StaffActor
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.provider_actions import answer_notice, mail_mover_about
from renrakucho.receipt.provider_answer import ProviderAnswer
from renrakucho.receipt.transitions import locked_notice, record_receipt

log = logging.getLogger(__name__)
_BATCH = 100


class EmptyHold(InvalidInput):
    """A hold has to be for a provider or for an address left: everything at once is never meant."""


def hold_sending(staff: Staff, provider: str, address: str) -> int:
    """Hold what waits, and what comes, for this provider, this address left (a keyed hash), or both. Returns how many
    wait. A desk's hold is for its own provider, whatever it names. Raises EmptyHold.
    """
    provider = staff.provider or provider
    if not provider and not address:
        raise EmptyHold
    with transaction.atomic():
        numbers = place_hold(provider, address)
        _log(staff, AuditAction.HELD, provider, numbers)
    return len(numbers)


def release_hold(staff: Staff, hold: SendingHold) -> int:
    """End the hold; what no other hold keeps is sent now. Returns how many. Pressed again, it changes nothing."""
    with transaction.atomic():
        standing = SendingHold.objects.select_for_update().filter(id=hold.id).first()
        if standing is None:
            return 0
        numbers = end_hold(standing)
        _log(staff, AuditAction.HELD_RELEASED, hold.provider, numbers)
    return len(numbers)


def release_notice(staff: Staff, notice: Notice) -> bool:
    """Send one held notice, while the hold stands on. False: it is not held any more."""
    with transaction.atomic():
        locked = locked_notice(notice)
        if not _is_held(locked):
            return False
        let_go(Notice.objects.filter(id=locked.id))
        _log(staff, AuditAction.HELD_RELEASED, locked.provider, [locked.number])
    return True


def refuse_notice(staff: Staff, notice: Notice, reason: str = "") -> bool:
    """Refuse one held notice, and mail its mover. A desk returns it with its reason; the bureau, which does not read
    it, records that it was not sent from here, and the mover is asked to telephone. False: it is not held any more.
    """
    with transaction.atomic():
        locked = locked_notice(notice)
        if not _is_held(locked):
            return False
        if staff.provider == BUREAU:
            record_receipt(locked, ReceiptKind.UNDELIVERED, RefusedByBureau())
            mail_mover_about(locked, MailKind.NOT_SENT)
        else:
            answer_notice(locked, ProviderAnswer(reason=reason), StaffActor(staff))
        Notice.objects.filter(id=locked.id).update(due_at=None)
        _log(staff, AuditAction.HELD_REFUSED, locked.provider, [locked.number])
    return True


def holds_at(provider: str) -> list[SendingHold]:
    """The holds that this provider's desk may end."""
    return list(SendingHold.objects.filter(provider=provider).order_by("begun_at"))


def tell_movers_of_holds() -> int:
    """Mail the movers whose notices are held that they wait, once a notice. Returns how many mails. Whose mailbox is
    not proved is told nothing: they may be a stranger to the book.
    """
    ids = list(_untold().values_list("id", flat=True)[:_BATCH])
    return sum(_tell_mover(notice_id) for notice_id in ids)


def _untold() -> QuerySet[Notice]:
    told = Mail.objects.filter(kind=MailKind.HELD, about=OuterRef("pk"))
    peers = PeerOrigin.objects.filter(notice=OuterRef("pk"))
    mine = held_notices().filter(~Exists(told), ~Exists(peers), book__mailbox_proved_at__isnull=False)
    return mine.exclude(holder=HolderState.WAITS)


def _tell_mover(notice_id: UUID) -> bool:
    """One book that does not open keeps nobody else from being told."""
    with transaction.atomic():
        notice = locked_notice(Notice(id=notice_id))
        if not _untold().filter(id=notice.id).exists():
            return False
        try:
            mail_mover_about(notice, MailKind.HELD)
        except SealBroken:
            log.error("notice %s: no mail could be written", notice.id)
            return False
    return True


def _is_held(notice: Notice) -> bool:
    return held_notices().filter(id=notice.id).exists() and notice.status == Status.ENTERED


def _log(staff: Staff, action: AuditAction, provider: str, numbers: list[str]) -> None:
    log_operation(staff, action, about=provider, numbers=numbers or [""])
