"""Typed dates: whole ones, months by name, years around a day. Fields are tested in tests/page/test_day_field.py."""

from datetime import date

import pytest

from renrakucho.lib.typed_date import (
    WholeDate,
    day_typed,
    last_day_of,
    likely_year,
    month_typed,
    possible_years,
    whole_date,
    years_around,
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026/12/5", WholeDate("2026", 12, 5)),
        ("20261205", WholeDate("2026", 12, 5)),
        ("令和8年12月5日(土)", WholeDate("令和8", 12, 5)),
        ("12月5日", WholeDate("", 12, 5)),
        ("Dec 5, 2026", WholeDate("2026", 12, 5)),
        ("5th Sept", WholeDate("", 9, 5)),
        ("January 5", WholeDate("", 1, 5)),
        ("foo 5", None),
        ("5", None),
    ],
)
def test_a_whole_date_is_read(typed: str, read: WholeDate | None) -> None:
    assert whole_date(typed) == read


def test_a_day_without_a_year_is_in_one_of_three() -> None:
    assert years_around(date(2026, 12, 5)) == (2025, 2026, 2027)


@pytest.mark.parametrize(
    ("year", "month", "days"), [(2026, 1, 31), (2026, 2, 28), (2028, 2, 29), (2026, 11, 30), (2026, 12, 31)]
)
def test_a_month_has_its_days(year: int, month: int, days: int) -> None:
    assert last_day_of(year, month) == days


@pytest.mark.parametrize(
    ("typed", "years"), [("R8", (2026,)), ("令和8年", (2026,)), ("2026", (2026,)), ("8", (2008, 2026)), ("x", ())]
)
def test_a_year_may_mean_several(typed: str, years: tuple[int, ...]) -> None:
    assert possible_years(typed) == years


def test_month_and_day_are_read_with_their_units() -> None:
    assert (month_typed("12月"), day_typed("5日(土)"), day_typed("x")) == (12, 5, None)


def test_the_likely_year_is_that_of_two_weeks_ahead() -> None:
    assert [likely_year(date(2026, 12, day)) for day in (17, 18)] == [2026, 2027]
