"""A notice that a provider answers, and the clerk who does."""

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import keep_draft
from renrakucho.provider.audit_log import AuditAction
from renrakucho.provider.staff import Staff
from renrakucho.receipt.evidence import StaffActor
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.receipt.notice_view import notice_view
from renrakucho.receipt.provider_actions import answer_notice, mark_exported
from renrakucho.receipt.provider_answer import ProviderAnswer
from tests import cast

WATER = "water:start:akishima-water"


def clerk(login_id: str = "akishima-1", provider: str = "akishima-water") -> Staff:
    """An account, not saved."""
    return Staff(login_id=login_id, provider=provider, name="窓口")


def answers_of(notice: Notice) -> dict[str, str]:
    """The shortest own items that the notice's sheet takes."""
    sheet = notice_view(notice).sheet
    assert sheet
    return {
        blank.name: blank.choices[0][0] if blank.choices else "1234567890"
        for blank in sheet.own_items()
        if blank.required
    }


def answered(**others: str) -> Notice:
    """A notice whose own items are filled in, not entered yet."""
    notice = cast.notice(WATER, **others)
    keep_draft(notice, answers=answers_of(notice))
    return notice


def sent() -> tuple[Notice, Staff]:
    """A notice that has reached its provider, and a clerk there."""
    notice = enter_notice(answered())
    deliver_due_notices("test")
    notice.refresh_from_db()
    staff = clerk()
    staff.save()
    return notice, staff


def accept_notice(notice: Notice, staff: Staff, number: str) -> None:
    """受理 at the desk."""
    answer_notice(notice, ProviderAnswer(receipt_number=number), StaffActor(staff))


def return_notice(notice: Notice, staff: Staff, reason: str) -> None:
    """差戻し at the desk."""
    answer_notice(notice, ProviderAnswer(reason=reason), StaffActor(staff))


def export_notice(notice: Notice, staff: Staff, action: AuditAction = AuditAction.TAKEN_CSV) -> None:
    """A copy for the provider's own files."""
    mark_exported([notice], StaffActor(staff), action)
