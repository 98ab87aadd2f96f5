"""Delivery lanes (bulkheads): each provider and channel has a lane of its own, and a cap of notices in flight over all
workers, so that a receiver that hangs holds up nobody else's notices.

Each lane has a circuit breaker, kept in the database, so that all workers share it. It counts pushes in a row that
reached nobody: a time-out, a refused connection. Any answer, a refusal too, closes it. After three it is open: nothing
is sent for a pause, then one probe, and each probe that fails doubles the pause.

A claim is one transaction of several statements. The lock on the lane comes first, and what is in flight is counted in
a later statement: only its snapshot has what others claimed under the lock before (READ COMMITTED).
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.delivery.models import DeliveryLane
from renrakucho.delivery.retry_policy import LEASE_SECONDS
from renrakucho.lib.database_clock import database_now
from renrakucho.notice.models import Notice
from renrakucho.notice.operator_decisions import PAUSING, OperatorDecision
from renrakucho.notice.outgoing_gate import MAY_LEAVE

TRIPS = 3  # failures in a row
_FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)
LOCAL_CAP = 100  # of a channel that does not leave this machine: nothing there can hang
_NEVER = datetime.min.replace(tzinfo=UTC)

# The distinct pairs of provider and channel with due notices, each found by one step in the index (a loose index scan):
# DISTINCT would read every row of a long queue.
_DUE_PAIRS = """
WITH RECURSIVE pair(provider, channel) AS (
    SELECT * FROM (SELECT provider, channel FROM notice_notice WHERE due_at IS NOT NULL
                   ORDER BY provider, channel LIMIT 1) AS first_pair
    UNION ALL
    SELECT (SELECT n.provider FROM notice_notice n WHERE n.due_at IS NOT NULL
              AND (n.provider, n.channel) > (pair.provider, pair.channel) ORDER BY n.provider, n.channel LIMIT 1),
           (SELECT n.channel FROM notice_notice n WHERE n.due_at IS NOT NULL
              AND (n.provider, n.channel) > (pair.provider, pair.channel) ORDER BY n.provider, n.channel LIMIT 1)
    FROM pair WHERE pair.provider IS NOT NULL)
SELECT provider, channel FROM pair WHERE provider IS NOT NULL
"""


@dataclass(frozen=True)
class LaneRoom:
    """room: how many more notices the lane may have in flight; suspect: its last push reached nobody."""

    lane: DeliveryLane
    room: int

    @property
    def suspect(self) -> bool:
        return self.lane.failures > 0


def local_channels() -> frozenset[str]:
    """The channels that stay on this machine."""
    return frozenset(name for name, channel in CHANNELS.items() if channel.local)


def remote_channels() -> frozenset[str]:
    """The channels that wait for somebody else's machine; a channel that is not known any more too."""
    return frozenset(CHANNELS) - local_channels()


def claim_from_lanes(
    owner: str, *, now: datetime, slots: int, suspect_slots: int | None = None, channels: Collection[str] | None = None
) -> list[Notice]:
    """Lease up to `slots` due notices to `owner`, each lane's first before any lane's second.

    suspect_slots: of these, at most so many of lanes whose last push reached nobody. channels: of these alone.
    RuntimeError: called inside a transaction.
    """
    if not open_missing_lanes():
        return []
    until = now + timedelta(seconds=LEASE_SECONDS)
    with transaction.atomic(durable=True):
        lanes = _lock_due_lanes(now, channels)
        in_flight = _in_flight(now) if lanes else {}
        rooms = [
            LaneRoom(lane, lane_room(lane, _cap(lane.channel), in_flight.get((lane.provider, lane.channel), 0), now))
            for lane in lanes
        ]
        claimed: list[Notice] = []
        for lane, quota in share_slots(rooms, slots, slots if suspect_slots is None else suspect_slots):
            claimed += _due_notices(lane, now)[:quota]
        ids = [notice.id for notice in claimed]
        Notice.objects.filter(id__in=ids).update(
            due_at=until, leased_until=until, lease_owner=owner, attempts=F("attempts") + 1
        )
        served = {(notice.provider, notice.channel) for notice in claimed}
        DeliveryLane.objects.filter(
            id__in=[lane.id for lane in lanes if (lane.provider, lane.channel) in served]
        ).update(served_at=now)
    for notice in claimed:
        notice.due_at = notice.leased_until = until
        notice.lease_owner = owner
        notice.attempts += 1
    return claimed


