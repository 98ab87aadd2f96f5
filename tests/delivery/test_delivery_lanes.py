"""Lanes and their circuit breaker: fairness, one probe, order, and deadlines that pass while nothing is sent."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery import deliver_notices, delivery_lanes
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.delivery_lanes import LaneRoom, claim_from_lanes, lane_room, pause_after, share_slots
from renrakucho.delivery.delivery_task import DeliveryTask
from renrakucho.delivery.models import Attempt, DeliveryLane
from renrakucho.delivery.paused_lanes import hold_paused_notices
from renrakucho.mail.models import Mail, MailKind
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.operator_acts import pause_lanes, resume_lanes
from renrakucho.notice.operator_decisions import OperatorDecision
from renrakucho.receipt.mover_actions import enter_notice, replace_notice
from tests.receipt.cast import answered

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
UNREACHABLE = Outcome(OutcomeKind.TRY_LATER, "refused", reached=False)
database = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[NoticeMessage], Outcome]], None]:
    """Notices to the inbox go to somebody else's machine, which is this function."""

    def use(send: Callable[[NoticeMessage], Outcome]) -> None:
        monkeypatch.setitem(CHANNELS, "inbox", replace(CHANNELS["inbox"], send=send, local=False))

    return use


def lane(
    provider: str = "a", failures: int = 0, paused: float | None = None, served: float | None = None
) -> DeliveryLane:
    return DeliveryLane(
        provider=provider,
        channel="webhook",
        failures=failures,
        paused_until=None if paused is None else NOW + paused * SECOND,
        served_at=None if served is None else NOW + served * SECOND,
    )


@pytest.mark.parametrize(
    ("of", "in_flight", "room"),
    [
        (lane(), 0, 2),
        (lane(), 1, 1),
        (lane(), 2, 0),
        (lane(), 5, 0),
        (lane(failures=1), 0, 1),
        (lane(failures=1), 1, 0),
        (lane(failures=3, paused=1), 0, 0),
        (lane(failures=3, paused=0), 0, 1),
        (lane(failures=3, paused=-1), 0, 1),
        (lane(failures=3, paused=-1), 1, 0),
    ],
)
def test_a_lane_has_room_up_to_its_cap_and_for_one_probe_after_a_failure(
    of: DeliveryLane, in_flight: int, room: int
) -> None:
    assert lane_room(of, 2, in_flight, NOW) == room


def test_the_breaker_opens_at_the_third_failure_and_doubles_up_to_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda _low, high: high)
    pauses = [pause_after(failures) / SECOND for failures in (0, 2, 3, 4, 5, 9, 10, 40, 4000)]
    assert pauses == [0, 0, 5, 10, 20, 320, 600, 600, 600]
    monkeypatch.setattr(random, "uniform", lambda low, _high: low)
    assert pause_after(3) == 4 * SECOND


@pytest.mark.parametrize(
    ("rooms", "slots", "suspect_slots", "quotas"),
    [
        ([], 5, 5, {}),
        ([LaneRoom(lane("a"), 2)], 5, 5, {"a": 2}),
        ([LaneRoom(lane("a"), 9), LaneRoom(lane("b"), 9)], 4, 4, {"a": 2, "b": 2}),
        ([LaneRoom(lane("a"), 9), LaneRoom(lane("b"), 1)], 4, 4, {"a": 3, "b": 1}),
        ([LaneRoom(lane("a", served=5), 9), LaneRoom(lane("b", served=1), 9)], 1, 1, {"b": 1}),
        ([LaneRoom(lane("a", served=5), 9), LaneRoom(lane("b"), 9)], 1, 1, {"b": 1}),
        ([LaneRoom(lane("a", failures=1, served=1), 1), LaneRoom(lane("b", served=5), 1)], 1, 1, {"b": 1}),
        ([LaneRoom(lane(name, failures=1), 1) for name in "abc"], 3, 2, {"a": 1, "b": 1}),
        ([LaneRoom(lane("a", failures=1), 1), LaneRoom(lane("b"), 3)], 3, 0, {"b": 3}),
        ([LaneRoom(lane("a"), 0)], 3, 3, {}),
    ],
)
def test_each_lane_gets_a_slot_before_any_gets_a_second(
    rooms: list[LaneRoom], slots: int, suspect_slots: int, quotas: dict[str, int]
) -> None:
    assert {lane.provider: quota for lane, quota in share_slots(rooms, slots, suspect_slots)} == quotas


