"""Delivery: once, late, and under failing channels."""

import random
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery import deliver_notices, delivery_task
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.delivery_task import DeliveryTask, pending_task
from renrakucho.delivery.models import Attempt
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.answer_by_code import mark_paper_seen
from renrakucho.receipt.evidence import SystemActor
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, replace_notice, withdraw_notice
from renrakucho.receipt.provider_actions import answer_notice, request_resend
from renrakucho.receipt.provider_answer import ProviderAnswer
from tests.delivery.cast import FakeChannel, deliver, replace_inbox
from tests.receipt.cast import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_a_notice_is_delivered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FakeChannel(OutcomeKind.SENT, OutcomeKind.SENT)
    notice = deliver(monkeypatch, channel, rounds=3)
    assert (notice.status, notice.due_at, channel.keys) == (Status.SENT, None, [str(notice.id)])
    assert Attempt.objects.get().outcome == "sent"


def test_a_retry_uses_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FakeChannel(OutcomeKind.TRY_LATER, OutcomeKind.UNKNOWN, OutcomeKind.SENT)
    notice = deliver(monkeypatch, channel, rounds=3)
    assert notice.status == Status.SENT
    assert channel.keys == [str(notice.id)] * 3
    assert list(Attempt.objects.order_by("ordinal").values_list("outcome", flat=True)) == [
        *("try_later", "unknown", "sent"),
    ]


def test_a_retry_waits_until_it_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FakeChannel(OutcomeKind.TRY_LATER)
    notice = deliver(monkeypatch, channel)
    assert notice.status == Status.ENTERED
    assert notice.due_at
    assert notice.due_at > timezone.now()
    assert deliver_due_notices("test") == 0


def test_a_refused_notice_is_undelivered_and_the_mover_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = deliver(monkeypatch, FakeChannel(OutcomeKind.REFUSED), rounds=2)
    assert (notice.status, notice.due_at) == (Status.UNDELIVERED, None)
    assert Mail.objects.filter(kind=MailKind.UNDELIVERED, about=notice.id).count() == 1


def _gone(message: NoticeMessage) -> Outcome:
    return Outcome(OutcomeKind.REFUSED, "404", gone=True)


def test_an_address_that_never_took_a_notice_and_is_not_found_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_inbox(monkeypatch, _gone)
    notice = enter_notice(answered())
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert notice.status == Status.UNDELIVERED


def test_an_address_that_took_notices_before_is_tried_on_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(monkeypatch, FakeChannel(OutcomeKind.SENT))
    replace_inbox(monkeypatch, _gone)
    notice = enter_notice(answered())
    start = timezone.now()
    for hours, status in ((0, Status.ENTERED), (12, Status.ENTERED), (24, Status.UNDELIVERED)):
        now = start + timedelta(hours=hours)
        monkeypatch.setattr(delivery_task, "database_now", lambda now=now: now)  # it counts from the first attempt
        deliver_due_notices("test", now=start + timedelta(hours=24))
        notice.refresh_from_db()
        assert (notice.status, notice.due_at is None) == (status, status == Status.UNDELIVERED)


def test_a_notice_is_given_up_after_twelve_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FakeChannel()
    notice = deliver(monkeypatch, channel, rounds=14)
    assert notice.status == Status.UNDELIVERED
    assert len(channel.keys) == 12
    assert set(Attempt.objects.values_list("outcome", flat=True)) == {"unknown"}


def test_the_next_worker_sends_what_a_dead_worker_left(monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def killed(message: NoticeMessage) -> Outcome:
        raise Killed

    notice = enter_notice(answered())
    replace_inbox(monkeypatch, killed)
    with pytest.raises(Killed):
        deliver_due_notices("dying")
    channel = FakeChannel(OutcomeKind.SENT)
    replace_inbox(monkeypatch, channel)
    assert deliver_due_notices("next") == 0
    assert deliver_due_notices("next", now=timezone.now() + timedelta(minutes=2)) == 1
    assert Notice.objects.get(id=notice.id).status == Status.SENT
    assert notice.receipts.filter(kind=ReceiptKind.SENT).count() == 1


def test_a_message_under_way_is_polled_and_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fax(message: NoticeMessage) -> Outcome:
        asked.append(message.reference)
        if len(asked) <= 14:
            return Outcome(OutcomeKind.UNDER_WAY, "dialling", reference="job 17")
        return Outcome(OutcomeKind.SENT, "1 page")

    replace_inbox(monkeypatch, fax)
    notice = enter_notice(answered())
    for minutes in range(15):
        deliver_due_notices("test", now=timezone.now() + timedelta(minutes=minutes))
    notice.refresh_from_db()
    assert notice.status == Status.SENT
    assert asked == ["", *["job 17"] * (14)]
    assert Attempt.objects.get().outcome == "sent"


def test_polling_counts_as_no_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda _low, high: high)
    channel = FakeChannel(OutcomeKind.UNDER_WAY, OutcomeKind.UNDER_WAY, OutcomeKind.TRY_LATER)
    notice = deliver(monkeypatch, channel, rounds=3)
    assert len(channel.keys) == 3
    assert notice.due_at
    assert notice.due_at < timezone.now() + timedelta(seconds=16)  # the backoff after a first try


