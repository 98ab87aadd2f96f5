"""Mover actions: enter, change, hand over, note as done, withdraw, ask again.

Each is idempotent: a second press finds it done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.database_clock import database_now
from renrakucho.lib.errors import Conflict
from renrakucho.lib.lease import make_due
from renrakucho.mover.book import entries_of, save_entries
from renrakucho.mover.models import Book
from renrakucho.notice.connected_providers import connection_of
from renrakucho.notice.destination import is_destination_in_force
from renrakucho.notice.holder_state import await_holder_if_due
from renrakucho.notice.login_state import await_login_if_due
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_caps import count_sending
from renrakucho.notice.notice_form import FROZEN_FIELDS, draft_of, freeze_filled_form, freeze_form, seal_draft
from renrakucho.notice.operator_decisions import pause_of
from renrakucho.notice.outgoing_gate import require_proved_mailbox
from renrakucho.notice.postcard import queue_postcard
from renrakucho.notice.registration import new_notice_numbers
from renrakucho.notice.sending_hold import hold_if_due
from renrakucho.receipt.evidence import Evidence, OwnWord, PeerConfirmation, evidence_of
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.notice_view import notice_view
from renrakucho.receipt.transitions import (
    InvalidTransition,
    locked_notice,
    may_happen,
    record_receipt,
    require_transition,
)
from renrakucho.sheet.filled import FilledSheet


class HandoffPaused(Conflict):
    """The operator has paused hand-overs to this provider; the notice's page says why and until when."""


def is_editable(notice: Notice) -> bool:
    """Whether the mover may still fill in this notice: it can be entered, or replaced by a new one."""
    return may_happen(ReceiptKind.ENTERED, notice.status) or may_happen(ReceiptKind.REPLACED, notice.status)


def enter_notice(notice: Notice, network: str = "") -> Notice:
    """Freeze the form and make the notice due for delivery. network: where its mover sends from, for the caps.

    Raises CannotSay, OutsideWindow, NoSuchSheet, InvalidTransition, MailboxNotProved, CapReached.
    """
    if notice.written_at and notice.status != Status.WITHDRAWN:
        return notice
    with _counted(notice, network, changed=False), transaction.atomic():
        notice = locked_notice(notice)
        if notice.written_at and notice.status != Status.WITHDRAWN:
            return notice
        _write_and_enter(notice)
        return notice


def replace_notice(notice: Notice, network: str = "") -> Notice:
    """Send a new notice that replaces this one; the old one stays as it was told, withdrawn. network: as of
    enter_notice.

    Raises CannotSay, OutsideWindow, NoSuchSheet, MailboxNotProved, CapReached, and InvalidTransition where the
    provider has accepted meanwhile.
    """
    sent = Notice.objects.filter(replaces=notice).first()
    if sent:
        return sent
    with _counted(notice, network, changed=True), transaction.atomic():
        old = locked_notice(notice)
        replacement = Notice.objects.filter(replaces=old).first()
        if replacement:
            return replacement
        record_receipt(old, ReceiptKind.REPLACED, locked=old)
        new = _new_notice_like(old, replaces=old)
        _write_and_enter(new)
        return new


@contextmanager
def _counted(notice: Notice, network: str, *, changed: bool) -> Iterator[None]:
    """Count a sending; one that fails is uncounted. Raises CapReached."""
    attempt = count_sending(notice, network, changed=changed)
    try:
        yield
    except BaseException:
        attempt.uncount()
        raise


def ask_again(notice: Notice) -> Notice:
    """Make a new notice for the procedure of a withdrawn one, with what was answered for it; nothing is sent. Where the
    book has another one that is not withdrawn, return that.
    """
    with transaction.atomic():
        book = Book.objects.select_for_update(no_key=True).get(id=notice.book_id)
        live = book.notices.filter(offer=notice.offer).exclude(status=Status.WITHDRAWN).first()
        if live:
            return live
        _choose(book, notice.offer, is_chosen=True)
        return _new_notice_like(notice)


def _new_notice_like(old: Notice, replaces: Notice | None = None) -> Notice:
    (number,) = new_notice_numbers(1)
    new = Notice(
        number=number,
        book=old.book,
        industry=old.industry,
        procedure=old.procedure,
        provider=old.provider,
        channel=old.channel,
        offer=old.offer,
        position=old.position,
        replaces=replaces,
        created_at=timezone.now(),
    )
    new.draft = seal_draft(new, draft_of(old))
    new.save(force_insert=True)
    return new


