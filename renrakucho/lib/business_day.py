"""Business days of offices in Japan.

Holidays are those of 国民の祝日に関する法律, with substitute and in-between holidays (jpholiday). The days around
New Year, 12/29 to 1/3, are no holidays by that law; offices close on them by 行政機関の休日に関する法律 (1988) or
by custom, so they are an option of their own.
"""

from collections.abc import Container, Iterable
from datetime import date, timedelta

import jpholiday

_MONDAY_TO_FRIDAY = range(5)
_YEAR_END = ((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3))


def is_holiday(on: date) -> bool:
    """Whether it is a national holiday. A Sunday is none by itself."""
    return bool(jpholiday.is_holiday(on))


def is_business_day(
    on: date,
    *,
    closed: Iterable[date] = (),
    each_year: Container[tuple[int, int]] = (),
    year_end: bool = True,
    holidays: bool = True,
    weekdays: Container[int] = _MONDAY_TO_FRIDAY,
) -> bool:
    """Whether an office works on the day.

    weekdays: those it works on; 0 is Monday. closed: its own closed days; each_year: those of every year, as month and
    day. year_end, holidays: whether it closes from 12/29 to 1/3, and on national holidays.
    """
    in_year = (on.month, on.day)
    if on.weekday() not in weekdays or (year_end and in_year in _YEAR_END) or in_year in each_year:
        return False
    return on not in set(closed) and not (holidays and is_holiday(on))


def add_business_days(
    on: date,
    n: int,
    *,
    closed: Iterable[date] = (),
    each_year: Container[tuple[int, int]] = (),
    year_end: bool = True,
    holidays: bool = True,
    weekdays: Container[int] = _MONDAY_TO_FRIDAY,
) -> date:
    """The n-th business day after `on`, or before it where n is negative; `on` itself where n is 0.

    The options are those of is_business_day.
    """
    closed_days = frozenset(closed)
    step = timedelta(days=1 if n > 0 else -1)
    left = abs(n)
    while left:
        on += step
        left -= is_business_day(
            on, closed=closed_days, each_year=each_year, year_end=year_end, holidays=holidays, weekdays=weekdays
        )
    return on
