"""A provider's form as a document, and back: nothing is lost on the way."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from renrakucho.sheet.filters import FILTERS
from renrakucho.sheet.form import Blank, RuleCase, Sheet
from renrakucho.sheet.phrase import parse_phrase
from renrakucho.sheet.rules import AttendanceRule, FeeRule, ProcedureRules, VisitSlots, WithoutNumber
from renrakucho.sheet.toml_keys import BadSheet
from renrakucho.sheet.window import ReceptionWindow
from renrakucho.standard.schemas import load_schema
from renrakucho.standard.sheet import phrase_text, sheet_document, sheet_from
from tests.providers.cast import SHEETS, sheet_id
from tests.standard.cast import BOUND, CALLED, FULL, wrong

every_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=sheet_id)


def told(sheet: Sheet) -> dict[str, Any]:
    """As it arrives at the other side."""
    made: dict[str, Any] = json.loads(json.dumps(sheet_document(sheet, "ある水道局")))
    return made


@every_sheet
def test_every_sheet_is_a_document_by_the_schema(sheet: Sheet) -> None:
    assert wrong(told(sheet)) == []


@pytest.mark.parametrize("sheet", [FULL, CALLED, *SHEETS], ids=lambda sheet: sheet.key)
def test_a_sheet_comes_back_as_it_was(sheet: Sheet) -> None:
    assert sheet_from(told(sheet)) == sheet


def test_a_sheet_with_everything_in_it_is_by_the_schema() -> None:
    assert wrong(told(FULL)) == []


@every_sheet
def test_a_phrase_is_written_as_it_was_read(sheet: Sheet) -> None:
    phrases = [blank.say for blank in sheet.blanks if blank.say]
    assert phrases
    for phrase in phrases:
        assert parse_phrase(phrase_text(phrase)) == phrase


def test_members_of_a_later_version_are_skipped() -> None:
    later = told(FULL) | {"colour": "blue"}
    later["blanks"][0]["colour"] = later["window"]["colour"] = later["rules"]["colour"] = "blue"
    later["rules"]["fee"]["colour"] = later["workdays"]["colour"] = "blue"
    assert wrong(later) == []
    assert sheet_from(later) == FULL


def test_a_mistake_beyond_the_schema_is_still_refused() -> None:
    bad = told(FULL)
    bad["blanks"][0]["say"] = "{person.hobby}"
    assert wrong(bad) == []
    with pytest.raises(BadSheet, match=r"person\.hobby"):
        sheet_from(bad)


def test_a_sheet_that_asks_in_a_way_of_a_later_version_is_not_filled_in() -> None:
    later = told(FULL)
    later["blanks"][-1] = {"name": "photo", "label": "写真", "ask": "picture"}
    assert wrong(later) == []
    with pytest.raises(BadSheet, match="picture"):
        sheet_from(later)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("blanks", [{"name": "a", "label": "b"}]),
        ("blanks", [{"name": "a", "label": "b", "fixed": "1", "say": "x"}]),
        ("window", {**BOUND, "earliest": {"days": 1, "months": 1}}),
        ("workdays", {"weekdays": []}),
        ("version", 0),
    ],
)
def test_the_schema_finds_what_is_wrong(place: str, value: object) -> None:
    assert wrong(told(FULL) | {place: value})


def test_the_standard_has_every_member_that_a_form_has() -> None:
    """Who adds a key to a form's files adds it to the published schema too, with its meaning."""
    blank = load_schema("sheet")["properties"]["blanks"]["items"]["properties"]
    rules = load_schema("sheet")["properties"]["rules"]["properties"]
    window = load_schema("sheet")["properties"]["window"]["properties"]
    assert {one.name for one in fields(Blank)} == set(blank)
    assert {one.name for one in fields(ProcedureRules)} == set(rules)
    assert {one.name for one in fields(ReceptionWindow)} == set(window) | {"workdays"}
    for name, part in (
        ("attendance", AttendanceRule),
        ("slots", VisitSlots),
        ("fee", FeeRule),
        ("without_number", WithoutNumber),
    ):
        assert {one.name for one in fields(part)} == set(rules[name]["properties"])
    sheet = {
        "arriving_window",
        "provider",
        "procedure",
        "title",
        "version",
        "checked_on",
        "source",
        "encoding",
        "asked_there",
        "change",
    }
    sheet |= {"window", "rules", "assurance", "by_phone", "cases"}
    case = load_schema("sheet")["properties"]["cases"]["items"]["properties"]
    assert {one.name for one in fields(RuleCase)} == set(case)
    assert {one.name for one in fields(Sheet)} == sheet | {"blanks", "channel"}
    assert sheet | {"blanks", "carried_by", "workdays"} <= set(load_schema("sheet")["properties"])


def test_the_schema_lists_every_filter() -> None:
    say = load_schema("sheet")["properties"]["blanks"]["items"]["properties"]["say"]
    assert list(say["x-ways"]) == list(FILTERS)


def test_a_sheet_document_says_who_carries_the_form() -> None:
    assert told(FULL)["carried_by"] == "portal"
    assert told(replace(FULL, channel="weblink"))["carried_by"] == "mover"
    assert told(CALLED)["carried_by"] == "phone"
    assert wrong(told(CALLED)) == []
