"""Providers that leave notices without an answer past its due time, or answer late as a rule, as lines of a page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from renrakucho.delivery.late_answers import overdue_notices, provider_lateness
from renrakucho.notice.connected_providers import provider_name


@dataclass(frozen=True)
class LateLine:
    """overdue: notices whose answer was due and has not come, the first at `oldest_due_at`. late, due: of the answers
    that were due in the last 90 days, how many were late or are missing.
    """

    provider: str
    name: str
    overdue: int
    oldest_due_at: datetime | None
    late: int
    due: int


def late_lines(now: datetime) -> list[LateLine]:
    """Whoever is late, the one with most overdue notices first. A provider that always answers in time has no line."""
    rows = (
        overdue_notices(now).order_by().values_list("provider").annotate(count=Count("id"), first=Min("answer_due_at"))
    )
    overdue = {provider: (count, first) for provider, count, first in rows}
    judged = {one.provider: one for one in provider_lateness(now) if one.late}
    lines = []
    for provider in sorted({*overdue, *judged}):
        count, first = overdue.get(provider, (0, None))
        one = judged.get(provider)
        lines.append(
            LateLine(provider, provider_name(provider), count, first, one.late if one else 0, one.due if one else 0)
        )
    return sorted(lines, key=lambda line: (-line.overdue, -line.late, line.provider))
