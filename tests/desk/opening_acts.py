"""Acts of opening and of holding that leave an audit row, each ready to be pressed: at the desk, and at the bureau."""

from collections.abc import Callable
from contextlib import suppress

from django.db import DatabaseError
from django.test import override_settings

from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import keep_draft
from renrakucho.provider.audit_log import AuditAction
from renrakucho.provider.staff import Staff
from renrakucho.receipt.bureau_opening import (
    OpeningRefused,
    approve_opening,
    ask_opening,
    end_opening,
    make_code,
    open_by_code,
    read_opened_notice,
)
from renrakucho.receipt.held_notices import hold_sending
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.receipt.postcard_batch import make_batch, read_batch
from tests import cast
from tests.account.login_acts import posting
from tests.bureau.cast import at_bureau
from tests.desk.cast import WATER, address, clerk, confidential, needed, seated, sent

Press = Callable[[], object]
REASON = "事業者から、届いた様式が空だと連絡があったため"


def unlock_act() -> Press:
    return posting(seated(clerk()), address("unlock", confidential().id), reason="procedure")


def two_operators() -> tuple[Staff, Staff]:
    return at_bureau(login_id="first"), at_bureau(login_id="second", name="鈴木")


def ask_act() -> Press:
    (first, _second), notice = two_operators(), sent()
    return pressed(lambda: ask_opening(first, notice, REASON))


def approve_act() -> Press:
    first, second = two_operators()
    opening = ask_opening(first, sent(), REASON)
    return pressed(lambda: approve_opening(second, opening))


def read_act() -> Press:
    first, second = two_operators()
    opening = ask_opening(first, sent(), REASON)
    approve_opening(second, opening)
    return pressed(lambda: read_opened_notice(first, opening))


def open_by_code_act() -> Press:
    staff, notice = at_bureau(), sent()
    code = make_code(notice.book)
    return pressed(lambda: open_by_code(staff, notice, REASON, code))


def wrong_code_act() -> Press:
    staff, notice = at_bureau(), sent()
    return pressed(lambda: open_by_code(staff, notice, REASON, "no code"))


def end_act() -> Press:
    notice = sent()
    opening = ask_opening(at_bureau(), notice, REASON)
    return pressed(lambda: end_opening(notice.book, opening.id))


def waiting_card() -> Staff:
    with override_settings(POSTCARD_SENDER="東京都千代田区千代田1-1"):
        cast.book()
    return at_bureau()


def make_postcards_act() -> Press:
    staff = waiting_card()
    return pressed(lambda: make_batch(staff))


def take_postcards_act() -> Press:
    staff = waiting_card()
    batch = make_batch(staff)
    assert batch
    return pressed(lambda: read_batch(staff, batch))


def hold_act() -> Press:
    return posting(seated(clerk()), "/desk/rises/act", act="hold", rise="akishima-water|")


def held() -> Notice:
    """A notice that the desk holds."""
    hold_sending(clerk("holding"), "", "")
    notice = cast.notice(WATER)
    keep_draft(notice, answers=needed(notice))
    return enter_notice(notice)


def release_act() -> Press:
    return posting(seated(clerk()), "/desk/rises/act", act="send", id=str(held().id))


def refuse_act() -> Press:
    return posting(seated(clerk()), "/desk/rises/act", act="refuse", id=str(held().id), reason="お電話ください。")


def pressed(act: Callable[[], object]) -> Press:
    def press() -> None:
        with suppress(DatabaseError, OpeningRefused):
            act()

    return press


# As ACTS of tests/desk/test_audit_atomicity.py: the act, its row, and how many of them three presses leave.
OPENING_ACTS: list[tuple[Callable[[], Press], AuditAction, int]] = [
    (make_postcards_act, AuditAction.POSTCARD_MADE, 1),
    (take_postcards_act, AuditAction.POSTCARD_TAKEN, 3),
    (unlock_act, AuditAction.REASON_GIVEN, 3),
    (ask_act, AuditAction.OPENING_ASKED, 1),
    (approve_act, AuditAction.OPENING_APPROVED, 1),
    (read_act, AuditAction.OPENED_BY_BUREAU, 3),
    (open_by_code_act, AuditAction.OPENING_BY_CODE, 1),
    (wrong_code_act, AuditAction.OPENING_REFUSED, 3),
    (end_act, AuditAction.OPENING_ENDED, 1),
    (hold_act, AuditAction.HELD, 3),
    (release_act, AuditAction.HELD_RELEASED, 1),
    (refuse_act, AuditAction.HELD_REFUSED, 1),
]
