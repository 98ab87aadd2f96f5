from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.sheet.window import Window

TODAY = date(2026, 11, 22)
BOUND = st.none() | st.integers(-40, 400)


@pytest.mark.parametrize(
    ("on", "taken"),
    [
        (date(2026, 11, 24), False),
        (date(2026, 11, 25), True),
        (date(2026, 12, 22), True),
        (date(2026, 12, 23), False),
    ],
)
def test_both_ends_are_included(on: date, taken: bool) -> None:
    assert Window("move.leave_on", 3, 30, "").takes(on, TODAY) is taken


def test_a_bound_that_is_not_there_does_not_bind() -> None:
    window = Window("move.leave_on", None, None, "")
    assert (window.first(TODAY), window.last(TODAY)) == (None, None)
    assert window.takes(date(1999, 1, 1), TODAY)


@given(BOUND, BOUND, st.integers(-50, 450))
def test_what_is_offered_is_what_is_taken(earliest: int | None, latest: int | None, ahead: int) -> None:
    window = Window("move.leave_on", earliest, latest, "")
    on = TODAY + timedelta(days=ahead)
    first, last = window.first(TODAY) or date.min, window.last(TODAY) or date.max
    assert window.takes(on, TODAY) == (first <= on <= last)
