"""What the mover can do with a notice. Each is safe to repeat: a second press finds it done."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.lease import make_due
from renrakucho.notice.connected_providers import connection_of
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import draft_of, freeze_filled_form, freeze_form, seal_draft
from renrakucho.notice.registration import new_notice_numbers
from renrakucho.receipt.evidence import PeerConfirmation
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.notice_view import notice_view
from renrakucho.receipt.transitions import InvalidTransition, locked_notice, record_receipt
from renrakucho.sheet.filled import FilledSheet


def enter_notice(notice: Notice) -> Notice:
    """Confirm and have it sent. Raises CannotSay, OutsideWindow, NoSuchSheet, OutOfTurn."""
    with transaction.atomic():
        notice = locked_notice(notice)
        if notice.written_at and notice.status != Status.WITHDRAWN:
            return notice
        _write_and_enter(notice)
        return notice


def replace_notice(notice: Notice) -> Notice:
    """Send a new notice that replaces this one; the old one stays as it was told, withdrawn.

    Raises CannotSay, OutsideWindow, NoSuchSheet, and OutOfTurn where the provider has accepted meanwhile.
    """
    with transaction.atomic():
        old = locked_notice(notice)
        again = Notice.objects.filter(replaces=old).first()
        if again:
            return again
        record_receipt(old, ReceiptKind.REPLACED)
        new = Notice(
            number=new_notice_numbers(1)[0],
            book=old.book,
            industry=old.industry,
            procedure=old.procedure,
            provider=old.provider,
            channel=old.channel,
            offer=old.offer,
            position=old.position,
            replaces=old,
            created_at=timezone.now(),
        )
        new.draft = seal_draft(new, draft_of(old))
        new.save(force_insert=True)
        _write_and_enter(new)
        return new


def enter_peer_notice(notice: Notice, filled: FilledSheet, evidence: PeerConfirmation) -> None:
    """The word of a mover who confirmed at another portal; `filled` is what they confirmed, `evidence` says where.

    What it replaces is withdrawn with it. Raises OutOfTurn where the provider has accepted that meanwhile.
    """
    with transaction.atomic():
        if notice.replaces and notice.replaces.status != Status.WITHDRAWN:
            record_receipt(notice.replaces, ReceiptKind.REPLACED, evidence)
        record_receipt(notice, ReceiptKind.ENTERED, evidence)
        freeze_filled_form(notice, filled)
        make_due(notice, timezone.now())


def _write_and_enter(notice: Notice) -> None:
    record_receipt(notice, ReceiptKind.ENTERED)
    freeze_form(notice)
    make_due(notice, timezone.now())


def hand_over_notice(notice: Notice) -> Notice:
    """Freeze the sheet for the mover's browser to carry; again, it is the same sheet, and the way back stays open
    longer. Raises CannotSay, OutsideWindow, NoSuchSheet, OutOfTurn.
    """
    with transaction.atomic():
        notice = locked_notice(notice)
        if notice.status == Status.HANDED_OVER:
            way = connection_of(notice.provider)
            notice.return_until = timezone.now() + timedelta(hours=way.valid_hours if way else 0)
            notice.save(update_fields=["return_until"])
            return notice
        record_receipt(notice, ReceiptKind.HANDED_OVER)
        freeze_form(notice)
        return notice


def record_own_word(notice: Notice) -> None:
    """Keep the mover's word that it is done: on the provider's own site, or by telephone where it cannot be done here.
    It is shown as that, and never as 受理. Raises OutOfTurn.
    """
    with transaction.atomic():
        notice = locked_notice(notice)
        by_telephone = notice.status == Status.NOT_ENTERED and not notice_view(notice).may_begin
        if not by_telephone and notice.status != Status.HANDED_OVER:
            raise InvalidTransition(ReceiptKind.OWN_WORD, notice.status)
        if not notice.receipts.filter(kind=ReceiptKind.OWN_WORD).exists():
            record_receipt(notice, ReceiptKind.OWN_WORD)


def withdraw_notice(notice: Notice) -> None:
    """Take it back, and have the provider told where it may have the notice already.

    Raises OutOfTurn: what is accepted, or done on the provider's own site, is undone there.
    """
    with transaction.atomic():
        notice = locked_notice(notice)
        if notice.status == Status.WITHDRAWN:
            return
        record_receipt(notice, ReceiptKind.WITHDRAWN)
        if notice.written_at and not notice.leased_until:  # whoever has it in hand finds out when he is through
            make_due(notice, timezone.now())
