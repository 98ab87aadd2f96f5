"""Days of the move that make one stop and ask: outside a provider's window, or in an order that is rarely meant.

None of them is impossible, so that each can be confirmed with a tick, for exactly these days. What is asked:
- A day that a chosen provider does not take through its form. Stopping and starting is taken for a day that has passed
  only where the form's own window says so; a change of address is (cards are often told after the move). The mover may
  keep the day, and calls the provider.
- Arriving more than OVERLAP days before leaving. A few days of both homes are usual (keys are handed over early,
  a home is cleaned after the move); two weeks and more are rather two dates that changed places.
- Leaving more than GAP days before arriving: rather a wrong month than a month without a home.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from renrakucho.faces.book.rule_texts import closed_days
from renrakucho.notice.models import Procedure
from renrakucho.notice.offer import Offer
from renrakucho.page.formatting import format_day, format_phone
from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.window import ReceptionWindow

OVERLAP = timedelta(days=14)
GAP = timedelta(days=31)
LEAVE, ARRIVE = "move.leave_on", "move.arrive_on"


@dataclass(frozen=True)
class DayWarning:
    """A question about the day in `field`; `sure` names its tick, whose `value` holds for these days alone."""

    field: str
    sure: str
    value: str
    message: str
    label: str


def day_warnings(days: Mapping[str, date | None], offers: Iterable[Offer], now: datetime) -> Iterator[DayWarning]:
    """Everything to ask about these days; `offers` are those not told yet."""
    offers = tuple(offers)
    for field, on in days.items():
        if on:
            yield from _windows(field, on, offers, now)
    yield from _order(days.get(LEAVE), days.get(ARRIVE))


def _windows(field: str, on: date, offers: tuple[Offer, ...], now: datetime) -> Iterator[DayWarning]:
    for offer in offers:
        window = _window(offer, field)
        if window is None or window.takes(on, now):
            continue
        first, last = window.first(now), window.last(now)
        words = {"name": offer.name, "procedure": Procedure(offer.procedure).label, "days": _said(first, last, window)}
        if first and last and first > last:
            message = (
                _("%(name)s（%(procedure)s）がここから受け付けている日は、いまはありません。お電話ください。") % words
            )
        else:
            message = (
                _("%(name)s（%(procedure)s）がここから受け付けるのは、%(days)sの日です。日を変えるか、お電話ください。")
                % words
            )
        if offer.phones:
            message += _("電話 %(phone)s") % {"phone": format_phone(offer.phones[0])}
        label = _("この日のまま進む（%(name)sへは電話で連絡します）") % words
        yield DayWarning(field, f"by_phone:{offer.key}", f"{field}={on.isoformat()}", message, label)


def _window(offer: Offer, field: str) -> ReceptionWindow | None:
    """The days that the provider takes for this field; None where the field does not matter to it."""
    if offer.sheet is None:
        return None
    window = offer.sheet.window
    if window is None or window.fact != field:
        window = ReceptionWindow(field)
    if window.earliest is None and {"stop": LEAVE, "start": ARRIVE}.get(offer.procedure) == field:
        window = replace(window, earliest=LeadTime(0))
    return window


def _said(first: date | None, last: date | None, window: ReceptionWindow) -> str:
    days = ""
    if first and last:
        days = _("%(first)sから%(last)sまで") % {"first": format_day(first), "last": format_day(last)}
    elif first:
        days = _("%(first)sからあと") % {"first": format_day(first)}
    elif last:
        days = _("%(last)sまで") % {"last": format_day(last)}
    closed = closed_days(window.workdays) if window.workdays_only else ""
    return _("%(days)s（%(closed)sを除く）") % {"days": days, "closed": closed} if closed else days


def _order(leave: date | None, arrive: date | None) -> Iterator[DayWarning]:
    if not leave or not arrive:
        return
    words = {"leave": format_day(leave), "arrive": format_day(arrive), "days": abs((arrive - leave).days)}
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
    yield DayWarning(ARRIVE, "order", value, message % words, label)
