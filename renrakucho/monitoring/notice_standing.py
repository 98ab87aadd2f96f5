"""Where a notice stands: its status, attempts and receipts, without a word of what it says.

What is sealed (the form, evidence, the draft) is not even read from the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from renrakucho.channel.outcome import FAILED_KINDS
from renrakucho.delivery.models import Attempt
from renrakucho.notice.models import Notice
from renrakucho.receipt.models import Receipt

MOST_ATTEMPTS = 30


@dataclass(frozen=True)
class NoticeStanding:
    """attempts: the latest, newest first; attempts_left_out: how many were before them. replaces, replaced_by: numbers,
    or empty.
    """

    notice: Notice
    attempts: Sequence[Attempt]
    attempts_left_out: int
    receipts: Sequence[Receipt]
    replaces: str
    replaced_by: str


def notice_standing(number: str) -> NoticeStanding | None:
    """The standing of the notice with this number; None where there is none."""
    notice = Notice.objects.defer("draft", "filled").filter(number=number).first()
    if notice is None:
        return None
    attempts = Attempt.objects.filter(notice=notice).defer("evidence").order_by("-ordinal")
    latest = list(attempts[:MOST_ATTEMPTS])
    numbers = Notice.objects.filter(id=notice.id).values_list("replaces__number", "replaced_by__number").get()
    return NoticeStanding(
        notice,
        latest,
        attempts.count() - len(latest),
        list(Receipt.objects.filter(notice=notice).defer("detail").order_by("id")),
        numbers[0] or "",
        numbers[1] or "",
    )


def latest_failures(provider: str, limit: int) -> list[Attempt]:
    """The provider's latest attempts that did not arrive, newest first, each with its notice's `number`."""
    failed = Attempt.objects.filter(notice__provider=provider, outcome__in=FAILED_KINDS, recorded_at__isnull=False)
    return list(failed.defer("evidence").annotate(number=F("notice__number")).order_by("-recorded_at")[:limit])
