"""Working days of one provider, in which its business days (営業日) are counted."""

from dataclasses import dataclass
from datetime import date, timedelta

from renrakucho.lib.business_day import add_business_days, is_business_day

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Workdays:
    """By default Monday to Friday, except holidays and 12/29 to 1/3.

    weekdays: numbers, 0 is Monday, at least one. closed_on: the provider's own closed days. closed_each_year: those of
    every year, as month and day.
    """

    weekdays: frozenset[int] = frozenset(range(5))
    closed_on: frozenset[date] = frozenset()
    closed_each_year: frozenset[tuple[int, int]] = frozenset()
    open_on_holidays: bool = False
    open_at_year_end: bool = False

    def has(self, on: date) -> bool:
        """Whether the provider works on this day."""
        return is_business_day(
            on,
            closed=self.closed_on,
            each_year=self.closed_each_year,
            year_end=not self.open_at_year_end,
            holidays=not self.open_on_holidays,
            weekdays=self.weekdays,
        )

    def shift(self, on: date, n: int) -> date:
        """The n-th working day after the day, or before it where n is negative; the day itself where n is 0."""
        return add_business_days(
            on,
            n,
            closed=self.closed_on,
            each_year=self.closed_each_year,
            year_end=not self.open_at_year_end,
            holidays=not self.open_on_holidays,
            weekdays=self.weekdays,
        )

    def at_or_after(self, on: date) -> date:
        """The day itself where it is a working day, else the next one."""
        return self.shift(on - timedelta(days=1), 1)

    def at_or_before(self, on: date) -> date:
        """The day itself where it is a working day, else the last one before."""
        return self.shift(on + timedelta(days=1), -1)


USUAL = Workdays()