class TestInTheDatabase:
    pytestmark = database

    def test_a_lane_never_has_more_in_flight_than_its_cap(
        self, machine: Callable[[Callable[[NoticeMessage], Outcome]], None]
    ) -> None:
        machine(lambda message: UNREACHABLE)
        for _each in range(3):
            enter_notice(answered())
        claims = [len(claim_from_lanes(owner, now=timezone.now(), slots=9)) for owner in ("one", "two")]
        assert claims == [2, 0]
        later = timezone.now() + 2 * MINUTE  # the leases of both have run out
        assert len(claim_from_lanes("three", now=later, slots=9)) == 2

    def test_an_unreachable_machine_is_left_alone_and_probed(
        self, machine: Callable[[Callable[[NoticeMessage], Outcome]], None]
    ) -> None:
        sent: list[str] = []
        outcomes = [UNREACHABLE] * 4 + [Outcome(OutcomeKind.SENT)] * 9

        def send(message: NoticeMessage) -> Outcome:
            sent.append(message.key)
            return outcomes[len(sent) - 1]

        machine(send)
        for _each in range(6):
            enter_notice(answered())
        for _each in range(5):
            deliver_due_notices("test", limit=9)
        assert len(sent) == 3
        assert len(set(sent)) == 3
        paused_until = DeliveryLane.objects.get().paused_until
        assert paused_until
        assert deliver_due_notices("test", now=paused_until + SECOND, limit=9) == 1
        assert len(sent) == 4
        again_at = DeliveryLane.objects.get().paused_until
        assert again_at
        assert again_at > paused_until
        for _each in range(5):
            deliver_due_notices("test", now=again_at + DAY, limit=9)
        assert not Notice.objects.filter(status=Status.ENTERED).exists()
        assert (DeliveryLane.objects.get().failures, DeliveryLane.objects.get().paused_until) == (0, None)

    @pytest.mark.parametrize("kind", [OutcomeKind.REFUSED, OutcomeKind.TRY_LATER, OutcomeKind.UNKNOWN])
    def test_an_answer_of_any_kind_is_no_failure_of_the_lane(
        self, machine: Callable[[Callable[[NoticeMessage], Outcome]], None], kind: OutcomeKind
    ) -> None:
        machine(lambda message: Outcome(kind, "500"))
        for _each in range(5):
            enter_notice(answered())
            deliver_due_notices("test")
        assert DeliveryLane.objects.get().failures == 0
        assert Attempt.objects.count() == 5

    def test_a_notice_of_a_paused_lane_is_kept_without_an_attempt_until_the_probe(self) -> None:
        notice = enter_notice(answered())
        until = timezone.now() + 4 * MINUTE
        DeliveryLane.objects.create(provider=notice.provider, channel="inbox", failures=5, paused_until=until)
        assert deliver_due_notices("test") == 0
        assert hold_paused_notices("test") == 1
        notice.refresh_from_db()
        assert (notice.status, notice.leased_until, Attempt.objects.count()) == (Status.ENTERED, None, 0)
        assert notice.due_at
        assert abs(notice.due_at - until) < 5 * SECOND
        assert hold_paused_notices("test") == 0

    def test_the_mover_is_told_in_time_though_the_lane_is_paused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        notice = enter_notice(answered())
        until = timezone.now() + 4 * MINUTE
        DeliveryLane.objects.create(provider=notice.provider, channel="inbox", failures=5, paused_until=until)
        monkeypatch.setattr(DeliveryTask, "deadline", timezone.now() - MINUTE)
        hold_paused_notices("test")
        notice.refresh_from_db()
        assert (notice.status, notice.due_at) == (Status.UNDELIVERED, None)
        assert Mail.objects.filter(kind=MailKind.UNDELIVERED, about=notice.id).count() == 1

    @pytest.mark.parametrize(("provider", "channel"), [("akishima-water", ""), ("", "inbox")])
    def test_what_an_operator_has_paused_is_kept_without_an_attempt_and_goes_out_once_it_is_resumed(
        self, provider: str, channel: str
    ) -> None:
        notice = enter_notice(answered())
        pause_lanes(None, provider=provider, channel=channel, sentence="点検のため、送信を止めています。")
        assert deliver_due_notices("test") == 0
        assert hold_paused_notices("test") == 1
        assert hold_paused_notices("test") == 0
        notice.refresh_from_db()
        assert (notice.status, notice.leased_until, Attempt.objects.count()) == (Status.ENTERED, None, 0)
        assert notice.due_at
        assert timezone.now() + 14 * MINUTE < notice.due_at < timezone.now() + 16 * MINUTE
        assert resume_lanes(None, provider=provider, channel=channel) == 1
        assert deliver_due_notices("test") == 1
        notice.refresh_from_db()
        assert notice.status == Status.SENT

    def test_a_pause_of_another_lane_or_that_is_over_keeps_nothing(self) -> None:
        notice = enter_notice(answered())
        pause_lanes(None, provider="tokyo-gas", sentence="点検")
        pause_lanes(None, provider=notice.provider, channel="webhook", sentence="点検")
        pause_lanes(None, provider=notice.provider, sentence="点検")
        over = OperatorDecision.objects.filter(provider=notice.provider, channel="")
        over.update(begins_at=timezone.now() - DAY, ends_at=timezone.now() - MINUTE)
        assert deliver_due_notices("test") == 1

    def test_what_is_held_is_looked_at_again_when_the_pause_ends(self) -> None:
        notice = enter_notice(answered())
        ends_at = timezone.now() + 4 * MINUTE
        pause_lanes(None, provider=notice.provider, sentence="点検", ends_at=ends_at)
        deliver_due_notices("test")
        hold_paused_notices("test")
        notice.refresh_from_db()
        assert notice.due_at
        assert abs(notice.due_at - ends_at) < 5 * SECOND
        assert deliver_due_notices("test", now=ends_at + 5 * SECOND) == 1

    def test_the_mover_is_told_in_time_though_an_operator_has_paused_the_lane(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        notice = enter_notice(answered())
        pause_lanes(None, channel="inbox", sentence="点検のため、送信を止めています。")
        monkeypatch.setattr(DeliveryTask, "deadline", timezone.now() - MINUTE)
        deliver_due_notices("test")
        hold_paused_notices("test")
        notice.refresh_from_db()
        assert (notice.status, notice.due_at) == (Status.UNDELIVERED, None)
        assert Mail.objects.filter(kind=MailKind.UNDELIVERED, about=notice.id).count() == 1

    def test_the_test_would_catch_a_claim_that_forgets_the_pause(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The mutant: lanes are claimed from whatever an operator has decided."""
        enter_notice(answered())
        pause_lanes(None, channel="inbox", sentence="点検のため、送信を止めています。")
        monkeypatch.setattr(delivery_lanes, "pauses_of_row", lambda _now: Q(pk=None))
        assert deliver_due_notices("test") == 1

    def test_nothing_is_given_up_while_the_clocks_differ(self, monkeypatch: pytest.MonkeyPatch) -> None:
        notice = enter_notice(answered())
        until = timezone.now() + 4 * MINUTE
        DeliveryLane.objects.create(provider=notice.provider, channel="inbox", failures=5, paused_until=until)
        monkeypatch.setattr(DeliveryTask, "deadline", timezone.now() - MINUTE)
        monkeypatch.setattr(deliver_notices, "is_clock_right", lambda: False)
        hold_paused_notices("test")
        notice.refresh_from_db()
        assert notice.status == Status.ENTERED
        assert notice.due_at

    def test_a_poisoned_notice_of_a_paused_lane_holds_up_no_other(self) -> None:
        broken, whole = enter_notice(answered()), enter_notice(answered())
        Notice.objects.filter(id=broken.id).update(filled=b"sealed under another key")
        until = timezone.now() + 4 * MINUTE
        DeliveryLane.objects.create(provider=whole.provider, channel="inbox", failures=5, paused_until=until)
        assert hold_paused_notices("test") == 2
        for notice in (broken, whole):
            notice.refresh_from_db()
            assert notice.leased_until is None
            assert notice.due_at
            assert notice.due_at > timezone.now()

    @pytest.mark.parametrize("ends", [OutcomeKind.SENT, OutcomeKind.REFUSED, OutcomeKind.UNKNOWN])
    def test_a_replacement_waits_for_what_it_replaces(
        self, machine: Callable[[Callable[[NoticeMessage], Outcome]], None], ends: OutcomeKind
    ) -> None:
        """However the first one ends, given up or not, the second one goes out then."""
        order: list[str] = []

        def send(message: NoticeMessage) -> Outcome:
            if not order:
                replace_notice(old)
                assert claim_from_lanes("another worker", now=timezone.now(), slots=9) == []
            order.append(message.number)
            return Outcome(ends if len(order) == 1 else OutcomeKind.SENT)

        machine(send)
        old = enter_notice(answered())
        deliver_due_notices("test")
        deliver_due_notices("test")
        new = Notice.objects.get(replaces=old)
        assert order == [old.number, new.number]
        old.refresh_from_db()
        assert (new.status, old.due_at) == (Status.SENT, None)
