"""Delivery: once, late, and under failing channels."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery import deliver_notices
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.delivery_task import DeliveryTask, pending_task
from renrakucho.delivery.models import Attempt
from renrakucho.delivery.retry_policy import MOST_ATTEMPTS, backoff_delay
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.answer_by_code import mark_paper_seen
from renrakucho.receipt.evidence import SystemActor
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, replace_notice, withdraw_notice
from renrakucho.receipt.provider_actions import ProviderAnswer, answer_notice, request_resend
from tests.receipt.test_turns import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


class Wire:
    """A channel that answers as told and keeps what it was handed."""

    def __init__(self, *kinds: OutcomeKind) -> None:
        self.kinds = list(kinds)
        self.keys: list[str] = []

    def __call__(self, parcel: NoticeMessage) -> Outcome:
        self.keys.append(parcel.key)
        if not self.kinds:
            raise ConnectionResetError
        return Outcome(self.kinds.pop(0), "raw answer")


def put(monkeypatch: pytest.MonkeyPatch, send: Callable[[NoticeMessage], Outcome]) -> None:
    monkeypatch.setitem(CHANNELS, "inbox", replace(CHANNELS["inbox"], send=send))


def deliver(monkeypatch: pytest.MonkeyPatch, wire: Wire, rounds: int = 1) -> Notice:
    put(monkeypatch, wire)
    notice = enter_notice(answered())
    for ahead in range(rounds):
        deliver_due_notices("test", now=timezone.now() + timedelta(days=ahead))
    return Notice.objects.get(id=notice.id)


def test_delivered_once_and_due_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(OutcomeKind.SENT, OutcomeKind.SENT)
    notice = deliver(monkeypatch, wire, rounds=3)
    assert (notice.status, notice.due_at, wire.keys) == (Status.SENT, None, [str(notice.id)])
    assert Attempt.objects.get().outcome == "sent"


def test_tried_again_under_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(OutcomeKind.TRY_LATER, OutcomeKind.UNKNOWN, OutcomeKind.SENT)
    notice = deliver(monkeypatch, wire, rounds=3)
    assert notice.status == Status.SENT
    assert wire.keys == [str(notice.id)] * 3
    assert list(Attempt.objects.order_by("ordinal").values_list("outcome", flat=True)) == [
        *("try_later", "unknown", "sent"),
    ]


def test_not_before_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(OutcomeKind.TRY_LATER)
    notice = deliver(monkeypatch, wire)
    assert notice.status == Status.ENTERED
    assert notice.due_at
    assert notice.due_at > timezone.now()
    assert deliver_due_notices("test") == 0


def test_refused_is_undelivered_and_the_mover_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = deliver(monkeypatch, Wire(OutcomeKind.REFUSED), rounds=2)
    assert (notice.status, notice.due_at) == (Status.UNDELIVERED, None)
    assert Mail.objects.filter(kind=MailKind.UNDELIVERED, about=notice.id).count() == 1


def test_a_channel_that_breaks_is_unknown_and_given_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire()
    notice = deliver(monkeypatch, wire, rounds=MOST_ATTEMPTS + 2)
    assert notice.status == Status.UNDELIVERED
    assert len(wire.keys) == MOST_ATTEMPTS
    assert set(Attempt.objects.values_list("outcome", flat=True)) == {"unknown"}


def test_what_a_dead_worker_left_is_sent_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def killed(parcel: NoticeMessage) -> Outcome:
        raise Killed

    notice = enter_notice(answered())
    put(monkeypatch, killed)
    with pytest.raises(Killed):
        deliver_due_notices("dying")
    wire = Wire(OutcomeKind.SENT)
    put(monkeypatch, wire)
    assert deliver_due_notices("next") == 0
    assert deliver_due_notices("next", now=timezone.now() + timedelta(minutes=2)) == 1
    assert Notice.objects.get(id=notice.id).status == Status.SENT
    assert notice.receipts.filter(kind=ReceiptKind.SENT).count() == 1


def test_waits_grow_to_six_hours_and_no_more() -> None:
    waits = [backoff_delay(attempts).total_seconds() for attempts in range(1, 30)]
    assert 7 <= waits[0] <= 15
    assert max(waits) <= 6 * 3600
    assert min(waits[15:]) >= 3 * 3600


def test_what_is_under_way_is_asked_after_and_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fax(parcel: NoticeMessage) -> Outcome:
        asked.append(parcel.reference)
        if len(asked) <= MOST_ATTEMPTS + 2:
            return Outcome(OutcomeKind.UNDER_WAY, "dialling", reference="job 17")
        return Outcome(OutcomeKind.SENT, "1 page")

    put(monkeypatch, fax)
    notice = enter_notice(answered())
    for minutes in range(MOST_ATTEMPTS + 3):
        deliver_due_notices("test", now=timezone.now() + timedelta(minutes=minutes))
    notice.refresh_from_db()
    assert notice.status == Status.SENT
    assert asked == ["", *["job 17"] * (MOST_ATTEMPTS + 2)]
    assert Attempt.objects.get().outcome == "sent"


def test_a_channel_can_say_when_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Outcome(OutcomeKind.TRY_LATER, "busy", retry_after=timedelta(hours=7))
    put(monkeypatch, lambda parcel: busy)
    notice = enter_notice(answered())
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert notice.due_at
    assert notice.due_at > timezone.now() + timedelta(hours=6, minutes=59)


def test_a_notice_that_brings_every_worker_down_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(OutcomeKind.SENT)
    put(monkeypatch, wire)
    notice = enter_notice(answered())
    for ordinal in range(100, 100 + MOST_ATTEMPTS):
        Attempt.objects.create(notice=notice, ordinal=ordinal, started_at=timezone.now())
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert (notice.status, wire.keys) == (Status.UNDELIVERED, [])


@pytest.mark.parametrize("kind", [OutcomeKind.SENT, OutcomeKind.UNKNOWN])
def test_a_withdrawal_goes_after_what_may_have_arrived(monkeypatch: pytest.MonkeyPatch, kind: OutcomeKind) -> None:
    wire = Wire(kind, OutcomeKind.SENT)
    notice = deliver(monkeypatch, wire)
    withdraw_notice(notice)
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    assert wire.keys == [str(notice.id), f"{notice.id}:withdrawn"]
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.WITHDRAWN, None)
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).count() == 1
    assert deliver_due_notices("test", now=timezone.now() + timedelta(days=2)) == 0


def test_a_withdrawal_of_what_never_arrived_goes_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(OutcomeKind.TRY_LATER)
    notice = deliver(monkeypatch, wire)
    withdraw_notice(notice)
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    assert wire.keys == [str(notice.id)]
    assert not notice.receipts.filter(
        kind__in=(ReceiptKind.WITHDRAWAL_SENT, ReceiptKind.WITHDRAWAL_UNDELIVERED)
    ).exists()


def test_a_withdrawal_that_does_not_arrive_is_told_to_the_mover(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = deliver(monkeypatch, Wire(OutcomeKind.SENT, OutcomeKind.REFUSED))
    withdraw_notice(notice)
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_UNDELIVERED).count() == 1
    assert Mail.objects.filter(kind=MailKind.WITHDRAWAL_UNDELIVERED, about=notice.id).count() == 1


def test_withdrawn_while_it_is_being_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []

    def slow(parcel: NoticeMessage) -> Outcome:
        keys.append(parcel.key)
        if not parcel.withdrawn:
            withdraw_notice(notice)
        return Outcome(OutcomeKind.SENT)

    put(monkeypatch, slow)
    notice = enter_notice(answered())
    deliver_due_notices("test")
    deliver_due_notices("test", now=timezone.now() + timedelta(minutes=5))
    assert keys == [str(notice.id), f"{notice.id}:withdrawn"]
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.WITHDRAWN, None)


def test_accepted_while_it_is_being_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def quick(parcel: NoticeMessage) -> Outcome:
        answer_notice(notice, ProviderAnswer("W-1"), SystemActor("api key"))
        return Outcome(OutcomeKind.UNKNOWN, "timed out")

    put(monkeypatch, quick)
    notice = enter_notice(answered())
    for days in range(3):
        deliver_due_notices("test", now=timezone.now() + timedelta(days=days))
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.ACCEPTED, None)


def test_a_change_names_what_it_replaces(monkeypatch: pytest.MonkeyPatch) -> None:
    parcels: list[NoticeMessage] = []

    def keep(parcel: NoticeMessage) -> Outcome:
        parcels.append(parcel)
        return Outcome(OutcomeKind.SENT)

    put(monkeypatch, keep)
    old = enter_notice(answered())
    deliver_due_notices("test")
    new = replace_notice(old)
    deliver_due_notices("test")
    assert [(parcel.number, parcel.replaces) for parcel in parcels] == [(old.number, ""), (new.number, old.number)]
    assert parcels[0].filled.way_back != parcels[1].filled.way_back


def test_a_channel_in_a_hurry_does_not_use_up_the_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, lambda parcel: Outcome(OutcomeKind.TRY_LATER, "503", retry_after=timedelta(seconds=1)))
    notice = enter_notice(answered())
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert notice.due_at
    assert notice.due_at - timezone.now() > timedelta(seconds=5)


@pytest.mark.parametrize("what", ["notice", "book"])
def test_one_that_cannot_be_opened_keeps_no_other_waiting_and_is_given_up_in_the_end(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    put(monkeypatch, Wire(OutcomeKind.SENT))
    broken, whole = enter_notice(answered()), enter_notice(answered())
    if what == "notice":
        Notice.objects.filter(id=broken.id).update(filled=b"sealed under another key")
    else:
        Book.objects.filter(id=broken.book_id).update(wrapped_key=b"wrapped under another key")
    for days in range(MOST_ATTEMPTS + 1):
        deliver_due_notices("test", now=timezone.now() + timedelta(days=days))
        if not days:
            broken.refresh_from_db()
            assert broken.status == Status.ENTERED
            assert broken.due_at
            assert broken.due_at > timezone.now()
    for notice in (broken, whole):
        notice.refresh_from_db()
    assert (broken.status, broken.due_at) == (Status.UNDELIVERED, None)
    assert whole.status == Status.SENT


def test_a_withdrawal_goes_to_who_came_for_the_notice_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that we sent arrived, but it was read through the API, or its paper lies there."""
    wire = Wire(OutcomeKind.TRY_LATER, OutcomeKind.SENT)
    notice = deliver(monkeypatch, wire)
    mark_paper_seen(notice)
    withdraw_notice(notice)
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    assert wire.keys == [str(notice.id), f"{notice.id}:withdrawn"]
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).exists()


