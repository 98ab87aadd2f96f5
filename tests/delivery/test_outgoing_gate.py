"""Nothing leaves for a provider before the mailbox of its book is proved.

Two defences stand behind each other: an unproved book enters nothing, and what was entered is not claimed, listed or
read. Each is tested without the other, and with the mutant that takes it out.
"""

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery import batch_delivery, delivery_lanes
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.paused_lanes import hold_paused_notices
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.outgoing_gate import HELD, MAY_LEAVE, MailboxNotProved, is_held
from renrakucho.receipt import mover_actions, provider_actions
from renrakucho.receipt.mover_actions import enter_notice, hand_over_notice, replace_notice, withdraw_notice
from renrakucho.receipt.provider_actions import answerable_notices, mark_reached, notices_on_desk
from tests import cast
from tests.delivery.cast import FakeChannel, replace_inbox
from tests.delivery.cast_files import connected, files, night
from tests.delivery.cast_files import entered as entered_for_files
from tests.receipt.cast import answered
from tests.systems.cast import AKISHIMA, System, happened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def _held(**others: str) -> Notice:
    """A notice that was entered, and whose mailbox is not proved any more."""
    notice = enter_notice(answered(**others))
    cast.unprove(notice.book)
    return Notice.objects.select_related("book").get(id=notice.id)


def test_an_unproved_book_enters_nothing() -> None:
    notice = answered()
    cast.unprove(notice.book)
    with pytest.raises(MailboxNotProved):
        enter_notice(notice)
    notice.refresh_from_db()
    assert (notice.status, notice.due_at, notice.filled) == (Status.NOT_ENTERED, None, None)


def test_an_unproved_book_replaces_nothing() -> None:
    notice = enter_notice(answered())
    deliver_due_notices("test")
    cast.unprove(notice.book)
    with pytest.raises(MailboxNotProved):
        replace_notice(notice)
    assert Notice.objects.get().status == Status.SENT


def test_without_the_guard_an_unproved_book_would_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mover_actions, "require_proved_mailbox", lambda book: None)
    notice = answered()
    cast.unprove(notice.book)
    assert enter_notice(notice).status == Status.ENTERED


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("is_proved", [True, False])
def test_a_notice_is_held_without_a_proof_as_long_as_it_has_not_left(status: Status, is_proved: bool) -> None:
    """The rule as it is asked of one notice says what the query says."""
    notice = cast.notice("water:start:akishima-water")
    Book.objects.update(mailbox_proved_at=timezone.now() if is_proved else None)
    Notice.objects.update(status=status)
    expected = not is_proved and status in (Status.NOT_ENTERED, Status.ENTERED, Status.UNDELIVERED)
    assert is_held(Notice.objects.select_related("book").get(id=notice.id)) == expected
    assert Notice.objects.filter(HELD).exists() == expected
    assert Notice.objects.filter(MAY_LEAVE).exists() == (not expected)


def test_a_web_link_needs_no_proof() -> None:
    notice = cast.notice("electricity:start:tepco-ep")
    cast.unprove(notice.book)
    assert hand_over_notice(notice).status == Status.HANDED_OVER


def test_a_held_notice_is_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FakeChannel(OutcomeKind.SENT)
    replace_inbox(monkeypatch, channel)
    notice = _held()
    assert deliver_due_notices("test") == 0
    assert channel.keys == []
    Book.objects.update(mailbox_proved_at=timezone.now())
    assert deliver_due_notices("test") == 1
    assert channel.keys == [str(notice.id)]


def test_without_the_gate_a_held_notice_would_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FakeChannel(OutcomeKind.SENT)
    replace_inbox(monkeypatch, channel)
    monkeypatch.setattr(delivery_lanes, "MAY_LEAVE", Q())
    _held()
    deliver_due_notices("test")
    assert len(channel.keys) == 1


def test_a_held_notice_keeps_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_inbox(monkeypatch, FakeChannel())
    notice = _held()
    assert hold_paused_notices("test") == 1
    notice.refresh_from_db()
    assert (notice.status, bool(notice.due_at)) == (Status.ENTERED, True)
    assert notice.due_at
    assert timedelta(minutes=14) < notice.due_at - timezone.now() <= timedelta(minutes=15)


def test_word_of_a_withdrawal_leaves_without_a_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FakeChannel(OutcomeKind.SENT, OutcomeKind.SENT)
    replace_inbox(monkeypatch, channel)
    notice = enter_notice(answered())
    deliver_due_notices("test")
    cast.unprove(notice.book)
    withdraw_notice(notice)
    deliver_due_notices("test")
    assert channel.keys == [str(notice.id), f"{notice.id}:withdrawn"]


def test_a_nightly_file_leaves_out_what_is_held(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = connected(tmp_path, settings)
    notice = entered_for_files()
    deliver_due_notices("test")  # put under way, for the file of the night
    cast.unprove(notice.book)
    night()
    assert files(folder) == []
    monkeypatch.setattr(batch_delivery, "MAY_LEAVE", Q())
    night()
    assert len(files(folder)) == 1


def test_neither_desk_nor_system_sees_what_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, system = _held(), System()
    assert not answerable_notices(AKISHIMA).exists()
    assert system.get(f"/{notice.number}").status_code == 404
    assert system.accept(notice.number).status_code == 404
    monkeypatch.setattr(provider_actions, "MAY_LEAVE", Q())
    assert answerable_notices(AKISHIMA).get() == notice
    assert system.get(f"/{notice.number}").status_code == 200


def test_the_feed_does_not_tell_that_a_held_notice_is_withdrawn() -> None:
    notice = _held()
    withdraw_notice(notice)
    assert happened(System().get().json()) == []


def test_what_has_arrived_stays_at_the_desk_when_the_address_changes() -> None:
    notice = enter_notice(answered())
    mark_reached(notice, "read")
    cast.unprove(notice.book)
    assert notices_on_desk(AKISHIMA).get() == notice


def test_the_migration_lets_what_waits_leave_and_proves_no_other_book() -> None:
    waiting, idle = enter_notice(answered()).book, cast.book()
    Book.objects.update(mailbox_proved_at=None)
    migration = import_module("renrakucho.notice.migrations.0012_let_waiting_notices_leave")
    migration.let_waiting_notices_leave(apps, None)
    waiting.refresh_from_db()
    idle.refresh_from_db()
    assert (waiting.mailbox_proved_at, idle.mailbox_proved_at) == (waiting.registered_at, None)
