"""The table of states, against a plain model, in any order."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from renrakucho.notice.models import Status
from renrakucho.receipt.models import By, Kind
from renrakucho.receipt.states import LEADS, WHOSE, leads_to

FINAL = {Status.ACCEPTED, Status.WITHDRAWN}


def test_only_the_provider_accepts() -> None:
    into = {
        kind
        for kind, leads in LEADS.items()
        if any(after == Status.ACCEPTED != before for before, after in leads.items())
    }
    assert into == {Kind.ACCEPTED}
    assert WHOSE[Kind.ACCEPTED] == By.PROVIDER


def test_every_kind_has_its_place_and_its_speaker() -> None:
    assert LEADS.keys() == WHOSE.keys() == set(Kind)


@pytest.mark.parametrize("status", Status)
def test_the_movers_own_word_moves_nothing(status: Status) -> None:
    assert leads_to(Kind.OWN_WORD, status) in (status, None)


@pytest.mark.parametrize("status", FINAL)
def test_what_is_final_stays(status: Status) -> None:
    assert {leads_to(kind, status) for kind in Kind} <= {status, None}


class Life(RuleBasedStateMachine):
    """Receipts in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.status = Status.NOT_ENTERED
        self.kinds: list[Kind] = []

    @rule(kind=st.sampled_from(list(Kind)))
    def happens(self, kind: Kind) -> None:
        leads = leads_to(kind, self.status)
        if leads:
            self.status = leads
            self.kinds.append(kind)

    @invariant()
    def accepted_only_on_the_providers_word(self) -> None:
        assert (self.status == Status.ACCEPTED) == (Kind.ACCEPTED in self.kinds)

    @invariant()
    def sent_only_after_it_was_entered(self) -> None:
        if Kind.SENT in self.kinds:
            assert self.kinds.index(Kind.ENTERED) < self.kinds.index(Kind.SENT)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=300, stateful_step_count=30, deadline=None)
