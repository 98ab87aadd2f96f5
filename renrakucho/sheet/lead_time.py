"""Lead time before a day: in calendar days, the provider's business days, or months."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from renrakucho.sheet.workdays import Workdays

Unit = Literal["day", "business_day", "month"]


@dataclass(frozen=True)
class LeadTime:
    """A lead time of `n` units. A negative number of days is in the past: -14 is two weeks after the day."""

    n: int
    unit: Unit = "day"

    def deadline(self, on: date, workdays: Workdays) -> date:
        """The last day on which a request for `on` is in time. 2 business days before a Monday is the Thursday."""
        if self.unit == "business_day":
            return workdays.shift(on, -self.n)
        return _months_later(on, -self.n) if self.unit == "month" else on - timedelta(days=self.n)

    def first(self, counted: date, workdays: Workdays) -> date:
        """The first day whose deadline has not passed on `counted`; `counted` itself is one of the n business days."""
        if self.unit == "business_day" and self.n:
            return workdays.shift(counted - timedelta(days=1), self.n) + timedelta(days=1)
        return self.last(counted, workdays)

    def last_counted(self, on: date, workdays: Workdays) -> date:
        """The last day to be counted whose `first` is not after `on`: until then `on` is taken.

        For months it can be later than `deadline`: a month ahead of 1/29, 1/30 and 1/31 is 2/28 each time.
        """
        last = self.deadline(on, workdays)
        if self.unit == "month" and on.day == _days_in_month(on.year, on.month):
            return last.replace(day=_days_in_month(last.year, last.month))
        return last

    def first_counted(self, on: date, workdays: Workdays) -> date:
        """The first day to be counted whose `last` is not before `on`: from then on `on` is taken."""
        first = self.deadline(on, workdays)
        return first if self.last(first, workdays) >= on else first + timedelta(days=1)

    def last(self, today: date, workdays: Workdays) -> date:
        """The day this far ahead of today. A month from 1/31 is the last day of February."""
        if self.unit == "business_day":
            return workdays.shift(today, self.n)
        return _months_later(today, self.n) if self.unit == "month" else today + timedelta(days=self.n)


def _months_later(on: date, n: int) -> date:
    year, month = divmod(on.year * 12 + on.month - 1 + n, 12)
    return date(year, month + 1, min(on.day, _days_in_month(year, month + 1)))


def _days_in_month(year: int, month: int) -> int:
    return monthrange(year, month)[1]
