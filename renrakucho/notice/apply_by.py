"""Apply by: until when the mover has to ask for a procedure, and from when it can be asked for.

It is known where the provider's reception window bounds it. Elsewhere the portal recommends a day of its own, and says
that it is only that: a week before the day of a stop or a start; for a change of address, the day itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from renrakucho.sheet.form import Sheet
from renrakucho.sheet.procedure import procedure_day, required_days
from renrakucho.sheet.window import JAPAN

RECOMMENDED_AHEAD = timedelta(days=7)
# Forms with a known rule close up to three days ahead (tokyo-waterworks/stop.toml, 2026-11-22); so may the others.
NEAR = timedelta(days=3)

# refused: the form never takes this day. near, passed: no rule is known, and the day of the move is near or over.
Standing = Literal["refused", "closed", "not_yet", "open", "unknown", "near", "passed"]


@dataclass(frozen=True)
class ApplyBy:
    """on: the day of the move; None: not entered. opens_on: the first day to apply; None: no such bound. closes_at: the
    first moment at which it is too late; None: no rule is known. is_refused: the form never takes the day.
    is_bound_to_day: a stop or a start; a change of address can be told at any time.
    """

    on: date | None
    opens_on: date | None = None
    closes_at: datetime | None = None
    is_refused: bool = False
    is_bound_to_day: bool = True

    @property
    def last_on(self) -> date | None:
        """The last day to apply; None: no rule is known."""
        return (self.closes_at.astimezone(JAPAN) - timedelta(microseconds=1)).date() if self.closes_at else None

    @property
    def cut_off(self) -> time | None:
        """The time of the last day from which it is too late; None: that day counts to its end."""
        at = self.closes_at.astimezone(JAPAN).time() if self.closes_at else time()
        return at if at != time() else None

    @property
    def recommended_on(self) -> date | None:
        """The day by which the portal recommends to apply, where no rule is known."""
        if self.closes_at or self.on is None:
            return None
        return self.on - RECOMMENDED_AHEAD if self.is_bound_to_day else self.on

    def standing(self, now: datetime) -> Standing:
        """Return how the mover stands at this moment."""
        today = now.astimezone(JAPAN).date()
        if self.is_refused:
            return "refused"
        if self.closes_at and now >= self.closes_at:
            return "closed"
        if self.opens_on and today < self.opens_on:
            return "not_yet"
        if self.closes_at:
            return "open"
        if self.on is None or self.on - today > NEAR:
            return "unknown"
        if self.on < today:
            return "passed"
        return "near" if self.is_bound_to_day else "unknown"

    @property
    def order(self) -> datetime:
        """Sort key of a list of notices: the most urgent first, those without any day last."""
        by = self.recommended_on
        return self.closes_at or (datetime.combine(by, time.max, JAPAN) if by else datetime.max.replace(tzinfo=JAPAN))


def apply_by(procedure: str, sheet: Sheet | None, facts: Mapping[str, str]) -> ApplyBy:
    """Return by when a procedure has to be asked for. sheet: its form, or the form to telephone by; None: no rule is
    known. Where several windows limit it, it is open as long as each of them is.
    """
    windows = sheet.windows if sheet else ()
    limits = [(window, date.fromisoformat(facts[window.fact])) for window in windows if facts.get(window.fact)]
    opens = [first for window, on in limits if (first := window.apply_from(on))]
    closes = [last for window, on in limits if (last := window.apply_by(on))]
    opens_on, closes_at = max(opens, default=None), min(closes, default=None)
    never_open = bool(opens_on and closes_at and datetime.combine(opens_on, time(), JAPAN) >= closes_at)
    return ApplyBy(
        on=procedure_day(procedure, facts),
        opens_on=opens_on,
        closes_at=closes_at,
        is_refused=never_open or any(window.closed(on) for window, on in limits),
        is_bound_to_day=bool(required_days(procedure)),
    )
