"""Delivery: once, late, and under failing channels."""

from datetime import timedelta

import pytest
from django.utils import timezone

from renrakucho.channel.channels import CHANNELS
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.channel.parcel import Parcel
from renrakucho.delivery.models import Attempt
from renrakucho.delivery.patience import MOST_ATTEMPTS, wait_after
from renrakucho.delivery.postman import deliver_due
from renrakucho.mail.models import Mail, MailKind
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.models import Kind
from renrakucho.receipt.mover_turn import enter
from tests.receipt.test_turns import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


class Wire:
    """A channel that answers as told and keeps what it was handed."""

    def __init__(self, *kinds: OutcomeKind) -> None:
        self.kinds = list(kinds)
        self.keys: list[str] = []

    def __call__(self, parcel: Parcel) -> Outcome:
        self.keys.append(parcel.key)
        if not self.kinds:
            raise ConnectionResetError
        return Outcome(self.kinds.pop(0), "raw answer")


def deliver(monkeypatch: pytest.MonkeyPatch, wire: Wire, rounds: int = 1) -> Notice:
    monkeypatch.setitem(CHANNELS, "inbox", wire)
    notice = enter(answered())
    for ahead in range(rounds):
        deliver_due("test", now=timezone.now() + timedelta(days=ahead))
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
    assert deliver_due("test") == 0


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

    def killed(parcel: Parcel) -> Outcome:
        raise Killed

    notice = enter(answered())
    monkeypatch.setitem(CHANNELS, "inbox", killed)
    with pytest.raises(Killed):
        deliver_due("dying")
    wire = Wire(OutcomeKind.SENT)
    monkeypatch.setitem(CHANNELS, "inbox", wire)
    assert deliver_due("next") == 0
    assert deliver_due("next", now=timezone.now() + timedelta(minutes=2)) == 1
    assert Notice.objects.get(id=notice.id).status == Status.SENT
    assert notice.receipts.filter(kind=Kind.SENT).count() == 1


def test_waits_grow_to_six_hours_and_no_more() -> None:
    waits = [wait_after(attempts).total_seconds() for attempts in range(1, 30)]
    assert 7 <= waits[0] <= 15
    assert max(waits) <= 6 * 3600
    assert min(waits[15:]) >= 3 * 3600
