"""Trial notice: an operator sends a made-up mover's notice to a provider through its real channel, marked 試験.

The mark stands in the form's title and in the mover's name, so that every format carries it; no document of the
standard has a place of its own for it. Where the form says no name, and where somebody else's browser or portal would
carry it, it is refused. Its book opens for nobody, and is deleted with the notice like any draft.
"""

from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.database_clock import database_now
from renrakucho.lib.errors import Conflict
from renrakucho.mover.book import begin_draft
from renrakucho.mover.entries import MoveEntries
from renrakucho.notice.connected_providers import (
    channel_for,
    connected_providers,
    connected_sheet,
    relaying_portal,
)
from renrakucho.notice.models import TRIAL_OFFER, Notice, Status
from renrakucho.notice.notice_form import FROZEN_FIELDS, NoticeDraft, ProviderCard, freeze_filled_form, seal_draft
from renrakucho.notice.operator_acts import lane_name
from renrakucho.notice.registration import new_notice_numbers
from renrakucho.notice.sample_movers import TRIAL_MARK, sample_answers, trial_facts
from renrakucho.provider.audit_log import AuditAction, log_operation
from renrakucho.provider.staff import Staff
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.transitions import record_receipt
from renrakucho.sheet.fill import CannotSay, fill_sheet
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import Procedure, Sheet

_AHEAD = timedelta(days=14)  # of the made-up move


class CannotTry(Conflict):
    """No trial can be sent. reason: «not_connected», «carried», «relayed» or «cannot_mark»."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def send_trial_notice(actor: Staff | None, provider: str, procedure: Procedure, *, mail_to: str) -> Notice:
    """Enter a trial, which the worker sends like any other notice; one that still waits is returned instead. mail_to:
    who gets the mover's mails about it. Raises CannotTry.
    """
    sheet = connected_sheet(provider, procedure)
    if sheet is None:
        raise CannotTry("not_connected")
    if sheet.carried or relaying_portal(provider):
        raise CannotTry("carried" if sheet.carried else "relayed")
    filled = _marked_form(sheet, mail_to)
    with transaction.atomic():
        offer = f"{TRIAL_OFFER}{provider}:{procedure}"
        waiting = Notice.objects.filter(offer=offer, status=Status.ENTERED).first()
        if waiting:
            return waiting
        known = connected_providers()[provider]
        (number,) = new_notice_numbers(1)
        notice = Notice(
            number=number,
            book=begin_draft(MoveEntries(items={"contact.email": mail_to}), mailbox_proved=True),
            industry=known.industry,
            procedure=procedure,
            provider=provider,
            channel=channel_for(provider, procedure),
            offer=offer,
            position=0,
            created_at=timezone.now(),
            draft=b"",
        )
        notice.draft = seal_draft(notice, NoticeDraft(ProviderCard(known.name, phones=known.phones)))
        notice.save(force_insert=True)
        freeze_filled_form(notice, filled)
        notice.due_at = database_now()
        record_receipt(notice, ReceiptKind.ENTERED, locked=notice, changed=(*FROZEN_FIELDS, "due_at"))
        log_operation(actor, AuditAction.TESTED, about=lane_name(provider, notice.channel), numbers=[notice.number])
    return notice


def _marked_form(sheet: Sheet, mail_to: str) -> FilledSheet:
    on = timezone.localdate() + _AHEAD
    try:
        filled = fill_sheet(sheet, trial_facts(sheet, on, mail_to), sample_answers(sheet))
    except CannotSay as error:
        raise CannotTry("cannot_mark") from error
    if not any(TRIAL_MARK in line.text for line in filled.lines):
        raise CannotTry("cannot_mark")
    return replace(filled, title=f"【{TRIAL_MARK}】{filled.title}")
