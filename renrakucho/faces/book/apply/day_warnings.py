"""Warnings about the days of the move: each can be confirmed with a tick that holds for exactly these days.

Where a provider does not take the day, the mover may keep it and calls the provider. The rules are in notice.move_days.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from renrakucho.faces.book.apply_by_texts import last_moment
from renrakucho.faces.book.rule_texts import closed_days
from renrakucho.fact.catalogue import fact_named
from renrakucho.notice.models import Procedure
from renrakucho.notice.move_days import (
    ARRIVE,
    LEAVE,
    RefusedDay,
    day_order,
    is_long_past,
    likely_day,
    near_offers,
    refused_days,
)
from renrakucho.notice.offer import Offer
from renrakucho.page.formatting import format_day, format_long_day, format_phone, join_sentences
from renrakucho.sheet.procedure import required_days


@dataclass(frozen=True)
class ItemWarning:
    """A warning at the item in `field`. `tick` is the name of its tick, whose `value` holds for what is entered now
    alone, and `label` its label; "" where the item cannot be confirmed.
    """

    field: str
    tick: str
    value: str
    message: str
    label: str


def day_warnings(days: Mapping[str, date | None], offers: Iterable[Offer], now: datetime) -> Iterator[ItemWarning]:
    """Yield every warning about these days; `offers` are those whose provider was not told yet."""
    offers, today = tuple(offers), timezone.localtime(now).date()
    long_past = {field for field, on in days.items() if on and offers and is_long_past(on, today)}
    for field, on in days.items():
        if on and field in long_past:
            yield _year_warning(field, on, offers, today)
        elif on:
            yield from (_refusal_warning(refused) for refused in refused_days(field, on, offers, now))
            yield from _near_warning(field, on, near_offers(field, on, offers, now))
    leave, arrive = days.get(LEAVE), days.get(ARRIVE)
    if leave and arrive and not long_past:
        yield from _order_warning(leave, arrive)


def _year_warning(field: str, on: date, offers: Iterable[Offer], today: date) -> ItemWarning:
    """Ask about the year. Only a change of address is told as late as this, so only it may be confirmed."""
    words = {"day": format_long_day(on), "likely": format_long_day(likely_day(on, today))}
    message = _("%(day)sは、半年より前の日です。%(likely)sでしたら、年をなおしてください。") % words
    if any(field in required_days(offer.procedure) for offer in offers):
        advice = _("半年より前に引っ越したときは、事業者へお電話ください。")
        return ItemWarning(field, f"year:{field}", "", join_sentences(message, advice), "")
    return ItemWarning(
        field, f"year:{field}", f"{field}={on.isoformat()}", message, _("%(day)sで、まちがいない") % words
    )


def _refusal_warning(refused: RefusedDay) -> ItemWarning:
    offer = refused.offer
    message = join_sentences(_refusal(refused), _what_to_do(refused))
    if offer.phones:
        message = join_sentences(message, _("電話 %(phone)s") % {"phone": format_phone(offer.phones[0])})
    if refused.standing == "not_yet" and not refused.is_none_taken:
        label = _("この日のまま進む（%(name)sへは、受付が始まってから手続します）") % {"name": offer.name}
    else:
        label = _("この日のまま進む（%(name)sへは電話で連絡します）") % {"name": offer.name}
    return ItemWarning(
        refused.fact, f"by_phone:{offer.key}", f"{refused.fact}={refused.on.isoformat()}", message, label
    )


def _refusal(refused: RefusedDay) -> str:
    """Why the day is not taken: a closed day, too early, or too late."""
    words = {"name": refused.offer.name, "procedure": Procedure(refused.offer.procedure).label}
    by = refused.apply_by
    if refused.standing == "closed":
        return _("%(name)s（%(procedure)s）は、この日の受付を%(last)sに終えました。") % {
            **words,
            "last": last_moment(by),
        }
    if refused.standing == "not_yet" and by.opens_on:
        opens = {**words, "first": format_day(by.opens_on)}
        return _("%(name)s（%(procedure)s）は、この日の受付を%(first)sに始めます。") % opens
    return _("%(name)s（%(procedure)s）は、この日を受け付けていません。") % words


def _what_to_do(refused: RefusedDay) -> str:
    if refused.is_none_taken:
        return _("いま選べる日はありません。お電話ください。")
    words = {"fact": _(fact_named(refused.fact).label), "days": _taken_days(refused)}
    return _("いま選べる「%(fact)s」は、%(days)sです。日を変えるか、お電話ください。") % words


def _near_warning(field: str, on: date, offers: list[Offer]) -> Iterator[ItemWarning]:
    if not offers:
        return
    names = _("、").join(dict.fromkeys(offer.name for offer in offers))
    words = {"names": names, "on": format_day(on)}
    message = _(
        "%(on)sは、もうすぐです。%(names)sの締切はわかりません。受付が終わっているかもしれないので、先にお電話でお確かめください。"
    )
    label = _("この日のまま進む（間に合うかどうかは、事業者に確かめます）")
    yield ItemWarning(field, f"near:{field}", f"{field}={on.isoformat()}", message % words, label)


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


def _order_warning(leave: date, arrive: date) -> Iterator[ItemWarning]:
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
    yield ItemWarning(ARRIVE, "order", value, message % words, _("この2つの日のとおりで、まちがいない"))
