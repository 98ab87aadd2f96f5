"""A provider's word by the code on a notice's page: no account, one notice, while the code is open."""

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.errors import Conflict
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.provider_actions import accept_on_evidence, mark_opened, mark_reached, return_on_evidence
from renrakucho.receipt.transitions import locked_notice

BY_CODE = "answer code"
_OPEN = (Status.ENTERED, Status.SENT, Status.UNDELIVERED)


class AnswerCodeExpired(Conflict):
    """The code is not taken any more."""


def is_code_open(notice: Notice) -> bool:
    """Whether an answer is taken: it has none, and the code has not expired."""
    return notice.status in _OPEN and not _expired(notice)


def mark_paper_seen(notice: Notice) -> None:
    """到達: whoever opens the code's page has the paper, whatever the portal knew of that."""
    with transaction.atomic():
        now = locked_notice(notice)
        if now.status in _OPEN:
            mark_reached(now, "opened by the code on its page")
            mark_opened(now, None, system=BY_CODE)


def accept_by_code(notice: Notice, number: str) -> None:
    """受理. Raises Expired, and OutOfTurn, also for a second, different number."""
    with transaction.atomic():
        now = locked_notice(notice)
        if now.status in _OPEN and _expired(now):
            raise AnswerCodeExpired
        accept_on_evidence(now, {"number": number, "by": BY_CODE})


def return_by_code(notice: Notice, reason: str) -> None:
    """差戻し. Raises Expired, and OutOfTurn, also for a second, different reason."""
    with transaction.atomic():
        now = locked_notice(notice)
        if now.status in _OPEN and _expired(now):
            raise AnswerCodeExpired
        return_on_evidence(now, {"reason": reason, "by": BY_CODE})


def _expired(notice: Notice) -> bool:
    return notice.return_until is None or timezone.now() > notice.return_until
