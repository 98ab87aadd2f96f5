"""Sheet document of the standard: a provider's form as JSON, and back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, time
from typing import Any

from renrakucho.sheet.assurance import USUAL_NUMBER, usual_check
from renrakucho.sheet.form import BY_PHONE, CARRIED, Blank, RuleCase, Sheet
from renrakucho.sheet.lead_time import LeadTime, Unit
from renrakucho.sheet.phrase import FactReference, Phrase
from renrakucho.sheet.rules import AttendanceRule, FeeRule, ProcedureRules, VisitSlots, WithoutNumber
from renrakucho.sheet.sheet_loader import build_sheet
from renrakucho.sheet.window import ProcedureDeadline, ReceptionWindow
from renrakucho.sheet.workdays import USUAL, WEEKDAYS, Workdays
from renrakucho.standard.schemas import STANDARD, without_empty

Members = dict[str, Any]

DELIVERED = "inbox"  # in TOML: the portal delivers, by the channel it has
_UNITS: Mapping[Unit, str] = {"day": "days", "business_day": "business_days", "month": "months"}
_BLANK = tuple(part.name for part in fields(Blank))
_WINDOW = ("fact", "workdays_only", "source")
_WORKDAYS = ("weekdays", "closed_each_year", "open_on_holidays", "open_at_year_end")
_DEADLINES = ("change_until", "withdraw_until")
_CARRIERS = {CARRIED: "mover", BY_PHONE: "phone"}  # else the portal
_RULE_PARTS: Mapping[str, type] = {
    "attendance": AttendanceRule,
    "slots": VisitSlots,
    "fee": FeeRule,
    "without_number": WithoutNumber,
}


def sheet_document(sheet: Sheet, provider_name: str) -> Members:
    """The form (sheet.schema.json). Shared code tables are written out, and empty members left out."""
    return without_empty(
        {
            "standard": STANDARD,
            "document": "sheet",
            "sheet": sheet.key,
            "provider": {"id": sheet.provider, "name": provider_name},
            "procedure": sheet.procedure,
            "version": sheet.version,
            "title": sheet.title,
            "carried_by": carrier_of(sheet),
            "encoding": sheet.encoding,
            "asked_there": list(sheet.asked_there),
            "change": sheet.change,
            "workdays": _workdays(_counted_in(sheet)),
            "window": _window(sheet.window) if sheet.window else {},
            "arriving_window": _window(sheet.arriving_window) if sheet.arriving_window else {},
            "rules": _rules(sheet.rules) if sheet.rules else {},
            "assurance": _assurance(sheet),
            "by_phone": sheet.by_phone,
            "cases": [_case(case) for case in sheet.cases],
            "blanks": [_blank(blank) for blank in sheet.blanks],
            "source": sheet.source,
            "checked_on": sheet.checked_on.isoformat(),
        }
    )


def sheet_from(document: Mapping[str, Any]) -> Sheet:
    """The form in a document that is valid by the schema; unknown members are skipped.

    Raises BadSheet for mistakes that a schema cannot find.
    """
    source = _select(document, ("title", "version", "encoding", "change", "source", "asked_there", "by_phone"))
    source["checked_on"] = date.fromisoformat(document["checked_on"])
    carriers = {carrier: channel for channel, carrier in _CARRIERS.items()}
    source["channel"] = carriers.get(document["carried_by"], DELIVERED)
    source["blank"] = [_blank_source(blank) for blank in document["blanks"]]
    for name, read in _RULE_TABLES.items():
        if name in document:
            source[name] = read(document[name])
    if "assurance" in document:
        source["assurance"] = _select(document["assurance"], ("number", "check", "login"))
    source["case"] = [_case_source(case) for case in document.get("cases", ())]
    return build_sheet(source, document["provider"]["id"], document["procedure"])


def _assurance(sheet: Sheet) -> Members:
    """The members that differ from the usual: the document of a form that says nothing stays as it was."""
    rule = sheet.assurance
    return without_empty(
        {
            "number": "" if rule.number == USUAL_NUMBER else rule.number,
            "check": "" if rule.check == usual_check(sheet.procedure) else rule.check,
            "login": list(rule.login),
        }
    )


def carrier_of(sheet: Sheet) -> str:
    """Who carries a notice of this form: the mover, the phone or the portal."""
    return _CARRIERS.get(sheet.channel, "portal")


def _case(case: RuleCase) -> Members:
    return without_empty(
        {
            "municipalities": list(case.municipalities),
            "channel": case.channel,
            "by_phone": case.by_phone,
            "window": _window(case.window) if case.window else {},
            "rules": _rules(case.rules) if case.rules else {},
        }
    )


def _case_source(case: Mapping[str, Any]) -> Members:
    members = _select(case, ("municipalities", "channel", "by_phone"))
    for name, read in (("window", _window_source), ("rules", _rules_source)):
        if name in case:
            members[name] = read(case[name])
    return members


def phrase_text(phrase: Phrase) -> str:
    """The source text of a phrase."""
    return "".join(_part_text(part) for part in phrase.parts)


def _part_text(part: str | FactReference | Phrase) -> str:
    if isinstance(part, FactReference):
        return "{" + "|".join((part.fact, *part.filters)) + "}"
    return part if isinstance(part, str) else f"[{phrase_text(part)}]"


def _blank(blank: Blank) -> Members:
    members: Members = {name: getattr(blank, name) for name in _BLANK}
    members["say"] = phrase_text(blank.say) if blank.say else ""
    members["choices"] = [{"code": code, "word": word} for code, word in blank.choices]
    # An empty fixed text is kept: the field is sent empty.
    fixed = {} if blank.fixed is None else {"fixed": blank.fixed}
    return without_empty(members) | fixed


def _blank_source(blank: Mapping[str, Any]) -> Members:
    members = _select(blank, _BLANK)
    if "choices" in members:
        members["choices"] = [[choice["code"], choice["word"]] for choice in members["choices"]]
    return members


def _window(window: ReceptionWindow) -> Members:
    return without_empty(
        {
            "fact": window.fact,
            "earliest": _lead(window.earliest) if window.earliest else {},
            "latest": _lead(window.latest) if window.latest else {},
            "cut_off": f"{window.cut_off:%H:%M}" if window.cut_off else "",
            "workdays_only": window.workdays_only,
            "source": window.source,
            "checked_on": window.checked_on.isoformat() if window.checked_on else "",
        }
    )


def _window_source(window: Mapping[str, Any]) -> Members:
    members = _select(window, _WINDOW)
    for bound in ("earliest", "latest"):
        members |= {f"{bound}_{unit}": n for unit, n in _select(window.get(bound, {}), _UNITS.values()).items()}
    if "cut_off" in window:
        members["cut_off"] = time.fromisoformat(window["cut_off"])
    return members | {"checked_on": date.fromisoformat(window["checked_on"])}


def _rules(rules: ProcedureRules) -> Members:
    parts = {name: getattr(rules, name) for name in _RULE_PARTS}
    members: Members = {name: _without_none(vars(part)) for name, part in parts.items() if part}
    for name in _DEADLINES:
        until = getattr(rules, name)
        if until:
            members[name] = _deadline(until)
    if rules.answer_within:
        members["answer_within"] = _lead(rules.answer_within.lead)
    if rules.notes:
        members["notes"] = list(rules.notes)
    return members | {"source": rules.source, "checked_on": rules.checked_on.isoformat()}


def _rules_source(rules: Mapping[str, Any]) -> Members:
    members = _select(rules, ("source", "notes"))
    for name, part in _RULE_PARTS.items():
        if name in rules:
            members[name] = _select(rules[name], [one.name for one in fields(part)])
    for name in _DEADLINES:
        if name in rules:
            members[name] = _select(rules[name], (*_UNITS.values(), "before"))
    if "answer_within" in rules:
        members["answer_within"] = _select(rules["answer_within"], _UNITS.values())
    return members | {"checked_on": date.fromisoformat(rules["checked_on"])}


def _deadline(deadline: ProcedureDeadline) -> Members:
    return {**_lead(deadline.lead), "before": list(deadline.before)}


def _lead(lead: LeadTime) -> Members:
    return {_UNITS[lead.unit]: lead.n}


def _counted_in(sheet: Sheet) -> Workdays:
    parts: tuple[Sheet | RuleCase, ...] = (sheet, *sheet.cases)
    for part in parts:
        for window in (part.window, sheet.arriving_window):
            if window:
                return window.workdays
        for until in (part.rules.change_until, part.rules.withdraw_until) if part.rules else ():
            if until:
                return until.workdays
    return USUAL


def _workdays(workdays: Workdays) -> Members:
    if workdays == USUAL:
        return {}
    return {
        "weekdays": [WEEKDAYS[day] for day in sorted(workdays.weekdays)],
        "closed_each_year": [f"{month:02d}-{day:02d}" for month, day in sorted(workdays.closed_each_year)],
        "closed_on": [on.isoformat() for on in sorted(workdays.closed_on)],
        "open_on_holidays": workdays.open_on_holidays,
        "open_at_year_end": workdays.open_at_year_end,
    }


def _workdays_source(workdays: Mapping[str, Any]) -> Members:
    closed_on = [date.fromisoformat(on) for on in workdays.get("closed_on", ())]
    return _select(workdays, _WORKDAYS) | {"closed_on": closed_on}


def _select(members: Mapping[str, Any], names: Iterable[str]) -> Members:
    return {name: members[name] for name in names if name in members}


def _without_none(members: Mapping[str, Any]) -> Members:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in members.items()
        if value not in (None, "")
    }


_RULE_TABLES: Mapping[str, Callable[[Mapping[str, Any]], Members]] = {
    "workdays": _workdays_source,
    "window": _window_source,
    "arriving_window": _window_source,
    "rules": _rules_source,
}