def share_slots(rooms: Sequence[LaneRoom], slots: int, suspect_slots: int) -> list[tuple[DeliveryLane, int]]:
    """Round robin: a slot for each lane with room, the one served longest ago first, then a second one, and so on."""
    quotas = dict.fromkeys(range(len(rooms)), 0)
    order = sorted(quotas, key=lambda at: (rooms[at].suspect, rooms[at].lane.served_at or _NEVER))
    while slots:
        given = 0
        for at in order:
            wanted = quotas[at] < rooms[at].room and (not rooms[at].suspect or suspect_slots > 0)
            if slots and wanted:
                quotas[at], slots, given = quotas[at] + 1, slots - 1, given + 1
                suspect_slots -= rooms[at].suspect
        if not given:
            break
    return [(rooms[at].lane, quotas[at]) for at in order if quotas[at]]


def lane_room(lane: DeliveryLane, cap: int, in_flight: int, now: datetime) -> int:
    """How many more notices the lane may have in flight. One that failed last gets a single probe at a time, so that
    what hangs holds few senders even before the breaker opens.
    """
    if lane.paused_until and lane.paused_until > now:
        return 0
    return max(0, (1 if lane.failures else cap) - in_flight)


def pause_after(failures: int) -> timedelta:
    """For how long the breaker stays open; zero while it is closed. Jitter spreads lanes that failed together."""
    if failures < TRIPS:
        return timedelta(0)
    doubled: int = 2 ** min(failures - TRIPS, 10)
    whole = min(LONGEST_PAUSE, _FIRST_PAUSE * doubled)
    return whole * random.uniform(0.8, 1)  # noqa: S311 - spreads load, guards nothing


def record_push(provider: str, channel: str, *, reached: bool) -> None:
    """Count a push that reached nobody, or close the breaker after one that did."""
    lanes = DeliveryLane.objects.filter(provider=provider, channel=channel)
    if reached:
        lanes.filter(failures__gt=0).update(failures=0, first_failed_at=None, paused_until=None)
        return
    with transaction.atomic():
        lane = lanes.select_for_update(no_key=True).first()
        if lane:
            now = database_now()
            lane.failures += 1
            lane.first_failed_at = lane.first_failed_at or now
            pause = pause_after(lane.failures)
            lane.paused_until = now + pause if pause else None
            lane.save(update_fields=["failures", "first_failed_at", "paused_until"])


def open_missing_lanes() -> bool:
    """Give every provider and channel with notices that are due now or later a lane. Returns whether there are any."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE_PAIRS)
        due = set(cursor.fetchall())
    missing = due - set(DeliveryLane.objects.values_list("provider", "channel")) if due else set()
    if missing:
        lanes = [DeliveryLane(provider=provider, channel=channel) for provider, channel in sorted(missing)]
        DeliveryLane.objects.bulk_create(lanes, ignore_conflicts=True)
    return bool(due)


def pauses_of_row(now: datetime) -> Exists:
    """SQL condition: the row, which has a provider and a channel, belongs to a lane that is paused now."""
    holding = OperatorDecision.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), kind__in=PAUSING)
    of_provider = Q(provider="") | Q(provider=OuterRef("provider"))
    return Exists(holding.filter(of_provider, Q(channel="") | Q(channel=OuterRef("channel"))))


def _lock_due_lanes(now: datetime, channels: Collection[str] | None) -> list[DeliveryLane]:
    due = Notice.objects.filter(provider=OuterRef("provider"), channel=OuterRef("channel"), due_at__lte=now)
    lanes = DeliveryLane.objects.filter(Q(paused_until=None) | Q(paused_until__lte=now), Exists(due))
    lanes = lanes.exclude(pauses_of_row(now))
    if channels is not None:
        lanes = lanes.filter(channel__in=channels)
    # Another worker that is claiming holds these locks for some milliseconds: it is not waited for. SQLite has no row
    # locks, and its transaction is IMMEDIATE.
    return list(lanes.order_by("id").select_for_update(skip_locked=True, no_key=True))


def _in_flight(now: datetime) -> Mapping[tuple[str, str], int]:
    leased = Notice.objects.filter(leased_until__gt=now).values_list("provider", "channel").annotate(count=Count("id"))
    return {(provider, channel): count for provider, channel, count in leased}


def _due_notices(lane: DeliveryLane, now: datetime) -> QuerySet[Notice]:
    # What replaces a notice that is being sent waits until that is settled: it must not arrive first.
    free = Q(replaces=None) | Q(replaces__leased_until=None) | Q(replaces__leased_until__lte=now)
    return (
        Notice.objects.select_related("book", "replaces")
        .filter(free, MAY_LEAVE, provider=lane.provider, channel=lane.channel, due_at__lte=now)
        .order_by("due_at")
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
    )


def _cap(channel: str) -> int:
    return LOCAL_CAP if channel in local_channels() else settings.LANE_CAP
