"""A provider's word by the code on a notice's page: no account, one notice, while the code is open."""

from django.db import transaction
from django.utils import timezone

from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.models import Kind
from renrakucho.receipt.provider_turn import accept_with, detail_of, opened, reached, receipt_number, send_back_with
from renrakucho.receipt.record import OutOfTurn, locked

BY_CODE = "answer code"
_OPEN = (Status.ENTERED, Status.SENT, Status.UNDELIVERED)


class Expired(Exception):
    """The code is not taken any more."""


def is_open(notice: Notice) -> bool:
    """Whether an answer is taken: it has none, and the code has not expired."""
    return notice.status in _OPEN and not _expired(notice)


def seen(notice: Notice) -> None:
    """到達: whoever opens the code's page has the paper, whatever the portal knew of that."""
    with transaction.atomic():
        now = locked(notice)
        if now.status in _OPEN:
            reached(now, "opened by the code on its page")
            opened(now, None, system=BY_CODE)


def accept_by_code(notice: Notice, number: str) -> None:
    """受理. Raises Expired, and OutOfTurn, also for a second, different number."""
    with transaction.atomic():
        now = locked(notice)
        if now.status in _OPEN and _expired(now):
            raise Expired
        accept_with(now, {"number": number, "by": BY_CODE})


def return_by_code(notice: Notice, reason: str) -> None:
    """差戻し. Raises Expired, and OutOfTurn, also for a second, different reason."""
    with transaction.atomic():
        now = locked(notice)
        if now.status in _OPEN and _expired(now):
            raise Expired
        if now.status == Status.RETURNED and reason_of(now) != reason:
            raise OutOfTurn(Kind.RETURNED, now.status)
        send_back_with(now, {"reason": reason, "by": BY_CODE})


def reason_of(notice: Notice) -> str:
    """Why it was sent back; empty where it was not."""
    receipt = notice.receipts.filter(kind=Kind.RETURNED).order_by("id").last()
    return detail_of(receipt, notice).get("reason", "") if receipt else ""


def answered(notice: Notice) -> str:
    """What stands as the provider's answer: the receipt number or the reason; empty where there is none."""
    return receipt_number(notice) or reason_of(notice)


def _expired(notice: Notice) -> bool:
    return notice.return_until is None or timezone.now() > notice.return_until
