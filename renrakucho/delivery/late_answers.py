"""Late answers: which notices wait for an answer that was due, which providers are always late, and which web forms
never came back. For whoever runs the portal; no book is opened.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from renrakucho.lib.database_clock import database_now
from renrakucho.notice.models import AWAITING_ANSWER, NO_TRIAL, Notice, Status
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.sheet.form import CARRIED

LATENESS_DAYS = 90
_ANSWERS = (ReceiptKind.ACCEPTED, ReceiptKind.RETURNED)


@dataclass(frozen=True)
class ProviderLateness:
    """Of the answers of a provider that were due in the last 90 days, how many were late or are missing."""

    provider: str
    due: int
    late: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.late / self.due


@dataclass(frozen=True)
class UnfinishedHandovers:
    """A provider's web forms that movers carried there, and of which nothing was heard. oldest_at: of the first."""

    provider: str
    numbers: tuple[str, ...]
    oldest_at: datetime


def overdue_notices(now: datetime | None = None) -> QuerySet[Notice]:
    """The notices whose answer was due and has not come, the longest due first."""
    now = now or database_now()
    waiting = Notice.objects.filter(NO_TRIAL, status__in=AWAITING_ANSWER, answer_due_at__lte=now)
    return waiting.exclude(channel=CARRIED).order_by("answer_due_at", "id")


def provider_lateness(now: datetime | None = None) -> list[ProviderLateness]:
    """Each provider with answers that were due in the last 90 days, the one that is late most often first."""
    now = now or database_now()
    first = Receipt.objects.filter(notice=OuterRef("pk"), kind__in=_ANSWERS).values("notice")
    was_due = Notice.objects.filter(
        answer_due_at__gt=now - timedelta(days=LATENESS_DAYS), answer_due_at__lte=now, written_at__isnull=False
    ).exclude(channel=CARRIED)
    judged = was_due.annotate(answered_at=Subquery(first.annotate(at=Min("recorded_at")).values("at")))
    judged = judged.filter(NO_TRIAL, Q(answered_at__isnull=False) | Q(status__in=AWAITING_ANSWER))
    is_late = Q(answered_at=None) | Q(answered_at__gt=F("answer_due_at"))
    rows = judged.values_list("provider").annotate(due=Count("id"), late=Count("id", filter=is_late))
    found = [ProviderLateness(provider, due, late) for provider, due, late in rows]
    return sorted(found, key=lambda one: (-one.share, -one.late, one.provider))


def unfinished_handovers(days: int, now: datetime | None = None) -> list[UnfinishedHandovers]:
    """The notices that are 引継中 for more than so many days, by provider; not what their movers noted as done."""
    since = (now or database_now()) - timedelta(days=days)
    receipts = Receipt.objects.filter(notice=OuterRef("pk"))
    last = receipts.filter(kind=ReceiptKind.HANDED_OVER).values("notice").annotate(at=Max("recorded_at")).values("at")
    rows = (
        Notice.objects.filter(~Exists(receipts.filter(kind=ReceiptKind.OWN_WORD)), status=Status.HANDED_OVER)
        .annotate(carried_at=Subquery(last))
        .filter(carried_at__lt=since)
        .order_by("provider", "carried_at")
        .values_list("provider", "number", "carried_at")
    )
    found: dict[str, list[tuple[str, datetime]]] = {}
    for provider, number, carried_at in rows:
        found.setdefault(provider, []).append((number, carried_at))
    return [
        UnfinishedHandovers(provider, tuple(number for number, _at in each), each[0][1])
        for provider, each in found.items()
    ]
