"""Mover, clerk, provider's systems, worker and clock in any order, by the real functions: what holds whatever they do.

`make fuzz` plays many more of these games.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery import deliver_notices, delivery_lanes
from renrakucho.lib.errors import Conflict
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import keep_draft
from renrakucho.provider.staff import Staff
from renrakucho.receipt import mover_actions, provider_actions
from renrakucho.receipt.evidence import StaffActor, SystemActor
from renrakucho.receipt.models import ReceiptAuthor, ReceiptKind
from renrakucho.receipt.mover_actions import ask_again, enter_notice, replace_notice, withdraw_notice
from renrakucho.receipt.provider_actions import (
    answer_by_number,
    answer_notice,
    answerable_notices,
    mark_opened,
    notices_on_desk,
)
from renrakucho.receipt.provider_answer import ProviderAnswer
from renrakucho.receipt.transitions import LEADS, WHOSE, next_status, record_receipt
from tests import cast
from tests.delivery.cast import replace_inbox
from tests.desk.cast import AKISHIMA, WATER, YOKOSUKA, clerk, needed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
ANSWERS = st.sampled_from([ProviderAnswer(receipt_number="A-1"), ProviderAnswer(reason="番号がちがいます")])
WHICH = st.integers(min_value=0, max_value=5)


class MoveMachine(RuleBasedStateMachine):
    """One book's notices for 昭島市, from its first to those that replace it. Each game is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self._game = transaction.atomic()
        self._game._from_testcase = True  # type: ignore[attr-defined]  # so that durable blocks may be within it
        self._game.__enter__()
        self.staff: Staff = clerk()
        self.book = cast.book([WATER])
        self.now = timezone.now()
        self.outcome = OutcomeKind.SENT
        self.handed: list[tuple[Notice, bool, bool]] = []  # notice, whether a withdrawal, whether it was proved
        self.answered: dict[str, str] = {}  # statuses that the provider's word made, by number
        self.receipts: set[tuple[UUID, str]] = set()
        keep_draft(self.notices()[0], answers=needed(self.notices()[0]))
        MoveMachine.send = self.take

    send: Callable[[NoticeMessage], Outcome]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._game.__exit__(None, None, None)

    def notices(self) -> list[Notice]:
        return list(Notice.objects.filter(book=self.book).order_by("created_at", "id"))

    def one(self, which: int) -> Notice:
        notices = self.notices()
        return notices[which % len(notices)]

    def take(self, message: NoticeMessage) -> Outcome:
        """The channel: what leaves is kept, and answered as the game says."""
        notice = Notice.objects.get(number=message.number)
        proved = Book.objects.filter(id=self.book.id, mailbox_proved_at__isnull=False).exists()
        self.handed.append((notice, message.withdrawn, proved))
        return Outcome(self.outcome, "raw answer")

    @rule(proved=st.booleans())
    def mailbox(self, proved: bool) -> None:
        """The proof comes, or goes with a changed mail address."""
        Book.objects.filter(id=self.book.id).update(mailbox_proved_at=self.now if proved else None)

    @rule(which=WHICH, act=st.sampled_from([enter_notice, replace_notice, withdraw_notice, ask_again]))
    def mover(self, which: int, act: Callable[[Notice], object]) -> None:
        """The mover presses something, as it may stand on an old page."""
        with suppress(Conflict):
            act(self.one(which))

    @rule(which=WHICH, answer=ANSWERS)
    def clerk_answers(self, which: int, answer: ProviderAnswer) -> None:
        notice = self.one(which)
        if notice in notices_on_desk(AKISHIMA):
            with suppress(Conflict):
                answer_notice(notice, answer, StaffActor(self.staff))
                self.answered[notice.number] = Status.ACCEPTED if answer.receipt_number else Status.RETURNED

    @rule(which=WHICH)
    def clerk_opens(self, which: int) -> None:
        with suppress(Conflict):
            mark_opened(self.one(which), StaffActor(self.staff))

    @rule(which=WHICH, answer=ANSWERS)
    def system_answers(self, which: int, answer: ProviderAnswer) -> None:
        notice = self.one(which)
        if answer_by_number(AKISHIMA, notice.number, answer, SystemActor("CIS")) in ("accepted", "returned"):
            self.answered[notice.number] = Status.ACCEPTED if answer.receipt_number else Status.RETURNED

    @rule(which=WHICH, answer=ANSWERS)
    def another_system_answers(self, which: int, answer: ProviderAnswer) -> None:
        assert answer_by_number(YOKOSUKA, self.one(which).number, answer, SystemActor("CIS")) == "unknown"

    @rule(outcome=st.sampled_from(OutcomeKind))
    def channel_changes(self, outcome: OutcomeKind) -> None:
        self.outcome = outcome

    @rule()
    def worker(self) -> None:
        deliver_notices.deliver_due_notices("machine", now=self.now)

    @rule(minutes=st.sampled_from([1, 30, 60 * 24]))
    @precondition(lambda self: self.now - timezone.now() < timedelta(days=6))
    def clock(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def every_status_is_the_sum_of_its_receipts(self) -> None:
        for notice in self.notices():
            status: str = Status.NOT_ENTERED
            for kind in notice.receipts.order_by("id").values_list("kind", flat=True):
                status = next_status(ReceiptKind(kind), status) or "nowhere"
            assert notice.status == status

    @invariant()
    def no_receipt_changes_or_goes(self) -> None:
        before = self.receipts
        rows = [receipt for notice in self.notices() for receipt in notice.receipts.all()]
        self.receipts = {(receipt.id, receipt.kind) for receipt in rows}
        assert before <= self.receipts

    @invariant()
    def only_the_providers_word_accepts_or_returns(self) -> None:
        for notice in self.notices():
            if notice.status in (Status.ACCEPTED, Status.RETURNED):
                assert self.answered.get(notice.number) == notice.status
                last = notice.receipts.filter(kind=notice.status).latest("id")
                assert WHOSE[ReceiptKind(last.kind)] == ReceiptAuthor.PROVIDER
        accepted = [number for number, status in self.answered.items() if status == Status.ACCEPTED]
        assert Mail.objects.filter(book=self.book, kind=MailKind.ACCEPTANCE).count() == len(accepted)

    @invariant()
    def what_was_accepted_stays_accepted(self) -> None:
        for notice in self.notices():
            if self.answered.get(notice.number) == Status.ACCEPTED:
                assert notice.status == Status.ACCEPTED

    @invariant()
    def nothing_leaves_unproved(self) -> None:
        assert all(proved or withdrawal for _notice, withdrawal, proved in self.handed)

    @invariant()
    def nothing_replaced_leaves_after_what_replaces_it(self) -> None:
        replaced = set()
        for notice, withdrawal, _proved in self.handed:
            assert withdrawal or notice.id not in replaced
            replaced.add(notice.replaces_id)

    @invariant()
    def a_notice_is_live_once(self) -> None:
        assert sum(notice.status != Status.WITHDRAWN for notice in self.notices()) <= 1

    @invariant()
    def another_provider_sees_nothing(self) -> None:
        assert not notices_on_desk(YOKOSUKA).exists()
        assert not answerable_notices(YOKOSUKA).exists()


Step = Callable[[MoveMachine], object]


def play(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth of the examples that the profile of Hypothesis says: a game has many steps."""
    replace_inbox(monkeypatch, lambda message: MoveMachine.send(message))
    games = settings(
        max_examples=settings().max_examples // 5,
        stateful_step_count=25,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(MoveMachine, settings=games)


def test_whatever_they_do_the_rules_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch)


def play_by_hand(monkeypatch: pytest.MonkeyPatch, steps: Sequence[Step]) -> None:
    """One game with these steps, each followed by every invariant, as Hypothesis plays it."""
    replace_inbox(monkeypatch, lambda message: MoveMachine.send(message))
    game = MoveMachine()
    try:
        for step in steps:
            step(game)
            for rule_of_game in game.invariants:
                rule_of_game.function(game)
    finally:
        game.teardown()


def withdraws_after_acceptance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LEADS[ReceiptKind.WITHDRAWN], Status.ACCEPTED, Status.WITHDRAWN)


def withdraws_without_a_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    def record(notice: Notice, kind: ReceiptKind, *evidence: Any, **how: Any) -> None:
        if kind == ReceiptKind.WITHDRAWN:
            Notice.objects.filter(id=notice.id).update(status=Status.WITHDRAWN)
        else:
            record_receipt(notice, kind, *evidence, **how)

    monkeypatch.setattr(mover_actions, "record_receipt", record)


def sends_unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mover_actions, "require_proved_mailbox", lambda _book: None)
    monkeypatch.setattr(delivery_lanes, "MAY_LEAVE", Q())


def answers_for_another_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    def every(_provider: str) -> QuerySet[Notice]:
        return Notice.objects.filter(written_at__isnull=False)

    monkeypatch.setattr(provider_actions, "answerable_notices", every)


ACCEPT = ProviderAnswer(receipt_number="A-1")


def enter(game: MoveMachine) -> None:
    game.mover(0, enter_notice)


def deliver(game: MoveMachine) -> None:
    game.clock(1)
    game.worker()


def withdraw(game: MoveMachine) -> None:
    game.mover(0, withdraw_notice)


@pytest.mark.parametrize(
    ("mutant", "steps", "said"),
    [
        (
            withdraws_after_acceptance,
            [enter, deliver, lambda game: game.clerk_answers(0, ACCEPT), withdraw],
            "what_was_accepted_stays_accepted",
        ),
        (
            withdraws_without_a_receipt,
            [enter, deliver, withdraw],
            "every_status_is_the_sum_of_its_receipts",
        ),
        (sends_unproved, [lambda game: game.mailbox(False), enter, deliver], "nothing_leaves_unproved"),
        (
            answers_for_another_provider,
            [enter, lambda game: game.another_system_answers(0, ACCEPT)],
            "another_system_answers",
        ),
    ],
)
def test_a_game_catches_a_broken_rule(
    monkeypatch: pytest.MonkeyPatch, mutant: Callable[[pytest.MonkeyPatch], None], steps: list[Step], said: str
) -> None:
    """Each mutant breaks one rule of the portal: the game that passed without it ends with a failed assertion."""
    play_by_hand(monkeypatch, steps)
    mutant(monkeypatch)
    with pytest.raises(AssertionError) as caught:
        play_by_hand(monkeypatch, steps)
    assert said in [entry.name for entry in caught.traceback]
