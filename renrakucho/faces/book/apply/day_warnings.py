"""Warnings about the days of the move: each can be confirmed with a tick that holds for exactly these days.

Where a provider does not take the day, the mover may keep it and calls the provider. The rules are in notice.move_days.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from renrakucho.faces.book.rule_texts import closed_days
from renrakucho.notice.models import Procedure
from renrakucho.notice.move_days import ARRIVE, LEAVE, RefusedDay, day_order, refused_days
from renrakucho.notice.offer import Offer
from renrakucho.page.formatting import format_day, format_phone, join_sentences


@dataclass(frozen=True)
class DayWarning:
    """A warning at the day in `field`. `tick` is the name of its tick, whose `value` holds for these days alone."""

    field: str
    tick: str
    value: str
    message: str
    label: str


def day_warnings(days: Mapping[str, date | None], offers: Iterable[Offer], now: datetime) -> Iterator[DayWarning]:
    """Yield every warning about these days; `offers` are those whose provider was not told yet."""
    offers = tuple(offers)
    for field, on in days.items():
        if on:
            yield from (_refusal_warning(refused) for refused in refused_days(field, on, offers, now))
    leave, arrive = days.get(LEAVE), days.get(ARRIVE)
    if leave and arrive:
        yield from _order_warning(leave, arrive)


def _refusal_warning(refused: RefusedDay) -> DayWarning:
    offer = refused.offer
    words = {"name": offer.name, "procedure": Procedure(offer.procedure).label, "days": _taken_days(refused)}
    if refused.is_none_taken:
        message = _("%(name)s（%(procedure)s）がここから受け付けている日は、いまはありません。お電話ください。") % words
    else:
        message = (
            _("%(name)s（%(procedure)s）がここから受け付けるのは、%(days)sの日です。日を変えるか、お電話ください。")
            % words
        )
    if offer.phones:
        message = join_sentences(message, _("電話 %(phone)s") % {"phone": format_phone(offer.phones[0])})
    label = _("この日のまま進む（%(name)sへは電話で連絡します）") % words
    return DayWarning(refused.fact, f"by_phone:{offer.key}", f"{refused.fact}={refused.on.isoformat()}", message, label)


def _taken_days(refused: RefusedDay) -> str:
    first, last, days = refused.first, refused.last, ""
    if first and last:
        days = _("%(first)sから%(last)sまで") % {"first": format_day(first), "last": format_day(last)}
    elif first:
        days = _("%(first)sからあと") % {"first": format_day(first)}
    elif last:
        days = _("%(last)sまで") % {"last": format_day(last)}
    closed = closed_days(refused.window.workdays) if refused.window.workdays_only else ""
    return _("%(days)s（%(closed)sを除く）") % {"days": days, "closed": closed} if closed else days


def _order_warning(leave: date, arrive: date) -> Iterator[DayWarning]:
    order = day_order(leave, arrive)
    words = {"leave": format_day(leave), "arrive": format_day(arrive), "days": abs((arrive - leave).days)}
    if order == "reversed":
        message = _(
            "入る日（%(arrive)s）が、出る日（%(leave)s）より%(days)s日も前です。逆になっていないか、お確かめください。"
        )
    elif order == "far_apart":
        message = _("出る日（%(leave)s）から入る日（%(arrive)s）まで、%(days)s日あります。月をお確かめください。")
    else:
        return
    value = f"{LEAVE}={leave.isoformat()},{ARRIVE}={arrive.isoformat()}"
    yield DayWarning(ARRIVE, "order", value, message % words, _("この2つの日のとおりで、まちがいない"))
