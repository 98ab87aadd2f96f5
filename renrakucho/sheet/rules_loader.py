"""Reading `[workdays]`, `[window]` and `[rules]` of a form. form.py shows them."""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, TypeVar, get_args

from renrakucho.fact.catalogue import CATALOGUE, UnknownFact, fact_named
from renrakucho.lib.message_text import did_you_mean
from renrakucho.sheet.lead_time import LeadTime, Unit
from renrakucho.sheet.rules import AttendanceRule, FeeRule, Needed, NumberWay, ProcedureRules, VisitSlots, WithoutNumber
from renrakucho.sheet.toml_keys import BadSheet, Kinds, one_of, require_known_keys, text_list
from renrakucho.sheet.window import ProcedureDeadline, ReceptionWindow
from renrakucho.sheet.workdays import WEEKDAYS, Workdays

Source = Mapping[str, Any]
T = TypeVar("T")

_WORKDAYS_KEYS: Kinds = {
    **dict.fromkeys(("weekdays", "closed_on", "closed_each_year"), list),
    **dict.fromkeys(("open_on_holidays", "open_at_year_end"), bool),
}
_LEAP_YEAR = 2024  # 02-29 is a day too
_LEADS: Mapping[str, Unit] = {"days": "day", "business_days": "business_day", "months": "month"}
_WINDOW_KEYS: Kinds = {
    **{"fact": str, "cut_off": time, "workdays_only": bool, "source": str, "checked_on": date},
    **{f"{bound}_{unit}": int for bound in ("earliest", "latest") for unit in _LEADS},
}
_RULES_KEYS: Kinds = {
    **{"source": str, "checked_on": date, "notes": list},
    **dict.fromkeys(("attendance", "slots", "fee", "change_until", "withdraw_until", "without_number"), dict),
}
_FURTHEST = 731  # days, also where business days or months are meant: beyond, it is a slip of the pen
_MOST_WISHES = 3


def load_workdays(source: Source) -> Workdays:
    """`[workdays]`. Raises BadSheet."""
    require_known_keys(source, _WORKDAYS_KEYS, "workdays")
    names = text_list(source, "weekdays") if "weekdays" in source else WEEKDAYS[:5]
    if not names or not set(names) <= set(WEEKDAYS):
        raise BadSheet(f"weekdays are some of {', '.join(WEEKDAYS)}", ("weekdays",))
    closed_on = source.get("closed_on", [])
    if not all(type(on) is date for on in closed_on):
        raise BadSheet("closed_on is not a list of dates like 2026-11-22", ("closed_on",))
    return Workdays(
        weekdays=frozenset(WEEKDAYS.index(name) for name in names),
        closed_on=frozenset(closed_on),
        closed_each_year=frozenset(_in_year(text) for text in text_list(source, "closed_each_year")),
        open_on_holidays=source.get("open_on_holidays", False),
        open_at_year_end=source.get("open_at_year_end", False),
    )


def _in_year(text: str) -> tuple[int, int]:
    try:
        on = date.fromisoformat(f"{_LEAP_YEAR}-{text}")
    except ValueError:
        raise BadSheet(f'{text!r} is no day of every year, such as "10-01"', ("closed_each_year",)) from None
    return on.month, on.day


def load_window(source: Source, work: Workdays) -> ReceptionWindow:
    """`[window]`. Raises BadSheet."""
    require_known_keys(source, _WINDOW_KEYS, "a window", needed="fact source checked_on")
    _date_of_the_move(source["fact"], "fact")
    return ReceptionWindow(
        fact=source["fact"],
        earliest=_lead(source, "earliest_"),
        latest=_lead(source, "latest_"),
        cut_off=source.get("cut_off"),
        workdays_only=source.get("workdays_only", False),
        workdays=work,
        source=source["source"],
        checked_on=source["checked_on"],
    )


