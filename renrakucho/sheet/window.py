"""Reception window: the days that a provider takes by a form, and deadlines of changes.

Every moment is counted in Japan's time, whatever its zone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.workdays import USUAL, Workdays

JAPAN = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class ReceptionWindow:
    """From `earliest` to `latest` ahead of today, both included; None: no such bound.

    cut_off: from then on a request counts as made on the next day, for `earliest` only, so that no day is offered that
    the provider may not take yet. workdays_only: the day has to be a working day. fact: the date of the move that the
    window limits. `now` is an aware datetime in every method.
    """

    fact: str
    earliest: LeadTime | None = None
    latest: LeadTime | None = None
    cut_off: time | None = None
    workdays_only: bool = False
    workdays: Workdays = USUAL
    source: str = ""
    checked_on: date | None = None

    def first(self, now: datetime) -> date | None:
        """The first day that is taken."""
        if self.earliest is None:
            return None
        first = self.earliest.first(self._counted(now), self.workdays)
        return self.workdays.at_or_after(first) if self.workdays_only else first

    def last(self, now: datetime) -> date | None:
        """The last day that is taken; it is before `first` where no day is taken."""
        if self.latest is None:
            return None
        last = self.latest.last(_today(now), self.workdays)
        return self.workdays.at_or_before(last) if self.workdays_only else last

    def takes(self, on: date, now: datetime) -> bool:
        """Whether the day can be asked for now."""
        first, last = self.first(now), self.last(now)
        return (first is None or on >= first) and (last is None or on <= last) and not self.closed(on)

    def apply_from(self, on: date) -> date | None:
        """The first day on which the form takes the day `on`; None: it may be asked for as early as one likes."""
        return None if self.latest is None else self.latest.first_counted(on, self.workdays)

    def apply_by(self, on: date) -> datetime | None:
        """The first moment at which the form does not take the day `on` any more; None: no rule is known.

        It is the cut-off on the last day to apply, or the midnight after that day. A closed day is never taken.
        """
        if self.earliest is None:
            return None
        last = self.earliest.last_counted(on, self.workdays)
        if self.cut_off is None:
            return datetime.combine(last + timedelta(days=1), time(), JAPAN)
        return datetime.combine(last, self.cut_off, JAPAN)

    def closed(self, on: date) -> bool:
        """Whether the day is refused at any time."""
        return self.workdays_only and not self.workdays.has(on)

    def _counted(self, now: datetime) -> date:
        late = self.cut_off is not None and now.astimezone(JAPAN).time() >= self.cut_off
        return _today(now) + timedelta(days=late)


def refusing_window(
    windows: Iterable[ReceptionWindow], facts: Mapping[str, str], now: datetime
) -> ReceptionWindow | None:
    """The first window that does not take its day of these facts now; None where every day that is said is taken."""
    for window in windows:
        text = facts.get(window.fact, "")
        if text and not window.takes(date.fromisoformat(text), now):
            return window
    return None


@dataclass(frozen=True)
class ProcedureDeadline:
    """Deadline: a lead time before a date of the move, or before the earliest of several."""

    lead: LeadTime
    before: tuple[str, ...]
    workdays: Workdays = USUAL

    def last(self, facts: Mapping[str, str]) -> date | None:
        """The last day in time; None where the move has none of the dates."""
        days = [date.fromisoformat(facts[name]) for name in self.before if facts.get(name)]
        return min((self.lead.deadline(on, self.workdays) for on in days), default=None)


def _today(now: datetime) -> date:
    return now.astimezone(JAPAN).date()
