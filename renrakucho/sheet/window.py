"""Which days a provider takes through a form."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Window:
    """From today + `earliest_days` to today + `latest_days`, both included, in calendar days. None: no such bound."""

    fact: str
    earliest_days: int | None
    latest_days: int | None
    source: str

    def first(self, today: date) -> date | None:
        """The first day that is taken."""
        return None if self.earliest_days is None else today + timedelta(days=self.earliest_days)

    def last(self, today: date) -> date | None:
        """The last day that is taken."""
        return None if self.latest_days is None else today + timedelta(days=self.latest_days)

    def takes(self, on: date, today: date) -> bool:
        """Whether the day can be asked for today."""
        first, last = self.first(today), self.last(today)
        return (first is None or on >= first) and (last is None or on <= last)
