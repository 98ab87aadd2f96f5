"""Answer code: whoever holds a notice's page answers it without an account, while the code is open."""

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.errors import Conflict
from renrakucho.notice.models import Notice
from renrakucho.receipt.evidence import CodeActor
from renrakucho.receipt.provider_actions import answer_notice, is_answerable, mark_opened, mark_reached
from renrakucho.receipt.provider_answer import ProviderAnswer
from renrakucho.receipt.transitions import locked_notice


class AnswerCodeExpired(Conflict):
    """The code is not taken any more."""


def is_code_open(notice: Notice) -> bool:
    """Whether an answer is taken: the notice has none, and the code has not expired."""
    return is_answerable(notice) and not _expired(notice)


def mark_paper_seen(notice: Notice) -> None:
    """到達: whoever opens the code's page has the paper, whatever the portal knew of that."""
    with transaction.atomic():
        now = locked_notice(notice)
        if is_answerable(now):
            mark_reached(now, "opened by the code on its page")
            mark_opened(now, CodeActor())


def answer_by_code(notice: Notice, answer: ProviderAnswer) -> None:
    """Accept or return the notice.

    Raises AnswerCodeExpired, and InvalidTransition, also for a second, different answer.
    """
    with transaction.atomic():
        now = locked_notice(notice)
        if is_answerable(now) and _expired(now):
            raise AnswerCodeExpired
        answer_notice(now, answer, CodeActor())


def _expired(notice: Notice) -> bool:
    return notice.return_until is None or timezone.now() > notice.return_until
