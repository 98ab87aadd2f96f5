"""Checks of the move's days: outside a provider's window, very near, or in an order that is rarely meant.

No such day is impossible, so the mover may confirm it. Checked are:
- A day that a chosen provider does not take through its form. Stopping and starting is taken for a day that has passed
  only where the form's own window says so; a change of address is (cards are often told after the move).
- A day so near that forms may be closed, of providers whose rule is not known.
- Arriving more than OVERLAP before leaving. A few days of both homes are usual (keys are handed over early, a home is
  cleaned after the move); two weeks and more are rather two dates that changed places.
- Leaving more than GAP before arriving: rather a wrong month than a month without a home.
- A day more than LATE ago: rather last year's number, typed by habit, than a move of then.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from renrakucho.lib.typed_date import nearest_date, years_around
from renrakucho.notice.apply_by import ApplyBy, Standing, apply_by
from renrakucho.notice.offer import Offer
from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.procedure import required_days
from renrakucho.sheet.window import ReceptionWindow

OVERLAP = timedelta(days=14)
GAP = timedelta(days=31)
LATE = timedelta(days=183)
LEAVE, ARRIVE = "move.leave_on", "move.arrive_on"

DayOrder = Literal["usual", "reversed", "far_apart"]


@dataclass(frozen=True)
class RefusedDay:
    """A day that a provider does not take through its form; `apply_by` and `standing` say why. `first` and `last` are
    the days that it takes now, None where there is no bound; with `first` after `last` it takes none.
    """

    fact: str
    on: date
    offer: Offer
    window: ReceptionWindow
    apply_by: ApplyBy
    standing: Standing
    first: date | None
    last: date | None

    @property
    def is_none_taken(self) -> bool:
        """Whether the provider takes no day at all now."""
        return bool(self.first and self.last and self.first > self.last)


def refused_days(fact: str, on: date, offers: Iterable[Offer], now: datetime) -> Iterator[RefusedDay]:
    """Yield a RefusedDay for each offer whose provider does not take the day `on` for this fact."""
    for offer in offers:
        window = window_for_day(offer, fact)
        if window and not window.takes(on, now):
            by = ApplyBy(on, window.apply_from(on), window.apply_by(on), window.closed(on))
            yield RefusedDay(fact, on, offer, window, by, by.standing(now), window.first(now), window.last(now))


def near_offers(fact: str, on: date, offers: Iterable[Offer], now: datetime) -> list[Offer]:
    """Return the offers that may be too late for this day: it is near, and no rule of the provider is known."""
    asked = (offer for offer in offers if fact in required_days(offer.procedure))
    return [
        offer
        for offer in asked
        if apply_by(offer.procedure, offer.sheet or offer.by_phone, {fact: on.isoformat()}).standing(now) == "near"
    ]


def window_for_day(offer: Offer, fact: str) -> ReceptionWindow | None:
    """Return the days that the provider takes for this fact; None where it is only listed and takes nothing here."""
    if offer.sheet is None:
        return None
    own = (window for window in offer.sheet.windows if window.fact == fact)
    window = next(own, ReceptionWindow(fact))
    if window.earliest is None and fact in required_days(offer.procedure):
        window = replace(window, earliest=LeadTime(0))
    return window


def is_long_past(on: date, today: date) -> bool:
    """Whether the year is more likely wrong than the move so long ago."""
    return today - on > LATE


def likely_day(on: date, today: date) -> date:
    """This day of the year in the year that brings it nearest to today."""
    return nearest_date(years_around(today), on.month, on.day, today) or on


def day_order(leave: date, arrive: date) -> DayOrder:
    """Return whether the two days stand in a usual order, rather changed places, or lie too far apart."""
    if leave - arrive > OVERLAP:
        return "reversed"
    return "far_apart" if arrive - leave > GAP else "usual"
