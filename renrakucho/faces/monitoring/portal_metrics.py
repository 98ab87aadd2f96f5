"""Prometheus metrics that the database knows: computed at each scrape, alike in every process of the portal."""

import logging
import math
from collections.abc import Callable, Iterable, Iterator

from django.db import DatabaseError, connection
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from renrakucho.monitoring.check_result import CheckState
from renrakucho.monitoring.installation_checks import DATABASE, run_checks
from renrakucho.monitoring.lane_figures import attempt_counts, lane_figures
from renrakucho.monitoring.notice_figures import handed_over_long_ago, mail_figures, unanswered_notices
from renrakucho.monitoring.worker_heartbeat import worker_states

log = logging.getLogger(__name__)

_LANE = ("provider", "channel")
_STATES = list(CheckState)
Sample = tuple[tuple[str, ...], float]


class PortalCollector(Collector):
    """The gauges. Where the database does not answer, the checks alone, which say so; where it lacks a migration, those
    that can be computed without it.
    """

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each gauge with its samples."""
        results = run_checks()
        states = [((key,), _STATES.index(result.state)) for key, result in results.items()]
        yield _gauge("check", "Health check: 0 ok, 1 unknown, 2 warning, 3 failing", ("check",), states)
        if results[DATABASE].state == CheckState.OK:
            for gauges in (_lane_gauges, _mail_gauges, _notice_gauges, _worker_gauges):
                yield from _possible(gauges)


def _possible(gauges: Callable[[], Iterator[GaugeMetricFamily]]) -> list[GaugeMetricFamily]:
    try:
        return list(gauges())
    except DatabaseError as error:
        log.error("metrics: %s", type(error).__name__)
        connection.close()
        return []


def _lane_gauges() -> Iterator[GaugeMetricFamily]:
    lanes = lane_figures()
    for name, text, values in (
        ("notices_due", "Notices that could be claimed now", [lane.due for lane in lanes]),
        ("notices_later", "Notices with a next try ahead", [lane.later for lane in lanes]),
        ("notices_in_flight", "Notices that a worker has leased", [lane.in_flight for lane in lanes]),
        ("oldest_due_seconds", "Age of the oldest that is due", [lane.oldest_due_seconds for lane in lanes]),
        ("lane_stands_still", "1: nothing has moved for a minute", [lane.stands_still for lane in lanes]),
        ("lane_paused", "1: an operator has paused it", [lane.paused for lane in lanes]),
        ("breaker_open", "1: one probe goes out at a time", [lane.breaker_open for lane in lanes]),
        ("breaker_failures", "Pushes in a row that reached nobody", [lane.failures for lane in lanes]),
    ):
        keys = [(lane.provider, lane.channel) for lane in lanes]
        yield _gauge(name, text, _LANE, zip(keys, map(float, values), strict=True))
    yield _gauge(
        "attempts_last_hour", "Attempts to deliver, of the last hour", (*_LANE, "outcome"), attempt_counts().items()
    )


def _mail_gauges() -> Iterator[GaugeMetricFamily]:
    boxes = mail_figures()
    for name, text, values in (
        ("mails_due", "Mails to be sent now", [box.due for box in boxes]),
        ("mails_retried", "Mails that wait for another try", [box.retried for box in boxes]),
        ("mails_given_up_last_day", "Mails that were given up in the last day", [box.given_up for box in boxes]),
    ):
        yield _gauge(name, text, ("outbox",), zip([(box.outbox,) for box in boxes], values, strict=True))


def _notice_gauges() -> Iterator[GaugeMetricFamily]:
    left = handed_over_long_ago().items()
    text = "Notices whose mover went to the provider's site more than a day ago and never came back"
    yield _gauge("notices_handed_over_long_ago", text, ("provider",), (((name,), count) for name, count in left))
    text = "Notices that arrived and have no answer"
    unanswered = (((one.provider,), one.total) for one in unanswered_notices())
    yield _gauge("notices_unanswered", text, ("provider",), unanswered)


def _worker_gauges() -> Iterator[GaugeMetricFamily]:
    states = worker_states()
    ages: dict[tuple[str], float] = {}
    for state in states:  # by machine: with their process ids every restart would make a series of its own
        machine = (state.owner.partition(":")[0].partition("/")[0],)
        ages[machine] = min(state.silent_for.total_seconds(), ages.get(machine, math.inf))
    yield _gauge("worker_beat_age_seconds", "Age of a machine's last worker beat", ("machine",), ages.items())
    yield _gauge("workers_alive", "Workers that beat in the last 30 seconds", (), [((), sum(s.alive for s in states))])


def _gauge(name: str, text: str, labels: tuple[str, ...], samples: Iterable[Sample]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"renrakucho_{name}", text, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family
