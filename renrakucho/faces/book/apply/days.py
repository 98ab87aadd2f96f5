"""Days of the move that make one stop and ask: outside a provider's window, or in an order that is rarely meant.

None of them is impossible, so that each can be confirmed with a tick, for exactly these days. What is asked:
- A day that a chosen provider does not take through its form. Stopping and starting is never taken for a day that has
  passed, whatever the form says; a change of address is (cards are often told after the move). The mover may keep the
  day, and calls the provider.
- Arriving more than OVERLAP days before leaving. A few days of both homes are usual (keys are handed over early,
  a home is cleaned after the move); two weeks and more are rather two dates that changed places.
- Leaving more than GAP days before arriving: rather a wrong month than a month without a home.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from renrakucho.notice.offer import Offer
from renrakucho.page.words import procedure
from renrakucho.page.written import day, phone

OVERLAP = timedelta(days=14)
GAP = timedelta(days=31)
LEAVE, ARRIVE = "move.leave_on", "move.arrive_on"


@dataclass(frozen=True)
class Doubt:
    """A question about the day in `field`; `sure` names its tick, whose `value` holds for these days alone."""

    field: str
    sure: str
    value: str
    message: str
    label: str


def doubts(days: Mapping[str, date | None], offers: Iterable[Offer], today: date) -> Iterator[Doubt]:
    """Everything to ask about these days; `offers` are those not told yet."""
    offers = tuple(offers)
    for field, on in days.items():
        if on:
            yield from _windows(field, on, offers, today)
    yield from _order(days.get(LEAVE), days.get(ARRIVE))


def _windows(field: str, on: date, offers: tuple[Offer, ...], today: date) -> Iterator[Doubt]:
    for offer in offers:
        bounds = _bounds(offer, field, today)
        if bounds is None or _within(on, *bounds):
            continue
        words = {"name": offer.name, "procedure": procedure(offer.procedure), "days": _said(*bounds)}
        message = (
            _("%(name)s（%(procedure)s）がここから受け付けるのは、%(days)sの日です。日を変えるか、お電話ください。")
            % words
        )
        if offer.phones:
            message += _("電話 %(phone)s") % {"phone": phone(offer.phones[0])}
        label = _("この日のまま進む（%(name)sへは電話で連絡します）") % words
        yield Doubt(field, f"by_phone:{offer.key}", f"{field}={on.isoformat()}", message, label)


def _bounds(offer: Offer, field: str, today: date) -> tuple[date | None, date | None] | None:
    """First and last day that the provider takes for this field; None where the field does not matter to it."""
    sheet = offer.sheet
    if sheet is None:
        return None
    window = sheet.window if sheet.window and sheet.window.fact == field else None
    first, last = (window.first(today), window.last(today)) if window else (None, None)
    if {"stop": LEAVE, "start": ARRIVE}.get(offer.procedure) == field:
        first = max(first or today, today)
    return (first, last) if first or last else None


def _within(on: date, first: date | None, last: date | None) -> bool:
    return (first is None or on >= first) and (last is None or on <= last)


def _said(first: date | None, last: date | None) -> str:
    if first and last:
        return _("%(first)sから%(last)sまで") % {"first": day(first), "last": day(last)}
    if first:
        return _("%(first)sからあと") % {"first": day(first)}
    return _("%(last)sまで") % {"last": day(last) if last else ""}


def _order(leave: date | None, arrive: date | None) -> Iterator[Doubt]:
    if not leave or not arrive:
        return
    words = {"leave": day(leave), "arrive": day(arrive), "days": abs((arrive - leave).days)}
    value = f"{LEAVE}={leave.isoformat()},{ARRIVE}={arrive.isoformat()}"
    label = _("この2つの日のとおりで、まちがいない")
    if leave - arrive > OVERLAP:
        message = _(
            "入る日（%(arrive)s）が、出る日（%(leave)s）より%(days)s日も前です。逆になっていないか、お確かめください。"
        )
    elif arrive - leave > GAP:
        message = _("出る日（%(leave)s）から入る日（%(arrive)s）まで、%(days)s日あります。月をお確かめください。")
    else:
        return
    yield Doubt(ARRIVE, "order", value, message % words, label)
