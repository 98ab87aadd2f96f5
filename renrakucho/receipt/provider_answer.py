"""Answers that a provider's people or systems give in writing, and what each of them comes to."""

from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.db.models import QuerySet

from renrakucho.lib.invisible_chars import invisible_in_line, invisible_in_text
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.provider_actions import (
    LONGEST_NUMBER,
    LONGEST_REASON,
    accept_on_evidence,
    mark_reached,
    return_on_evidence,
)
from renrakucho.receipt.transitions import InvalidTransition, locked_notice
from renrakucho.sheet.form import CARRIED

Fate = Literal[
    "accepted", "returned", "unknown", "unreadable", "withdrawn", "replaced", "already_accepted", "already_returned"
]


@dataclass(frozen=True)
class ProviderAnswer:
    """To the notice with this number: a receipt number, or a reason to send it back; not both."""

    number: str
    receipt_number: str = ""
    reason: str = ""

    @property
    def readable(self) -> bool:
        """Whether it says one thing, in words that can be shown to the mover."""
        if bool(self.receipt_number) == bool(self.reason):
            return False
        if len(self.receipt_number) > LONGEST_NUMBER or len(self.reason) > LONGEST_REASON:
            return False
        return not invisible_in_line(self.receipt_number) and not invisible_in_text(self.reason)


def answerable_notices(provider: str) -> QuerySet[Notice]:
    """What was written for this provider. What a mover's own browser carries is not here: perhaps it never arrived."""
    return Notice.objects.filter(provider=provider, written_at__isnull=False).exclude(channel=CARRIED)


def give_answer(provider: str, answer: ProviderAnswer, evidence: dict[str, str]) -> Fate:
    """Record the answer with what shows whose word it is. Given again, it comes to the same."""
    if not answer.readable:
        return "unreadable"
    with transaction.atomic():
        found = answerable_notices(provider).filter(number=answer.number).first()
        if found is None:
            return "unknown"
        notice = locked_notice(found)
        try:
            with transaction.atomic():
                return _given(notice, answer, evidence)
        except InvalidTransition as error:
            return rejection_reason(notice, error)


def _given(notice: Notice, answer: ProviderAnswer, evidence: dict[str, str]) -> Fate:
    mark_reached(notice, "answered")
    if answer.receipt_number:
        accept_on_evidence(notice, {"number": answer.receipt_number, **evidence})
        return "accepted"
    return_on_evidence(notice, {"reason": answer.reason, **evidence})
    return "returned"


def rejection_reason(notice: Notice, error: InvalidTransition) -> Fate:
    """Why it was out of turn: how the notice stands."""
    if Notice.objects.filter(replaces=notice).exists():
        return "replaced"
    if error.status == Status.ACCEPTED:
        return "already_accepted"
    return "already_returned" if error.status == Status.RETURNED else "withdrawn"
