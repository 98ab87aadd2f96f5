"""Opening of one notice by the bureau: the rare case in which whoever runs the portal reads what a mover wrote.

It needs a reason, and a second operator who approves (four-eyes principle), or the mover's own word: a one-time code of
six digits that the mover makes in the book and reads out. Then whoever asked may read that one notice for half an hour,
or until its mover ends it. The asking, the approval, each wrong code and each reading are audited and stand in the
mover's disclosure; the mover is told by mail, without content. No other way leads from the bureau to sealed content: a
test walks its pages.
"""

import secrets
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from renrakucho.lib.errors import Conflict
from renrakucho.lib.master_keyring import index_hash
from renrakucho.lib.width import ascii_digits
from renrakucho.mail.models import MailKind
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_form
from renrakucho.provider.audit_log import AuditAction, log_by_mover, log_operation
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.receipt.models import BureauOpening, OpeningCode
from renrakucho.receipt.provider_actions import mail_mover_about
from renrakucho.sheet.filled import FilledSheet

OPEN_FOR = timedelta(minutes=30)
ASKED_FOR = timedelta(hours=24)  # an approval comes within it
LONGEST_REASON = 200  # characters, as in the audit log
CODE_FOR = timedelta(minutes=15)
MOST_TRIES = 5
CODE_DIGITS = 6

Refusal = Literal[
    "not_allowed", "same_person", "not_written", "expired", "not_approved", "not_yours", "wrong_code", "ended"
]


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
        standing = _standing_opening(staff, notice, now)
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
        if opening.ended_at:
            raise OpeningRefused("ended")
        if staff.id == opening.asked_by_id:
            raise OpeningRefused("same_person")
        if opening.is_over(now):
            raise OpeningRefused("expired")
        opening.approved_by, opening.approved_at, opening.ends_at = staff, now, now + OPEN_FOR
        opening.save(update_fields=["approved_by", "approved_at", "ends_at"])
        log_operation(staff, AuditAction.OPENING_APPROVED, said=opening.reason, numbers=[opening.notice.number])
        mail_mover_about(opening.notice, MailKind.OPENED_BY_BUREAU, about=opening.id)


def make_code(book: Book) -> str:
    """Make a code by which the bureau can open one notice of the book; an older one ends."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    fresh = {"code_hash": _code_hash(book.id, code), "tries": 0, "ends_at": timezone.now() + CODE_FOR}
    OpeningCode.objects.update_or_create(book=book, defaults=fresh)
    return code


def code_until(book: Book) -> datetime | None:
    """Until when the book's code can be used; None: there is none, or it is over."""
    open_codes = OpeningCode.objects.filter(book=book, ends_at__gt=timezone.now(), tries__lt=MOST_TRIES)
    return open_codes.values_list("ends_at", flat=True).first()


def end_code(book: Book) -> None:
    """The mover takes the code back."""
    OpeningCode.objects.filter(book=book).delete()


def forget_old_codes(now: datetime) -> int:
    """Delete the codes that are over. Returns how many."""
    return OpeningCode.objects.filter(ends_at__lte=now).delete()[0]


def open_by_code(staff: Staff, notice: Notice, reason: str, typed: str) -> BureauOpening:
    """Open one notice by the code that its mover has read out, from now on for OPEN_FOR, and mail the mover. The code
    ends with it. Pressed again while it is open, it is the same. Raises OpeningRefused.

    Each try is counted, and committed, before it is compared: many at one moment get no further than the limit.
    """
    _require_operator(staff)
    if not notice.filled:
        raise OpeningRefused("not_written")
    standing = _standing_opening(staff, notice, timezone.now())
    if standing and standing.by_code:
        return standing
    code = _right_code(notice, typed)
    with transaction.atomic():
        if code and OpeningCode.objects.filter(book=code.book_id, code_hash=code.code_hash).delete()[0]:
            return _opened_by_mover(staff, notice, reason)
        log_operation(staff, AuditAction.OPENING_REFUSED, said=reason, numbers=[notice.number])
    raise OpeningRefused("wrong_code")


def openings_of_book(book: Book) -> list[BureauOpening]:
    """The bureau's requests to read something of the book, opened or not, the newest first."""
    found = list(BureauOpening.objects.filter(notice__book=book).select_related("notice").order_by("-id"))
    for each in found:
        each.notice.book = book
    return found


def end_opening(book: Book, opening_id: UUID) -> bool:
    """The mover ends an opening of the book, or a request for one, at once. False: it was over before."""
    now = timezone.now()
    with transaction.atomic():
        mine = BureauOpening.objects.filter(id=opening_id, notice__book=book, ends_at__gt=now)
        number = mine.values_list("notice__number", flat=True).first()
        if number is None or not mine.update(ends_at=now, ended_at=now):
            return False
        log_by_mover(AuditAction.OPENING_ENDED, [number])
    return True


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
            raise OpeningRefused("ended" if opening.ended_at else "expired")
        log_operation(staff, AuditAction.OPENED_BY_BUREAU, said=opening.reason, numbers=[opening.notice.number])
        return frozen_form(opening.notice)


def _require_operator(staff: Staff) -> None:
    if not (staff.at_bureau and staff.is_active and staff.may(StaffPermission.OPERATE)):
        raise OpeningRefused("not_allowed")


def _standing_opening(staff: Staff, notice: Notice, now: datetime) -> BureauOpening | None:
    return BureauOpening.objects.filter(notice=notice, asked_by=staff, ends_at__gt=now).order_by("-id").first()


def _right_code(notice: Notice, typed: str) -> OpeningCode | None:
    """The open code of the notice's book, where this is it. It counts as a try."""
    codes = OpeningCode.objects.filter(book=notice.book_id, ends_at__gt=timezone.now(), tries__lt=MOST_TRIES)
    if not codes.update(tries=F("tries") + 1):
        return None
    code = OpeningCode.objects.filter(book=notice.book_id).first()
    is_right = code and compare_digest(code.code_hash, _code_hash(notice.book_id, ascii_digits(typed)))
    return code if is_right else None


def _opened_by_mover(staff: Staff, notice: Notice, reason: str) -> BureauOpening:
    now = timezone.now()
    opening = BureauOpening.objects.create(
        notice=notice,
        reason=reason[:LONGEST_REASON],
        asked_by=staff,
        asked_at=now,
        approved_at=now,
        by_code=True,
        ends_at=now + OPEN_FOR,
    )
    log_operation(staff, AuditAction.OPENING_BY_CODE, said=opening.reason, numbers=[notice.number])
    mail_mover_about(notice, MailKind.OPENED_WITH_CODE, about=opening.id)
    return opening


def _code_hash(book_id: UUID, code: str) -> str:
    return index_hash(f"opening-code:{book_id}:{code}")
