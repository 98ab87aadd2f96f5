"""Heartbeat of the workers: each process writes a row every ten seconds, by the clock of the database.

A worker that has died leaves its row, which grows old; another one's beat removes it in the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from renrakucho.lib.database_clock import clock_skew, database_now
from renrakucho.monitoring.models import WorkerHeartbeat
from renrakucho.monitoring.software_versions import portal_version

BEAT_SECONDS = 10
ALIVE_FOR = timedelta(seconds=30)  # three beats
_KEPT_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class WorkerState:
    """One worker as its last beat says. silent_for: how long ago that was; alive: whether that is short enough."""

    owner: str
    version: str
    started_at: datetime
    beat_at: datetime
    silent_for: timedelta
    skew: timedelta
    failing: Mapping[str, int]

    @property
    def alive(self) -> bool:
        return self.silent_for <= ALIVE_FOR


def record_heartbeat(owner: str, started_at: datetime, failing: Mapping[str, int]) -> None:
    """Write this process's beat, and remove the rows of workers that died ten minutes ago."""
    now = database_now()
    beat = {
        "version": portal_version(),
        "started_at": started_at,
        "beat_at": now,
        "skew": clock_skew().total_seconds(),
        "failing": dict(failing),
    }
    WorkerHeartbeat.objects.update_or_create(owner=owner, defaults=beat)
    WorkerHeartbeat.objects.filter(beat_at__lt=now - _KEPT_FOR).delete()


def worker_states(now: datetime | None = None) -> list[WorkerState]:
    """Every known worker, the one that beat last first."""
    now = now or database_now()
    return [
        WorkerState(
            row.owner,
            row.version,
            row.started_at,
            row.beat_at,
            now - row.beat_at,
            timedelta(seconds=row.skew),
            row.failing,
        )
        for row in WorkerHeartbeat.objects.order_by("-beat_at")
    ]
