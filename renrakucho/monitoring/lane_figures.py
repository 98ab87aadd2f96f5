"""Figures of the delivery lanes: what is due, in flight, failing and done, by provider and channel.

Each figure is one statement for all lanes, carried by an index, and no book is opened. Moments are the database's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncHour

from renrakucho.channel.outcome import FAILED_KINDS
from renrakucho.delivery.delivery_lanes import TRIPS
from renrakucho.delivery.models import Attempt, DeliveryLane
from renrakucho.lib.database_clock import database_now
from renrakucho.notice.models import Notice
from renrakucho.notice.operator_decisions import PAUSING, OperatorDecision
from renrakucho.receipt.models import Receipt, ReceiptKind

STILL_AFTER = timedelta(minutes=1)
DAY = timedelta(days=1)
LaneKey = tuple[str, str]  # provider, channel


@dataclass(frozen=True)
class LaneFigures:
    """One lane now.

    due: notices that could be claimed; later: those with a next try ahead; in_flight: those that a worker has leased.
    oldest_due: for how long the oldest of the due has waited; None where none is due. failures, first_failed_at,
    paused_until: of the circuit breaker. last_failed: the latest attempt that did not arrive. sent, undelivered:
    notices of the last day; failed: attempts of the last day. paused: by an operator.
    """

    provider: str
    channel: str
    due: int = 0
    later: int = 0
    in_flight: int = 0
    oldest_due: timedelta | None = None
    next_try_at: datetime | None = None
    failures: int = 0
    first_failed_at: datetime | None = None
    paused_until: datetime | None = None
    last_failed: Attempt | None = None
    sent: int = 0
    undelivered: int = 0
    failed: int = 0
    paused: bool = False
    measured_at: datetime = field(default_factory=database_now)

    @property
    def breaker_open(self) -> bool:
        """Whether the circuit breaker keeps everything back but one probe at a time."""
        return self.failures >= TRIPS

    @property
    def oldest_due_seconds(self) -> float:
        """Zero where none is due."""
        return self.oldest_due.total_seconds() if self.oldest_due else 0

    @property
    def stands_still(self) -> bool:
        """Whether something is to be sent and nothing has moved for a minute: it is due and nobody claims it, or nobody
        was reached for so long. What an operator has paused does not: somebody knows.
        """
        if self.paused:
            return False
        if self.oldest_due is not None and self.oldest_due >= STILL_AFTER:
            return True
        waits = self.due + self.later + self.in_flight > 0
        since = self.first_failed_at
        return waits and self.breaker_open and since is not None and self.measured_at - since >= STILL_AFTER


@dataclass(frozen=True)
class HourFigures:
    """One hour: notices that movers entered, notices that arrived, attempts that failed."""

    begins_at: datetime
    entered: int
    sent: int
    failed: int


def lane_figures(now: datetime | None = None) -> list[LaneFigures]:
    """Every lane that was ever used, in the order of provider and channel."""
    now = now or database_now()
    lanes = {lane.key: lane for lane in DeliveryLane.objects.select_related("last_failed")}
    due, waiting = _due(now), _waiting(now)
    sent, undelivered = (_receipts(kind, now) for kind in (ReceiptKind.SENT, ReceiptKind.UNDELIVERED))
    failed = _failed_attempts(now)
    pauses = [each for each in OperatorDecision.objects.filter(kind__in=PAUSING) if each.holds(now)]
    return [
        LaneFigures(
            provider=key[0],
            channel=key[1],
            **_due_figures(due.get(key), now),
            **waiting.get(key, {}),
            **_breaker_figures(lanes.get(key)),
            sent=sent.get(key, 0),
            undelivered=undelivered.get(key, 0),
            failed=failed.get(key, 0),
            paused=any(pause.concerns(*key) for pause in pauses),
            measured_at=now,
        )
        for key in sorted({*lanes, *due, *waiting})
    ]


def lanes_standing_still(now: datetime | None = None) -> list[LaneFigures]:
    """Those where something is to be sent and nothing has moved for a minute."""
    return [lane for lane in lane_figures(now) if lane.stands_still]


def oldest_due_age(now: datetime | None = None) -> timedelta:
    """For how long the oldest notice of all lanes has been due; zero where none is."""
    now = now or database_now()
    oldest = Notice.objects.filter(due_at__lte=now).aggregate(oldest=Min("due_at"))["oldest"]
    return now - oldest if oldest else timedelta(0)


def attempt_counts(since: timedelta = timedelta(hours=1)) -> Mapping[tuple[str, str, str], int]:
    """How many attempts had their outcome in this time, by provider, channel and outcome."""
    rows = Attempt.objects.filter(recorded_at__gt=database_now() - since)
    counted = rows.values_list("notice__provider", "notice__channel", "outcome").annotate(count=Count("id"))
    return {(provider, channel, outcome): count for provider, channel, outcome, count in counted}


def hourly_figures(now: datetime | None = None, hours: int = 24) -> list[HourFigures]:
    """The last hours, the present one last; also those in which nothing happened."""
    now = now or database_now()
    last = now.replace(minute=0, second=0, microsecond=0)
    begins = [last - timedelta(hours=ago) for ago in range(hours - 1, -1, -1)]
    entered, sent = (
        _by_hour(Receipt.objects.filter(kind=kind, recorded_at__gte=begins[0]).values_list(_hour(), Count("id")))
        for kind in (ReceiptKind.ENTERED, ReceiptKind.SENT)
    )
    attempts = Attempt.objects.filter(outcome__in=FAILED_KINDS, recorded_at__gte=begins[0])
    failed = _by_hour(attempts.values_list(_hour(), Count("id")))
    return [HourFigures(hour, entered[hour], sent[hour], failed[hour]) for hour in begins]


def _due(now: datetime) -> Mapping[LaneKey, tuple[int, datetime]]:
    rows = Notice.objects.filter(due_at__lte=now).values_list("provider", "channel")
    counted = rows.annotate(count=Count("id"), oldest=Min("due_at"))
    return {(provider, channel): (count, oldest) for provider, channel, count, oldest in counted}


def _due_figures(found: tuple[int, datetime] | None, now: datetime) -> dict[str, Any]:
    return {"due": found[0], "oldest_due": now - found[1]} if found else {}


def _waiting(now: datetime) -> Mapping[LaneKey, dict[str, Any]]:
    leased, free = Q(leased_until__isnull=False), Q(leased_until=None)
    rows = Notice.objects.filter(due_at__gt=now).values_list("provider", "channel")
    counted = rows.annotate(
        flying=Count("id", filter=leased), later=Count("id", filter=free), next=Min("due_at", filter=free)
    )
    return {
        (provider, channel): {"in_flight": flying, "later": later, "next_try_at": next_at}
        for provider, channel, flying, later, next_at in counted
    }


def _breaker_figures(lane: DeliveryLane | None) -> dict[str, Any]:
    names = ("failures", "first_failed_at", "paused_until", "last_failed")
    return {name: getattr(lane, name) for name in names} if lane else {}


def _receipts(kind: ReceiptKind, now: datetime) -> Mapping[LaneKey, int]:
    rows = Receipt.objects.filter(kind=kind, recorded_at__gt=now - DAY)
    return _by_lane(rows.values_list("notice__provider", "notice__channel").annotate(count=Count("id")))


def _failed_attempts(now: datetime) -> Mapping[LaneKey, int]:
    rows = Attempt.objects.filter(outcome__in=FAILED_KINDS, recorded_at__gt=now - DAY)
    return _by_lane(rows.values_list("notice__provider", "notice__channel").annotate(count=Count("id")))


def _by_lane(rows: Iterable[tuple[str, str, int]]) -> Mapping[LaneKey, int]:
    return {(provider, channel): count for provider, channel, count in rows}


def _hour() -> TruncHour:
    return TruncHour("recorded_at", tzinfo=UTC)


def _by_hour(rows: Iterable[tuple[datetime, int]]) -> Counter[datetime]:
    return Counter(dict(rows))