def _choose(book: Book, offer: str, *, is_chosen: bool) -> None:
    """Keep the choice of the application in step with the book: what is withdrawn is not chosen any more."""
    entries = entries_of(book)
    if is_chosen != (offer in entries.chosen):
        others = tuple(key for key in entries.chosen if key != offer)
        save_entries(book, replace(entries, chosen=(*others, offer) if is_chosen else others))


def enter_peer_notice(notice: Notice, filled: FilledSheet, evidence: PeerConfirmation) -> None:
    """Enter a notice that its mover confirmed at a peer portal; `filled` is what they confirmed, `evidence` says where.

    The notice that it replaces is withdrawn with it. Raises InvalidTransition where that was accepted meanwhile.
    """
    with transaction.atomic():
        if notice.replaces and notice.replaces.status != Status.WITHDRAWN:
            record_receipt(notice.replaces, ReceiptKind.REPLACED, evidence)
        freeze_filled_form(notice, filled)
        hold_if_due(notice)
        notice.due_at = database_now()
        record_receipt(notice, ReceiptKind.ENTERED, evidence, changed=(*FROZEN_FIELDS, "due_at"))


def _write_and_enter(notice: Notice) -> None:
    """notice: locked or made in this transaction."""
    require_proved_mailbox(notice.book)
    require_transition(ReceiptKind.ENTERED, notice.status)
    filled = freeze_form(notice)
    hold_if_due(notice)
    await_holder_if_due(notice, filled)
    await_login_if_due(notice, filled)
    notice.due_at = database_now()
    record_receipt(notice, ReceiptKind.ENTERED, locked=notice, changed=(*FROZEN_FIELDS, "due_at"))
    queue_postcard(notice.book)  # of another old address than that of the registration


def hand_over_notice(notice: Notice) -> Notice:
    """Freeze the form for the mover's browser to carry. A second call keeps the form, and the return link open longer.

    Raises CannotSay, OutsideWindow, NoSuchSheet, InvalidTransition, HandoffPaused.
    """
    if pause_of(notice.provider, notice.channel) or not is_destination_in_force(notice.provider):
        raise HandoffPaused(notice.provider)
    with transaction.atomic():
        notice = locked_notice(notice)
        if notice.status == Status.HANDED_OVER:
            connection = connection_of(notice.provider)
            notice.return_until = timezone.now() + timedelta(hours=connection.valid_hours if connection else 0)
            notice.save(update_fields=["return_until"])
            return notice
        require_transition(ReceiptKind.HANDED_OVER, notice.status)
        freeze_form(notice)
        record_receipt(notice, ReceiptKind.HANDED_OVER, locked=notice, changed=FROZEN_FIELDS)
        return notice


def record_own_word(notice: Notice, said: OwnWord) -> None:
    """Record the mover's own word that it is done, on the provider's site or by telephone where it cannot be done here.
    It is shown as the mover's word, and never as 受理. What is said anew corrects what was said; the same word again
    changes nothing. Raises InvalidTransition.
    """
    with transaction.atomic():
        notice = locked_notice(notice)
        last = notice.receipts.filter(kind=ReceiptKind.OWN_WORD).order_by("id").last()
        is_begun_here = notice.status == Status.NOT_ENTERED and not last and notice_view(notice).may_begin
        if is_begun_here or not may_happen(ReceiptKind.OWN_WORD, notice.status):
            raise InvalidTransition(ReceiptKind.OWN_WORD, notice.status)
        before = evidence_of(last, notice) if last else OwnWord(is_done=False)
        if before != said:
            record_receipt(notice, ReceiptKind.OWN_WORD, said)


def withdraw_notice(notice: Notice, evidence: Evidence | None = None) -> None:
    """Withdraw the notice, and have the provider told where it may have the notice already. One that was handed over is
    closed as not done: nothing was told from here, and nothing is told now.

    Raises InvalidTransition: an accepted notice is undone at its provider.
    """
    with transaction.atomic():
        notice = locked_notice(notice)
        if notice.status == Status.WITHDRAWN:
            return
        record_receipt(notice, ReceiptKind.WITHDRAWN, evidence, locked=notice)
        _choose(Book.objects.select_for_update(no_key=True).get(id=notice.book_id), notice.offer, is_chosen=False)
        # By our hand nothing of a carried notice lies at its provider; a worker that leases it finds out by itself.
        if notice.written_at and not (notice.carried or notice.leased_until):
            make_due(notice)
