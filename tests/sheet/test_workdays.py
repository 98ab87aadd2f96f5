"""Business days are counted in the provider's own days, also over the end of a year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.sheet.lead_time import LeadTime, Unit
from renrakucho.sheet.workdays import USUAL, Workdays
from tests.sheet.cast import DAYS, WORKDAYS, YEAR_ENDS

SATURDAYS_TOO = Workdays(weekdays=frozenset(range(6)))


@pytest.mark.parametrize(
    ("workdays", "on", "n", "expected"),
    [
        (USUAL, date(2026, 12, 25), 2, date(2027, 1, 4)),
        (USUAL, date(2027, 1, 5), -3, date(2026, 12, 25)),
        (SATURDAYS_TOO, date(2026, 12, 25), 2, date(2026, 12, 28)),
        (Workdays(open_at_year_end=True), date(2026, 12, 28), 3, date(2026, 12, 31)),
        (Workdays(open_at_year_end=True), date(2026, 12, 31), 1, date(2027, 1, 4)),  # the 1st is a holiday
        (Workdays(open_on_holidays=True), date(2026, 11, 22), 1, date(2026, 11, 23)),
        (Workdays(closed_on=frozenset([date(2026, 12, 28)])), date(2026, 12, 25), 1, date(2027, 1, 4)),
    ],
)
def test_days_are_counted_as_the_provider_works(workdays: Workdays, on: date, n: int, expected: date) -> None:
    assert workdays.shift(on, n) == expected


@given(WORKDAYS, DAYS | YEAR_ENDS, st.integers(1, 30))
def test_there_are_n_working_days_up_to_the_n_th(workdays: Workdays, on: date, n: int) -> None:
    end = workdays.shift(on, n)
    assert workdays.has(end)
    assert sum(workdays.has(on + timedelta(days=ahead)) for ahead in range(1, (end - on).days + 1)) == n


@given(WORKDAYS, DAYS | YEAR_ENDS, st.integers(0, 30))
def test_a_shift_and_its_reverse_return_to_the_working_day(workdays: Workdays, on: date, n: int) -> None:
    start = workdays.at_or_after(on)
    assert workdays.shift(workdays.shift(start, n), -n) == start


@given(WORKDAYS, DAYS | YEAR_ENDS)
def test_the_next_and_the_last_working_day(workdays: Workdays, on: date) -> None:
    after, before = workdays.at_or_after(on), workdays.at_or_before(on)
    assert before <= on <= after
    assert (before == on == after) if workdays.has(on) else (before < on < after)
    assert not any(workdays.has(before + timedelta(days=n)) for n in range(1, (after - before).days))


@given(st.integers(0, 20), st.sampled_from(["day", "business_day"]), WORKDAYS, DAYS | YEAR_ENDS)
def test_the_first_day_is_the_first_whose_deadline_has_not_passed(
    n: int, unit: Unit, workdays: Workdays, counted: date
) -> None:
    lead = LeadTime(n, unit)
    first = lead.first(counted, workdays)
    assert lead.deadline(first, workdays) >= counted
    assert lead.deadline(first - timedelta(days=1), workdays) < counted


@pytest.mark.parametrize(
    ("today", "n", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 14, date(2028, 1, 30)),
    ],
)
def test_a_month_ahead_is_the_same_day_or_the_months_last(today: date, n: int, expected: date) -> None:
    assert LeadTime(n, "month").last(today, USUAL) == expected
