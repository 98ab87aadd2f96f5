"""Loader of `[workdays]`, `[window]` and `[rules]` of a sheet. form.py shows them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from renrakucho.fact.catalogue import CATALOGUE, UnknownFact, fact_named
from renrakucho.lib.message_text import did_you_mean
from renrakucho.sheet.lead_time import LeadTime, Unit
from renrakucho.sheet.rules import AnswerPromise, AttendanceRule, FeeRule, ProcedureRules, VisitSlots, WithoutNumber
from renrakucho.sheet.toml_keys import BadSheet, checked_table, read_nested
from renrakucho.sheet.toml_tables import (
    AnswerWithinTable,
    AttendanceTable,
    DeadlineTable,
    FeeTable,
    RulesTable,
    SlotsTable,
    WindowTable,
    WithoutNumberTable,
    WorkdaysTable,
)
from renrakucho.sheet.window import ProcedureDeadline, ReceptionWindow
from renrakucho.sheet.workdays import WEEKDAYS, Workdays

Source = Mapping[str, Any]  # a table as tomllib reads it, unchecked

_LEAP_YEAR = 2024  # 02-29 is a day too
_LEADS: Mapping[str, Unit] = {"days": "day", "business_days": "business_day", "months": "month"}
_FURTHEST = 731  # days, also where business days or months are meant: beyond, it is a slip of the pen
_MOST_WISHES = 3


def load_workdays(source: Source) -> Workdays:
    """Load `[workdays]`. Raises BadSheet."""
    table = checked_table(source, WorkdaysTable, "workdays")
    names = tuple(table.get("weekdays", WEEKDAYS[:5]))
    if not names or not set(names) <= set(WEEKDAYS):
        raise BadSheet(f"weekdays are some of {', '.join(WEEKDAYS)}", ("weekdays",))
    return Workdays(
        weekdays=frozenset(WEEKDAYS.index(name) for name in names),
        closed_on=frozenset(table.get("closed_on", ())),
        closed_each_year=frozenset(_month_and_day(text) for text in table.get("closed_each_year", ())),
        open_on_holidays=table.get("open_on_holidays", False),
        open_at_year_end=table.get("open_at_year_end", False),
    )


def _month_and_day(text: str) -> tuple[int, int]:
    try:
        on = date.fromisoformat(f"{_LEAP_YEAR}-{text}")
    except ValueError:
        raise BadSheet(f'{text!r} is no day of every year, such as "10-01"', ("closed_each_year",)) from None
    return on.month, on.day


def load_window(source: Source, work: Workdays) -> ReceptionWindow:
    """Load `[window]`. Raises BadSheet."""
    table = checked_table(source, WindowTable, "a window")
    _require_date_fact(table["fact"], "fact")
    return ReceptionWindow(
        fact=table["fact"],
        earliest=_lead_time(table, "earliest_"),
        latest=_lead_time(table, "latest_"),
        cut_off=table.get("cut_off"),
        workdays_only=table.get("workdays_only", False),
        workdays=work,
        source=table["source"],
        checked_on=table["checked_on"],
    )


def load_rules(source: Source, work: Workdays) -> ProcedureRules:
    """Load `[rules]`. Raises BadSheet."""
    table = checked_table(source, RulesTable, "rules")
    return ProcedureRules(
        source=table["source"],
        checked_on=table["checked_on"],
        attendance=read_nested(source, "attendance", _attendance),
        slots=read_nested(source, "slots", _slots),
        fee=read_nested(source, "fee", _fee),
        change_until=read_nested(source, "change_until", lambda part: _deadline(part, work, "change_until")),
        withdraw_until=read_nested(source, "withdraw_until", lambda part: _deadline(part, work, "withdraw_until")),
        without_number=read_nested(source, "without_number", _without_number),
        answer_within=read_nested(source, "answer_within", lambda part: _answer_within(part, work)),
        notes=tuple(table.get("notes", ())),
    )


def _lead_time(table: Mapping[str, object], prefix: str) -> LeadTime | None:
    given = [
        (prefix + name, unit, n) for name, unit in _LEADS.items() if isinstance(n := table.get(prefix + name), int)
    ]
    if not given:
        return None
    if len(given) > 1:
        raise BadSheet(f"{given[0][0]} and {given[1][0]} exclude each other", (given[1][0],))
    ((key, unit, n),) = given
    lowest = -_FURTHEST if unit == "day" else 0
    if not lowest <= n <= _FURTHEST:
        raise BadSheet(f"{key} is not between {lowest} and {_FURTHEST}", (key,))
    return LeadTime(n, unit)


def _require_date_fact(name: str, key: str) -> None:
    try:
        if fact_named(name).kind != "date":
            raise BadSheet(f"a window counts from a date, and {name!r} is none", (key,))
    except UnknownFact:
        dates = [each.name for each in CATALOGUE.values() if each.kind == "date"]
        raise BadSheet(f"there is no fact {name!r}; {did_you_mean(name, dates)}", (key,)) from None


def _attendance(source: Source) -> AttendanceRule:
    table = checked_table(source, AttendanceTable, "attendance")
    if table["needed"] == "when" and not table.get("words"):
        raise BadSheet("words have to say when", ("needed",))
    return AttendanceRule(table["needed"], table.get("words", ""), table.get("minutes"))


def _slots(source: Source) -> VisitSlots:
    table = checked_table(source, SlotsTable, "slots")
    choices, wishes = tuple(table["choices"]), table.get("wishes", 1)
    if not 1 <= wishes <= min(_MOST_WISHES, len(choices)):
        raise BadSheet(f"wishes are 1 to {_MOST_WISHES}, and not more than choices", ("wishes",))
    return VisitSlots(choices, wishes)


def _fee(source: Source) -> FeeRule:
    table = checked_table(source, FeeTable, "fee")
    if table["yen"] < 0:
        raise BadSheet("yen is below 0", ("yen",))
    return FeeRule(table["yen"], table.get("words", ""))


def _deadline(source: Source, work: Workdays, where: str) -> ProcedureDeadline:
    table = checked_table(source, DeadlineTable, where)
    before, lead = tuple(table["before"]), _lead_time(table, "")
    for fact in before:
        _require_date_fact(fact, "before")
    if lead is None or lead.n < 0 or not before:
        raise BadSheet("days, business_days or months are needed, of 0 or more, before one date or several")
    return ProcedureDeadline(lead, before, work)


def _answer_within(source: Source, work: Workdays) -> AnswerPromise:
    lead = _lead_time(checked_table(source, AnswerWithinTable, "answer_within"), "")
    if lead is None or lead.n < 0:
        raise BadSheet("days or business_days are needed, of 0 or more")
    return AnswerPromise(lead, work)


def _without_number(source: Source) -> WithoutNumber:
    table = checked_table(source, WithoutNumberTable, "without_number")
    if table["way"] != "may_be_blank" and not table.get("words"):
        raise BadSheet("words have to say what to do", ("way",))
    return WithoutNumber(table["number"], table["way"], table.get("words", ""))