def test_a_channel_can_say_when_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Outcome(OutcomeKind.TRY_LATER, "busy", retry_after=timedelta(hours=7))
    replace_inbox(monkeypatch, lambda message: busy)
    notice = enter_notice(answered())
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert notice.due_at
    assert notice.due_at > timezone.now() + timedelta(hours=6, minutes=59)


def test_a_notice_that_kills_every_worker_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FakeChannel(OutcomeKind.SENT)
    replace_inbox(monkeypatch, channel)
    notice = enter_notice(answered())
    for ordinal in range(100, 112):
        Attempt.objects.create(notice=notice, ordinal=ordinal, started_at=timezone.now())
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert (notice.status, channel.keys) == (Status.UNDELIVERED, [])


@pytest.mark.parametrize("kind", [OutcomeKind.SENT, OutcomeKind.UNKNOWN])
def test_a_withdrawal_follows_what_may_have_arrived(monkeypatch: pytest.MonkeyPatch, kind: OutcomeKind) -> None:
    channel = FakeChannel(kind, OutcomeKind.SENT)
    notice = deliver(monkeypatch, channel)
    withdraw_notice(notice)
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    assert channel.keys == [str(notice.id), f"{notice.id}:withdrawn"]
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.WITHDRAWN, None)
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).count() == 1
    assert deliver_due_notices("test", now=timezone.now() + timedelta(days=2)) == 0


def test_a_withdrawal_does_not_follow_a_notice_that_never_arrived(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FakeChannel(OutcomeKind.TRY_LATER)
    notice = deliver(monkeypatch, channel)
    withdraw_notice(notice)
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    assert channel.keys == [str(notice.id)]
    assert not notice.receipts.filter(
        kind__in=(ReceiptKind.WITHDRAWAL_SENT, ReceiptKind.WITHDRAWAL_UNDELIVERED)
    ).exists()


def test_the_mover_is_told_when_a_withdrawal_does_not_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = deliver(monkeypatch, FakeChannel(OutcomeKind.SENT, OutcomeKind.REFUSED))
    withdraw_notice(notice)
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_UNDELIVERED).count() == 1
    assert Mail.objects.filter(kind=MailKind.WITHDRAWAL_UNDELIVERED, about=notice.id).count() == 1


def test_a_notice_can_be_withdrawn_while_it_is_being_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []

    def slow(message: NoticeMessage) -> Outcome:
        keys.append(message.key)
        if not message.withdrawn:
            withdraw_notice(notice)
        return Outcome(OutcomeKind.SENT)

    replace_inbox(monkeypatch, slow)
    notice = enter_notice(answered())
    deliver_due_notices("test")
    deliver_due_notices("test", now=timezone.now() + timedelta(minutes=5))
    assert keys == [str(notice.id), f"{notice.id}:withdrawn"]
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.WITHDRAWN, None)


def test_a_notice_can_be_accepted_while_it_is_being_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def quick(message: NoticeMessage) -> Outcome:
        answer_notice(notice, ProviderAnswer("W-1"), SystemActor("api key"))
        return Outcome(OutcomeKind.UNKNOWN, "timed out")

    replace_inbox(monkeypatch, quick)
    notice = enter_notice(answered())
    for days in range(3):
        deliver_due_notices("test", now=timezone.now() + timedelta(days=days))
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.ACCEPTED, None)


