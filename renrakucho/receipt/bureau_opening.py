"""Opening of one notice by the bureau: the rare case in which whoever runs the portal reads what a mover wrote.

It needs a reason, and a second operator who approves (four-eyes principle). Then whoever asked may read that one notice
for half an hour. The asking, the approval and each reading are audited and stand in the mover's disclosure; the mover
is told by mail, without content. No other way leads from the bureau to sealed content: a test walks its pages.
"""

from datetime import timedelta
from typing import Literal

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.errors import Conflict
from renrakucho.mail.models import MailKind
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_form
from renrakucho.provider.audit_log import AuditAction, log_operation
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.receipt.models import BureauOpening
from renrakucho.receipt.provider_actions import mail_mover_about
from renrakucho.sheet.filled import FilledSheet

OPEN_FOR = timedelta(minutes=30)
ASKED_FOR = timedelta(hours=24)  # an approval comes within it
LONGEST_REASON = 200  # characters, as in the audit log

Refusal = Literal["not_allowed", "same_person", "not_written", "expired", "not_approved", "not_yours"]


class OpeningRefused(Conflict):
    """It may not be asked for, approved or read. reason: why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason = reason


def ask_opening(staff: Staff, notice: Notice, reason: str) -> BureauOpening:
    """Ask to read one notice. Asked again before it has ended, it is the same. Raises OpeningRefused."""
    _require_operator(staff)
    if not notice.filled:
        raise OpeningRefused("not_written")
    with transaction.atomic():
        now = timezone.now()
        mine = BureauOpening.objects.select_for_update().filter(notice=notice, asked_by=staff)
        standing = next((each for each in mine.order_by("-id") if not each.is_over(now)), None)
        if standing:
            return standing
        opening = BureauOpening.objects.create(
            notice=notice, reason=reason[:LONGEST_REASON], asked_by=staff, asked_at=now, ends_at=now + ASKED_FOR
        )
        log_operation(staff, AuditAction.OPENING_ASKED, said=opening.reason, numbers=[notice.number])
    return opening


def approve_opening(staff: Staff, opening: BureauOpening) -> None:
    """Let whoever asked read it, from now on for OPEN_FOR, and mail the mover. Done already, it changes nothing.

    Raises OpeningRefused: the same person, or asked too long ago.
    """
    _require_operator(staff)
    with transaction.atomic():
        opening = BureauOpening.objects.select_for_update().select_related("notice__book").get(id=opening.id)
        now = timezone.now()
        if opening.approved_at:
            return
        if staff.id == opening.asked_by_id:
            raise OpeningRefused("same_person")
        if opening.is_over(now):
            raise OpeningRefused("expired")
        opening.approved_by, opening.approved_at, opening.ends_at = staff, now, now + OPEN_FOR
        opening.save(update_fields=["approved_by", "approved_at", "ends_at"])
        log_operation(staff, AuditAction.OPENING_APPROVED, said=opening.reason, numbers=[opening.notice.number])
        mail_mover_about(opening.notice, MailKind.OPENED_BY_BUREAU, about=opening.id)


def read_opened_notice(staff: Staff, opening: BureauOpening) -> FilledSheet:
    """The notice's frozen form, for whoever asked, while it is open. Each reading is audited. Raises OpeningRefused."""
    _require_operator(staff)
    with transaction.atomic():
        opening = BureauOpening.objects.select_related("notice__book").get(id=opening.id)
        if staff.id != opening.asked_by_id:
            raise OpeningRefused("not_yours")
        if not opening.approved_at:
            raise OpeningRefused("not_approved")
        if opening.is_over(timezone.now()):
            raise OpeningRefused("expired")
        log_operation(staff, AuditAction.OPENED_BY_BUREAU, said=opening.reason, numbers=[opening.notice.number])
        return frozen_form(opening.notice)


def _require_operator(staff: Staff) -> None:
    if not (staff.at_bureau and staff.is_active and staff.may(StaffPermission.OPERATE)):
        raise OpeningRefused("not_allowed")
