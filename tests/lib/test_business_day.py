from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.business_day import add_business_days, is_business_day, is_holiday

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))


@pytest.mark.parametrize(
    ("on", "holiday"),
    [
        (date(2026, 1, 1), True),
        (date(2026, 5, 6), True),  # a substitute: the 3rd is a Sunday, the 4th and 5th are holidays
        (date(2026, 9, 22), True),  # between two holidays
        (date(2026, 12, 6), False),  # a Sunday
        (date(2026, 12, 31), False),
        (date(2027, 1, 2), False),
    ],
)
def test_holidays_are_those_of_the_law(on: date, holiday: bool) -> None:
    assert is_holiday(on) is holiday


@pytest.mark.parametrize(
    ("on", "business"),
    [
        (date(2026, 12, 4), True),
        (date(2026, 12, 5), False),
        (date(2026, 12, 6), False),
        (date(2026, 11, 23), False),
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2026, 12, 31), False),
        (date(2028, 1, 3), False),
        (date(2028, 1, 4), True),
    ],
)
def test_business_days(on: date, business: bool) -> None:
    assert is_business_day(on) is business


def test_an_office_may_work_at_the_years_end() -> None:
    assert is_business_day(date(2026, 12, 29), year_end=False)
    assert not is_business_day(date(2027, 1, 1), year_end=False)


def test_the_years_end_closes_an_office_that_works_on_every_other_day() -> None:
    days = [date(2026, 12, 28) + timedelta(days=n) for n in range(8)]
    open_days = [on for on in days if is_business_day(on, weekdays=range(7), holidays=False)]
    assert open_days == [date(2026, 12, 28), date(2027, 1, 4)]


def test_an_office_may_have_its_own_closed_days() -> None:
    closed = [date(2026, 12, 4)]
    assert not is_business_day(date(2026, 12, 4), closed=closed)
    assert is_business_day(date(2026, 12, 3), closed=closed)
    assert add_business_days(date(2026, 12, 2), 2, closed=iter(closed)) == date(2026, 12, 7)


def test_an_office_may_have_its_own_weekdays_and_work_on_holidays() -> None:
    assert is_business_day(date(2026, 12, 5), weekdays=range(6))
    assert not is_business_day(date(2026, 11, 23), weekdays=range(6))
    assert is_business_day(date(2026, 11, 23), holidays=False)
    assert add_business_days(date(2026, 11, 20), 2, weekdays={0, 5}, holidays=False) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("on", "n", "expected"),
    [
        (date(2026, 12, 3), 1, date(2026, 12, 4)),
        (date(2026, 12, 4), 1, date(2026, 12, 7)),
        (date(2026, 12, 5), 1, date(2026, 12, 7)),
        (date(2026, 12, 25), 3, date(2027, 1, 5)),
        (date(2026, 12, 7), -1, date(2026, 12, 4)),
        (date(2027, 1, 5), -3, date(2026, 12, 25)),
        (date(2026, 12, 5), 0, date(2026, 12, 5)),
    ],
)
def test_add_business_days(on: date, n: int, expected: date) -> None:
    assert add_business_days(on, n) == expected


def test_the_years_end_can_be_left_out() -> None:
    assert add_business_days(date(2026, 12, 25), 3, year_end=False) == date(2026, 12, 30)


@given(on=DAYS, n=st.integers(1, 15))
def test_there_are_n_business_days_up_to_the_nth(on: date, n: int) -> None:
    end = add_business_days(on, n)
    days = [on + timedelta(days=i) for i in range(1, (end - on).days + 1)]
    assert sum(map(is_business_day, days)) == n
    assert is_business_day(end)
