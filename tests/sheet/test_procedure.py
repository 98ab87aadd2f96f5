"""The day and the end of the move that a procedure is about."""

from datetime import date

import pytest

from renrakucho.sheet.procedure import (
    PROCEDURES,
    day_fact,
    ends_of_move,
    municipality_of,
    procedure_day,
    required_days,
)

LEAVE, ARRIVE = date(2026, 12, 5), date(2026, 12, 8)
BOTH = {"move.leave_on": "2026-12-05", "move.arrive_on": "2026-12-08"}


@pytest.mark.parametrize(
    ("procedure", "both", "only_leaving", "only_arriving"),
    [
        ("stop", LEAVE, LEAVE, None),
        ("start", ARRIVE, None, ARRIVE),
        ("change", ARRIVE, LEAVE, ARRIVE),
        ("move", LEAVE, LEAVE, ARRIVE),
    ],
)
def test_each_procedure_is_about_its_own_day(
    procedure: str, both: date, only_leaving: date | None, only_arriving: date | None
) -> None:
    assert procedure_day(procedure, BOTH) == both
    assert procedure_day(procedure, {**BOTH, "move.arrive_on": ""}) == only_leaving
    assert procedure_day(procedure, {"move.arrive_on": "2026-12-08"}) == only_arriving
    assert procedure_day(procedure, {}) is None


def test_stop_and_start_together_are_about_the_earlier_day() -> None:
    assert procedure_day("move", {"move.leave_on": "2026-12-08", "move.arrive_on": "2026-12-05"}) == LEAVE


def test_a_form_says_the_day_that_goes_before_others() -> None:
    days = [day_fact(each) for each in PROCEDURES]
    assert days == ["move.leave_on", "move.arrive_on", "move.arrive_on", "move.leave_on"]


def test_a_change_of_address_can_be_asked_for_without_a_day() -> None:
    assert {each: required_days(each) for each in PROCEDURES} == {
        "stop": ("move.leave_on",),
        "start": ("move.arrive_on",),
        "change": (),
        "move": ("move.leave_on", "move.arrive_on"),
    }


def test_each_procedure_is_at_its_own_end_and_one_at_both() -> None:
    assert {each: ends_of_move(each) for each in PROCEDURES} == {
        "stop": ("origin",),
        "start": ("destination",),
        "change": ("destination",),
        "move": ("origin", "destination"),
    }
    facts = {"origin.prefecture": "東京都", "origin.municipality": "千代田区", "destination.municipality": "昭島市"}
    assert municipality_of("stop", facts) == "東京都千代田区"
    assert municipality_of("change", facts) == "昭島市"
    assert municipality_of("move", facts) == "東京都千代田区"