def load_rules(source: Source, work: Workdays) -> ProcedureRules:
    """`[rules]`. Raises BadSheet."""
    require_known_keys(source, _RULES_KEYS, "rules", needed="source checked_on")
    return ProcedureRules(
        source=source["source"],
        checked_on=source["checked_on"],
        attendance=_part(source, "attendance", _attendance),
        slots=_part(source, "slots", _slots),
        fee=_part(source, "fee", _fee),
        change_until=_part(source, "change_until", lambda part: _deadline(part, work, "change_until")),
        withdraw_until=_part(source, "withdraw_until", lambda part: _deadline(part, work, "withdraw_until")),
        without_number=_part(source, "without_number", _without_number),
        notes=text_list(source, "notes"),
    )


def _part(source: Source, key: str, read: Callable[[Source], T]) -> T | None:
    if key not in source:
        return None
    try:
        return read(source[key])
    except BadSheet as error:
        raise BadSheet(f"{key}: {error}", (key, *error.place)) from error


def _lead(source: Source, prefix: str) -> LeadTime | None:
    given = [name for name in _LEADS if prefix + name in source]
    if not given:
        return None
    if len(given) > 1:
        raise BadSheet(f"{prefix}{given[0]} and {prefix}{given[1]} exclude each other", (prefix + given[1],))
    key, unit = prefix + given[0], _LEADS[given[0]]
    lowest = -_FURTHEST if unit == "day" else 0
    if not lowest <= source[key] <= _FURTHEST:
        raise BadSheet(f"{key} is not between {lowest} and {_FURTHEST}", (key,))
    return LeadTime(source[key], unit)


def _date_of_the_move(name: str, key: str) -> None:
    try:
        if fact_named(name).kind != "date":
            raise BadSheet(f"a window counts from a date, and {name!r} is none", (key,))
    except UnknownFact:
        dates = [each.name for each in CATALOGUE.values() if each.kind == "date"]
        raise BadSheet(f"there is no fact {name!r}; {did_you_mean(name, dates)}", (key,)) from None


def _attendance(source: Source) -> AttendanceRule:
    require_known_keys(source, {"needed": str, "words": str, "minutes": int}, "attendance", needed="needed")
    needed = one_of(source, "needed", get_args(Needed))
    if needed == "when" and not source.get("words"):
        raise BadSheet("words have to say when", ("needed",))
    return AttendanceRule(needed, source.get("words", ""), source.get("minutes"))


def _slots(source: Source) -> VisitSlots:
    require_known_keys(source, {"choices": list, "wishes": int}, "slots", needed="choices")
    choices, wishes = text_list(source, "choices"), source.get("wishes", 1)
    if not 1 <= wishes <= min(_MOST_WISHES, len(choices)):
        raise BadSheet(f"wishes are 1 to {_MOST_WISHES}, and not more than choices", ("wishes",))
    return VisitSlots(choices, wishes)


def _fee(source: Source) -> FeeRule:
    require_known_keys(source, {"yen": int, "words": str}, "fee", needed="yen")
    if source["yen"] < 0:
        raise BadSheet("yen is below 0", ("yen",))
    return FeeRule(source["yen"], source.get("words", ""))


def _deadline(source: Source, work: Workdays, name: str) -> ProcedureDeadline:
    require_known_keys(source, {**dict.fromkeys(_LEADS, int), "before": list}, name, needed="before")
    before, lead = text_list(source, "before"), _lead(source, "")
    for name in before:
        _date_of_the_move(name, "before")
    if lead is None or lead.n < 0 or not before:
        raise BadSheet("days, business_days or months are needed, of 0 or more, before one date or several")
    return ProcedureDeadline(lead, before, work)


def _without_number(source: Source) -> WithoutNumber:
    require_known_keys(source, dict.fromkeys(("number", "way", "words"), str), "without_number", needed="number way")
    way = one_of(source, "way", get_args(NumberWay))
    if way != "may_be_blank" and not source.get("words"):
        raise BadSheet("words have to say what to do", ("way",))
    return WithoutNumber(source["number"], way, source.get("words", ""))
