"""Figures of the lanes: from real attempts and receipts, without anything of a mover."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.delivery_lanes import record_push
from renrakucho.delivery.models import Attempt, DeliveryLane
from renrakucho.monitoring.lane_figures import LaneFigures, hourly_figures, lane_figures, oldest_due_age
from renrakucho.notice.models import Notice
from renrakucho.notice.operator_decisions import DecisionKind, OperatorDecision
from tests.delivery.cast import entered, replace_inbox
from tests.receipt.cast import sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
CANARY = "髙﨑 太郎 taro@example.jp 03-3515-6989 昭和町1-2-3"


def only_lane(**ahead: float) -> LaneFigures:
    """The figures of the one lane, so much later."""
    [lane] = lane_figures(timezone.now() + timedelta(**ahead))
    return lane


def answer(monkeypatch: pytest.MonkeyPatch, kind: OutcomeKind, evidence: str) -> None:
    def send(message: NoticeMessage) -> Outcome:
        return Outcome(kind, evidence)

    replace_inbox(monkeypatch, send)


def test_a_notice_that_is_due_is_counted_with_its_age() -> None:
    entered()
    lane = only_lane(seconds=40)
    assert (lane.provider, lane.channel, lane.due, lane.in_flight) == ("akishima-water", "inbox", 1, 0)
    assert lane.oldest_due is not None
    assert 40 <= lane.oldest_due.total_seconds() < 45
    assert 40 <= oldest_due_age(timezone.now() + timedelta(seconds=40)).total_seconds() < 45


def test_a_notice_that_a_worker_has_is_in_flight() -> None:
    notice = entered()
    until = timezone.now() + timedelta(seconds=90)
    Notice.objects.filter(id=notice.id).update(due_at=until, leased_until=until, lease_owner="x", attempts=1)
    lane = only_lane()
    assert (lane.due, lane.in_flight, lane.later, lane.oldest_due) == (0, 1, 0, None)


def test_what_arrived_is_counted_for_a_day() -> None:
    sent()
    assert (only_lane().sent, only_lane().failed) == (1, 0)
    assert only_lane(hours=23).sent == 1
    assert only_lane(hours=25).sent == 0


def test_a_failure_leaves_its_answer_without_anything_of_the_mover(monkeypatch: pytest.MonkeyPatch) -> None:
    entered()
    answer(monkeypatch, OutcomeKind.TRY_LATER, f"503 application/json\nerror: maintenance {CANARY}")
    deliver_due_notices("test")
    lane = only_lane()
    assert lane.last_failed is not None
    assert (lane.last_failed.outcome, lane.last_failed.answer) == (
        "try_later",
        "503 … application json / error maintenance …",
    )
    assert lane.last_failed.recorded_at is not None
    assert (lane.failed, lane.later, lane.due) == (1, 1, 0)
    assert lane.next_try_at is not None


@pytest.mark.parametrize("status", [400, 404, 405, 410, 422])
def test_a_final_refusal_is_seen_by_the_operator(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    entered()
    answer(monkeypatch, OutcomeKind.REFUSED, f"{status} application/json\n{{}}")
    deliver_due_notices("test")
    lane = only_lane()
    assert (lane.undelivered, lane.failed) == (1, 1)
    assert lane.last_failed is not None
    assert lane.last_failed.answer.startswith(f"{status} ")


def test_an_arrival_leaves_the_last_failure_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    entered()
    answer(monkeypatch, OutcomeKind.UNKNOWN, "500 text/plain\n")
    deliver_due_notices("test")
    monkeypatch.undo()
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    lane = only_lane()
    assert (lane.sent, lane.failed) == (1, 1)
    assert lane.last_failed is not None
    assert lane.last_failed == Attempt.objects.get(outcome="unknown")


def test_a_lane_stands_still_after_a_minute_that_something_is_due() -> None:
    entered()
    assert not only_lane(seconds=50).stands_still
    assert only_lane(seconds=61).stands_still


def test_a_lane_stands_still_when_nobody_was_reached_for_a_minute() -> None:
    notice = entered()
    DeliveryLane.objects.create(provider="akishima-water", channel="inbox")
    for _push in range(3):
        record_push("akishima-water", "inbox", reached=False)
    Notice.objects.filter(id=notice.id).update(due_at=timezone.now() + timedelta(hours=1))
    assert not only_lane(seconds=50).stands_still
    assert only_lane(seconds=61).stands_still
    record_push("akishima-water", "inbox", reached=True)
    assert not only_lane(seconds=61).stands_still


def test_any_answer_closes_the_breaker_after_a_single_failure_too() -> None:
    DeliveryLane.objects.create(provider="akishima-water", channel="inbox")
    record_push("akishima-water", "inbox", reached=False)
    assert DeliveryLane.objects.get().failures == 1
    record_push("akishima-water", "inbox", reached=True)
    lane = DeliveryLane.objects.get()
    assert (lane.failures, lane.first_failed_at, lane.paused_until) == (0, None, None)


def test_a_lane_that_an_operator_has_paused_is_shown_and_does_not_stand_still() -> None:
    entered()
    assert not only_lane().paused
    now = timezone.now()
    OperatorDecision.objects.create(kind=DecisionKind.PAUSE, provider="akishima-water", channel="", begins_at=now)
    lane = only_lane(seconds=61)
    assert (lane.paused, lane.stands_still) == (True, False)


def test_a_lane_with_nothing_to_send_does_not_stand_still() -> None:
    DeliveryLane.objects.create(provider="akishima-water", channel="inbox", failures=9, first_failed_at=timezone.now())
    assert not only_lane(hours=5).stands_still


def test_the_hours_of_a_day_count_what_was_entered_sent_and_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    sent()
    now = timezone.now()
    hours = hourly_figures(now)
    assert len(hours) == 24
    assert hours[-1].begins_at == now.replace(minute=0, second=0, microsecond=0)
    assert [sum(each) for each in zip(*[(h.entered, h.sent, h.failed) for h in hours], strict=True)] == [1, 1, 0]
    assert sum(hour.sent for hour in hourly_figures(now + timedelta(hours=23))) == 1
    assert sum(hour.sent for hour in hourly_figures(now + timedelta(hours=25))) == 0


def test_the_number_of_statements_does_not_grow_with_the_lanes(django_assert_num_queries: Any) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            lane_figures(timezone.now())
        return len(captured)

    before = statements()
    entered()
    for number in range(5):
        DeliveryLane.objects.create(provider=f"provider-{number}", channel="webhook")
    assert statements() == before <= 8
