"""The transition table: who may do what at which status, and receipts in any order against a plain model."""

from collections.abc import Iterable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from renrakucho.notice.models import Notice, Procedure, Status
from renrakucho.receipt.models import ReceiptAuthor, ReceiptKind
from renrakucho.receipt.mover_actions import is_editable
from renrakucho.receipt.transitions import (
    FINAL_STATUSES,
    LEADS,
    WHOSE,
    may_happen,
    may_move,
    next_status,
    statuses_before,
)
from renrakucho.sheet.procedure import PROCEDURE_LABELS, PROCEDURES

S = Status


def test_only_the_provider_accepts() -> None:
    into = {
        kind
        for kind, leads in LEADS.items()
        if any(after == Status.ACCEPTED != before for before, after in leads.items())
    }
    assert into == {ReceiptKind.ACCEPTED}
    assert WHOSE[ReceiptKind.ACCEPTED] == ReceiptAuthor.PROVIDER


def test_every_kind_of_receipt_has_transitions_and_an_author() -> None:
    assert LEADS.keys() == WHOSE.keys() == set(ReceiptKind)


@pytest.mark.parametrize("status", Status)
def test_the_movers_own_word_changes_no_status(status: Status) -> None:
    assert next_status(ReceiptKind.OWN_WORD, status) in (status, None)


@pytest.mark.parametrize("status", [S.ACCEPTED, S.WITHDRAWN])
def test_a_final_status_stays(status: Status) -> None:
    assert {next_status(kind, status) for kind in ReceiptKind} <= {status, None}


def statuses(*kinds: ReceiptKind) -> set[Status]:
    return {status for status in Status if any(may_happen(kind, status) for kind in kinds)}


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ((ReceiptKind.ENTERED, ReceiptKind.REPLACED), (S.NOT_ENTERED, S.ENTERED, S.SENT, S.RETURNED, S.UNDELIVERED)),
        ((ReceiptKind.ENTERED,), (S.NOT_ENTERED,)),
        ((ReceiptKind.REPLACED,), (S.ENTERED, S.SENT, S.RETURNED, S.UNDELIVERED)),
        ((ReceiptKind.WITHDRAWN,), (S.NOT_ENTERED, S.HANDED_OVER, S.ENTERED, S.SENT, S.RETURNED, S.UNDELIVERED)),
        ((ReceiptKind.HANDED_OVER,), (S.NOT_ENTERED, S.HANDED_OVER)),
        ((ReceiptKind.RETURNED,), (S.ENTERED, S.SENT, S.UNDELIVERED)),
        ((ReceiptKind.OPENED,), (S.SENT, S.ACCEPTED, S.RETURNED)),
        ((ReceiptKind.ASKED_AGAIN,), (S.SENT, S.UNDELIVERED)),
        ((ReceiptKind.RETRIED,), (S.ENTERED, S.UNDELIVERED, S.WITHDRAWN)),
    ],
)
def test_the_table_says_at_which_statuses_something_can_happen(
    kinds: tuple[ReceiptKind, ...], expected: Iterable[Status]
) -> None:
    assert statuses(*kinds) == set(expected)
    assert set().union(*(statuses_before(kind) for kind in kinds)) == set(expected)


def test_the_mover_may_type_until_the_notice_is_answered_or_handed_over() -> None:
    assert {status for status in Status if is_editable(Notice(status=status))} == {
        *(S.NOT_ENTERED, S.ENTERED, S.SENT, S.RETURNED, S.UNDELIVERED)
    }


def test_what_is_accepted_or_withdrawn_is_final() -> None:
    assert {S.ACCEPTED, S.WITHDRAWN} == FINAL_STATUSES


def test_arriving_moves_only_what_has_not_arrived() -> None:
    assert {status for status in Status if may_move(ReceiptKind.SENT, status)} == {S.ENTERED, S.UNDELIVERED}


def test_a_notice_on_its_way_or_at_the_provider_awaits_an_answer() -> None:
    assert {status for status in Status if status.awaits_answer} == {S.ENTERED, S.SENT}


def test_the_column_has_the_procedures_of_the_sheets() -> None:
    assert tuple(Procedure.values) == PROCEDURES
    assert {each.value: str(each.label) for each in Procedure} == PROCEDURE_LABELS


class Life(RuleBasedStateMachine):
    """Receipts in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.status = Status.NOT_ENTERED
        self.kinds: list[ReceiptKind] = []

    @rule(kind=st.sampled_from(list(ReceiptKind)))
    def happens(self, kind: ReceiptKind) -> None:
        leads = next_status(kind, self.status)
        if leads:
            self.status = leads
            self.kinds.append(kind)

    @invariant()
    def accepted_only_on_the_providers_word(self) -> None:
        assert (self.status == Status.ACCEPTED) == (ReceiptKind.ACCEPTED in self.kinds)

    @invariant()
    def sent_only_after_it_was_entered(self) -> None:
        if ReceiptKind.SENT in self.kinds:
            assert self.kinds.index(ReceiptKind.ENTERED) < self.kinds.index(ReceiptKind.SENT)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=300, stateful_step_count=30, deadline=None)
