"""The table of states, against a plain model, in any order."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from renrakucho.notice.models import Status
from renrakucho.receipt.models import ReceiptAuthor, ReceiptKind
from renrakucho.receipt.transitions import LEADS, WHOSE, next_status

FINAL = {Status.ACCEPTED, Status.WITHDRAWN}


def test_only_the_provider_accepts() -> None:
    into = {
        kind
        for kind, leads in LEADS.items()
        if any(after == Status.ACCEPTED != before for before, after in leads.items())
    }
    assert into == {ReceiptKind.ACCEPTED}
    assert WHOSE[ReceiptKind.ACCEPTED] == ReceiptAuthor.PROVIDER


def test_every_kind_has_its_place_and_its_speaker() -> None:
    assert LEADS.keys() == WHOSE.keys() == set(ReceiptKind)


@pytest.mark.parametrize("status", Status)
def test_the_movers_own_word_moves_nothing(status: Status) -> None:
    assert next_status(ReceiptKind.OWN_WORD, status) in (status, None)


@pytest.mark.parametrize("status", FINAL)
def test_what_is_final_stays(status: Status) -> None:
    assert {next_status(kind, status) for kind in ReceiptKind} <= {status, None}


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