def test_asked_for_again_while_an_older_try_still_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies here only because nobody has put it aside yet is not on its way."""
    wire = Wire(OutcomeKind.TRY_LATER, OutcomeKind.SENT)
    notice = deliver(monkeypatch, wire)
    mark_paper_seen(notice)
    request_resend(notice, SystemActor("CIS"))
    request_resend(notice, SystemActor("CIS"))
    deliver_due_notices("test")
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    assert wire.keys == [str(notice.id)] * 2
    assert notice.receipts.filter(kind=ReceiptKind.ASKED_AGAIN).count() == 1


def test_asked_for_again_while_it_is_being_put_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(OutcomeKind.TRY_LATER, OutcomeKind.SENT)
    notice = deliver(monkeypatch, wire)
    mark_paper_seen(notice)
    looked = pending_task

    def then_asked(given: Notice) -> DeliveryTask | None:
        monkeypatch.setattr(deliver_notices, "pending_task", looked)
        there = looked(given)
        request_resend(notice, SystemActor("CIS"))
        return there

    monkeypatch.setattr(deliver_notices, "pending_task", then_asked)
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    assert wire.keys == [str(notice.id)] * 2


def test_asked_for_again_while_it_is_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []

    def slow(parcel: NoticeMessage) -> Outcome:
        keys.append(parcel.key)
        if len(keys) == 1:
            mark_paper_seen(notice)
            request_resend(notice, SystemActor("CIS"))
            assert deliver_due_notices("another") == 0
        return Outcome(OutcomeKind.SENT)

    put(monkeypatch, slow)
    notice = enter_notice(answered())
    deliver_due_notices("test")
    deliver_due_notices("test")
    assert keys == [str(notice.id)] * 2
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.SENT, None)
