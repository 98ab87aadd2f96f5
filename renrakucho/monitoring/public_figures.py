"""Public figures of the last thirty days, recomputed from receipts and attempts: what anybody may know of the portal.

Small numbers are left out, so that nobody can be found in them. No book is opened.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median
from typing import Any

from django.db.models import Exists, Min, OuterRef

from renrakucho.delivery.models import Attempt, ErasedNotice
from renrakucho.lib.database_clock import database_now
from renrakucho.monitoring.lane_figures import oldest_due_age
from renrakucho.monitoring.models import PublicFigures
from renrakucho.notice.models import Status
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.transitions import next_status

DAYS = 30
SMALLEST = 10  # what is counted less often is not shown
PROMPTLY = timedelta(seconds=10)
_EVERY = timedelta(minutes=9)
_KEPT_FOR = timedelta(days=1)
_REQUESTS = (ReceiptKind.ENTERED, ReceiptKind.HANDED_OVER)


@dataclass(frozen=True)
class _NoticeStory:
    notice: object
    industry: str
    status: Status
    entered_at: datetime | None
    requested_at: datetime | None
    accepted_at: datetime | None


def compute_figures(now: datetime | None = None) -> PublicFigures:
    """Compute and keep them. Older ones are removed after a day."""
    now = now or database_now()
    made = PublicFigures.objects.create(computed_at=now, figures=public_figures(now))
    PublicFigures.objects.filter(computed_at__lt=now - _KEPT_FOR).delete()
    return made


def compute_figures_when_due() -> int:
    """Compute them where the newest are ten minutes old. Returns how often that was."""
    now = database_now()
    if PublicFigures.objects.filter(computed_at__gt=now - _EVERY).exists():
        return 0
    compute_figures(now)
    return 1


def newest_figures() -> PublicFigures | None:
    """The newest that were kept; None where none ever were."""
    return PublicFigures.objects.order_by("-computed_at").first()


def public_figures(now: datetime) -> dict[str, Any]:
    """The figures as JSON; None stands for a number below ten, or of so few notices."""
    since = now - timedelta(days=DAYS)
    stories = list(_stories(since))
    statuses = Counter(story.status for story in stories)
    durations: dict[str, list[float]] = defaultdict(list)
    for story in stories:
        if story.requested_at and story.accepted_at:
            durations[story.industry].append((story.accepted_at - story.requested_at).total_seconds())
    return {
        "days": DAYS,
        "hidden_below": SMALLEST,
        "first_tried_within_10_seconds": _promptly_tried(stories, since),
        "oldest_due_seconds": int(oldest_due_age(now).total_seconds()),
        "median_seconds_to_acceptance": {
            industry: round(median(found)) for industry, found in sorted(durations.items()) if len(found) >= SMALLEST
        },
        "notices_by_status": {
            status.value: statuses[status] if statuses[status] >= SMALLEST else None
            for status in Status
            if status != Status.NOT_ENTERED
        },
    }


def _stories(since: datetime) -> Iterator[_NoticeStory]:
    """Yield what the receipts of each notice add up to, of those whose first receipt is younger."""
    for erased in ErasedNotice.objects.filter(erased_at__gte=since):
        kept = [(kind, datetime.fromisoformat(at)) for kind, _by, at in erased.receipts]
        if kept[0][1] >= since:
            yield _story(erased.id, erased.industry, kept)
    older = Receipt.objects.filter(notice=OuterRef("notice"), recorded_at__lt=since)
    rows = Receipt.objects.filter(~Exists(older), recorded_at__gte=since).order_by("notice", "recorded_at", "id")
    told = rows.values_list("notice", "notice__industry", "kind", "recorded_at").iterator()
    for (notice, industry), receipts in groupby(told, key=lambda row: row[:2]):
        yield _story(notice, industry, [(kind, recorded_at) for _notice, _industry, kind, recorded_at in receipts])


def _story(notice: object, industry: str, receipts: Iterable[tuple[str, datetime]]) -> _NoticeStory:
    status, at = Status.NOT_ENTERED, dict[str, datetime]()
    for kind, recorded_at in receipts:
        status = next_status(ReceiptKind(kind), status) or status
        at.setdefault(kind, recorded_at)
    requested = [at[kind] for kind in _REQUESTS if kind in at]
    return _NoticeStory(
        notice,
        industry,
        status,
        at.get(ReceiptKind.ENTERED),
        min(requested, default=None),
        at.get(ReceiptKind.ACCEPTED),
    )


def _promptly_tried(stories: list[_NoticeStory], since: datetime) -> float | None:
    """The share of entered notices whose first attempt began within ten seconds. One that waits counts as late."""
    entered = {story.notice: story.entered_at for story in stories if story.entered_at}
    if len(entered) < SMALLEST:
        return None
    attempts = Attempt.objects.filter(started_at__gte=since).order_by().values_list("notice")
    first = {notice: at for notice, at in attempts.annotate(first=Min("started_at")).iterator() if notice in entered}
    first |= dict(
        ErasedNotice.objects.filter(erased_at__gte=since, tried_at__isnull=False).values_list("id", "tried_at")
    )
    prompt = sum(first[notice] - at <= PROMPTLY for notice, at in entered.items() if notice in first)
    return float(round(prompt / len(entered), 4))
