"""What the mover can do with a notice. Each is safe to repeat: a second press finds it done."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.lease import make_due
from renrakucho.notice.draft import draft_of, seal_draft
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.opening import new_numbers
from renrakucho.notice.shelf import connection
from renrakucho.notice.writing import write, write_as
from renrakucho.receipt.leaf import leaf_of
from renrakucho.receipt.models import Kind
from renrakucho.receipt.record import OutOfTurn, locked, record
from renrakucho.sheet.filled import Filled


def enter(notice: Notice) -> Notice:
    """Confirm and have it sent. Raises CannotSay, OutsideWindow, NoSuchSheet, OutOfTurn."""
    with transaction.atomic():
        notice = locked(notice)
        if notice.written_at and notice.status != Status.WITHDRAWN:
            return notice
        _write_and_enter(notice)
        return notice


def change(notice: Notice) -> Notice:
    """Send a new notice that replaces this one; the old one stays as it was told, withdrawn.

    Raises CannotSay, OutsideWindow, NoSuchSheet, and OutOfTurn where the provider has accepted meanwhile.
    """
    with transaction.atomic():
        old = locked(notice)
        again = Notice.objects.filter(replaces=old).first()
        if again:
            return again
        record(old, Kind.REPLACED)
        new = Notice(
            number=new_numbers(1)[0],
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


def enter_from_portal(notice: Notice, filled: Filled, detail: dict[str, str]) -> None:
    """The word of a mover who confirmed at another portal; `filled` is what they confirmed, `detail` says where.

    What it replaces is withdrawn with it. Raises OutOfTurn where the provider has accepted that meanwhile.
    """
    with transaction.atomic():
        if notice.replaces and notice.replaces.status != Status.WITHDRAWN:
            record(notice.replaces, Kind.REPLACED, detail=detail)
        record(notice, Kind.ENTERED, detail=detail)
        write_as(notice, filled)
        make_due(notice, timezone.now())


def _write_and_enter(notice: Notice) -> None:
    record(notice, Kind.ENTERED)
    write(notice)
    make_due(notice, timezone.now())


def hand_over(notice: Notice) -> Notice:
    """Freeze the sheet for the mover's browser to carry; again, it is the same sheet, and the way back stays open
    longer. Raises CannotSay, OutsideWindow, NoSuchSheet, OutOfTurn.
    """
    with transaction.atomic():
        notice = locked(notice)
        if notice.status == Status.HANDED_OVER:
            way = connection(notice.provider)
            notice.return_until = timezone.now() + timedelta(hours=way.valid_hours if way else 0)
            notice.save(update_fields=["return_until"])
            return notice
        record(notice, Kind.HANDED_OVER)
        write(notice)
        return notice


def own_word(notice: Notice) -> None:
    """Keep the mover's word that it is done: on the provider's own site, or by telephone where it cannot be done here.
    It is shown as that, and never as 受理. Raises OutOfTurn.
    """
    with transaction.atomic():
        notice = locked(notice)
        by_telephone = notice.status == Status.NOT_ENTERED and not leaf_of(notice).may_begin
        if not by_telephone and notice.status != Status.HANDED_OVER:
            raise OutOfTurn(Kind.OWN_WORD, notice.status)
        if not notice.receipts.filter(kind=Kind.OWN_WORD).exists():
            record(notice, Kind.OWN_WORD)


def withdraw(notice: Notice) -> None:
    """Take it back, and have the provider told where it may have the notice already.

    Raises OutOfTurn: what is accepted, or done on the provider's own site, is undone there.
    """
    with transaction.atomic():
        notice = locked(notice)
        if notice.status == Status.WITHDRAWN:
            return
        record(notice, Kind.WITHDRAWN)
        if notice.written_at and not notice.leased_until:  # whoever has it in hand finds out when he is through
            make_due(notice, timezone.now())