def test_a_change_names_the_notice_it_replaces(monkeypatch: pytest.MonkeyPatch) -> None:
    messages: list[NoticeMessage] = []

    def keep(message: NoticeMessage) -> Outcome:
        messages.append(message)
        return Outcome(OutcomeKind.SENT)

    replace_inbox(monkeypatch, keep)
    old = enter_notice(answered())
    deliver_due_notices("test")
    new = replace_notice(old)
    deliver_due_notices("test")
    assert [(message.number, message.replaces) for message in messages] == [(old.number, ""), (new.number, old.number)]
    assert messages[0].filled.way_back != messages[1].filled.way_back


def test_a_channel_cannot_shorten_the_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_inbox(monkeypatch, lambda message: Outcome(OutcomeKind.TRY_LATER, "503", retry_after=timedelta(seconds=1)))
    notice = enter_notice(answered())
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert notice.due_at
    assert notice.due_at - timezone.now() > timedelta(seconds=5)


@pytest.mark.parametrize("what", ["notice", "book"])
def test_an_unreadable_notice_holds_up_no_other_and_is_given_up_after_twelve_tries(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    replace_inbox(monkeypatch, FakeChannel(OutcomeKind.SENT))
    broken, whole = enter_notice(answered()), enter_notice(answered())
    if what == "notice":
        Notice.objects.filter(id=broken.id).update(filled=b"sealed under another key")
    else:
        Book.objects.filter(id=broken.book_id).update(wrapped_key=b"wrapped under another key")
    for days in range(12):
        broken.refresh_from_db()
        assert broken.status == Status.ENTERED
        assert broken.due_at
        assert not days or broken.due_at > timezone.now()
        deliver_due_notices("test", now=timezone.now() + timedelta(days=days))
    for notice in (broken, whole):
        notice.refresh_from_db()
    assert (broken.status, broken.due_at) == (Status.UNDELIVERED, None)
    assert whole.status == Status.SENT


def test_a_withdrawal_goes_to_a_provider_that_fetched_the_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that we sent arrived, but it was read through the API, or its paper lies there."""
    channel = FakeChannel(OutcomeKind.TRY_LATER, OutcomeKind.SENT)
    notice = deliver(monkeypatch, channel)
    mark_paper_seen(notice)
    withdraw_notice(notice)
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    assert channel.keys == [str(notice.id), f"{notice.id}:withdrawn"]
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).exists()


def test_a_resend_can_be_requested_while_an_older_try_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies here only because nobody has put it aside yet is not on its way."""
    channel = FakeChannel(OutcomeKind.TRY_LATER, OutcomeKind.SENT)
    notice = deliver(monkeypatch, channel)
    mark_paper_seen(notice)
    request_resend(notice, SystemActor("CIS"))
    request_resend(notice, SystemActor("CIS"))
    deliver_due_notices("test")
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    assert channel.keys == [str(notice.id)] * 2
    assert notice.receipts.filter(kind=ReceiptKind.ASKED_AGAIN).count() == 1


def test_a_resend_can_be_requested_while_the_task_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FakeChannel(OutcomeKind.TRY_LATER, OutcomeKind.SENT)
    notice = deliver(monkeypatch, channel)
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
    assert channel.keys == [str(notice.id)] * 2


def test_a_resend_can_be_requested_while_the_notice_is_leased(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []

    def slow(message: NoticeMessage) -> Outcome:
        keys.append(message.key)
        if len(keys) == 1:
            mark_paper_seen(notice)
            request_resend(notice, SystemActor("CIS"))
            assert deliver_due_notices("another") == 0
        return Outcome(OutcomeKind.SENT)

    replace_inbox(monkeypatch, slow)
    notice = enter_notice(answered())
    deliver_due_notices("test")
    deliver_due_notices("test")
    assert keys == [str(notice.id)] * 2
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.SENT, None)


@pytest.mark.parametrize(
    ("error", "seconds"), [(OperationalError("away"), 3), (OSError(9, "bad"), 3), (KeyError("x"), 15)]
)
def test_after_an_outage_of_the_database_a_notice_is_due_again_soon(
    monkeypatch: pytest.MonkeyPatch, error: Exception, seconds: int
) -> None:
    monkeypatch.setattr(random, "uniform", lambda _low, high: high)
    notice = enter_notice(answered())

    def fail(notice: Notice, owner: str) -> None:
        raise error

    monkeypatch.setattr(deliver_notices, "_prepare", fail)
    before = timezone.now()
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert notice.due_at
    assert timedelta(seconds=seconds) <= notice.due_at - before < timedelta(seconds=seconds + 5)
