"""A notice as a document: by the schema, from the frozen form alone, with nothing lost."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.sheet.fill import CannotSay, fill_sheet
from renrakucho.sheet.filled import FilledLine, FilledSheet, TextChange
from renrakucho.sheet.form import Sheet
from renrakucho.standard.schemas import load_schema
from tests.providers.cast import SHEETS, sheet_id
from tests.providers.movers import movers
from tests.standard.cast import document, fillings, wrong

every_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=sheet_id)


def filled(facts: dict[str, str], **others: Any) -> FilledSheet:
    line = FilledLine("name", "お名前", "𠮷田　花子", "𠮷田　花子")
    made = FilledSheet("some-water/stop@1", "使用中止", "inbox", "UTF-8", (line,), facts=facts)
    return replace(made, **others)


@every_sheet
def test_every_form_becomes_a_document_by_the_schema(sheet: Sheet) -> None:
    documents = [document(one) for one in fillings(sheet)]
    assert documents
    assert [wrong(one) for one in documents] == [[]] * len(documents)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.sampled_from([sheet for sheet in SHEETS if sheet.encoding == "UTF-8"]), movers())
def test_any_mover_becomes_a_document_by_the_schema(sheet: Sheet, facts: dict[str, str]) -> None:
    answers = {blank.name: blank.choices[0][0] if blank.choices else blank.example for blank in sheet.own_items()}
    try:
        made = fill_sheet(sheet, facts, answers)
    except CannotSay:
        return
    assert wrong(document(made)) == []


@every_sheet
def test_a_notice_has_the_facts_of_the_form_and_no_others(sheet: Sheet) -> None:
    for one in fillings(sheet):
        told = document(one)["facts"]
        assert set(told) <= set(sheet.facts()) - {"return.url"}
        assert told == {name: text for name, text in one.facts.items() if text and CATALOGUE[name].kind != "code"}


@every_sheet
def test_a_notice_has_every_line_of_the_form(sheet: Sheet) -> None:
    for one in fillings(sheet):
        lines = document(one)["form"]["lines"]
        assert [(line["name"], line["text"]) for line in lines] == one.pairs()


def test_names_stand_as_typed_and_survive_being_written_as_json() -> None:
    typed = {"person.family_name": "𠮷野家", "person.given_name": "葛󠄀\ufa19"}
    again = json.loads(json.dumps(document(filled(typed)), ensure_ascii=False))
    assert again["facts"] == typed


def test_programs_get_codes_beside_the_facts() -> None:
    said = document(
        filled(
            {
                "contact.phone": "０９０−１２３４−５６７８",
                "origin.prefecture": "東京都",
                "origin.municipality": "千代田区",
                "origin.municipality_code": "13101",
                "holder.given_kana": "じん",
                "move.leave_on": "2026-12-05",
            }
        )
    )
    assert said["machine"] == {
        "contact.phone": {"e164": "+819012345678", "national": "090-1234-5678"},
        "origin.prefecture": {"code": "13"},
        "origin.municipality": {"lg_code": "131016"},
        "holder.given_kana": {"katakana": "ジン"},
    }
    assert said["facts"]["contact.phone"] == "０９０−１２３４−５６７８"


def test_a_number_that_is_not_understood_is_told_as_typed_alone() -> None:
    said = document(filled({"contact.phone": "+1 212 555 0100"}))
    assert (said["facts"], said["machine"]) == ({"contact.phone": "+1 212 555 0100"}, {})
    assert wrong(said) == []


def test_empty_members_are_left_out() -> None:
    said = document(filled({"origin.building": "", "origin.block": "1-2"}))
    assert said["facts"] == {"origin.block": "1-2"}
    assert {"replaces", "answer_url"}.isdisjoint(said)
    assert "contact" not in said["portal"]


def test_a_line_says_all_that_a_line_has() -> None:
    line = FilledLine("name", "お名前", "続", "続", own=True, hidden=True, goes_on=True)
    (told,) = document(filled({}, lines=(line,)))["form"]["lines"]
    assert told == asdict(line)
    assert set(told) == set(load_schema("notice")["properties"]["form"]["properties"]["lines"]["items"]["properties"])


def test_changes_and_the_clerks_page_and_the_replaced_notice_are_told() -> None:
    change = TextChange("お名前", "髙﨑", "高崎")
    said = document(
        filled({}, changes=(change,), way_back="https://hikkoshi.example/a/x"), replaces="111122223333", contact="03"
    )
    assert said["form"]["changes"] == [{"label": "お名前", "before": "髙﨑", "after": "高崎"}]
    assert (said["replaces"], said["answer_url"]) == ("111122223333", "https://hikkoshi.example/a/x")
    assert said["portal"]["contact"] == "03"
    assert wrong(said) == []


def test_moments_are_in_japans_time() -> None:
    assert document(filled({}))["written_at"] == "2026-11-23T09:05:00+09:00"


def test_a_withdrawal_says_which_notice_and_nothing_of_its_mover() -> None:
    said = document(filled({"person.family_name": "髙﨑"}, way_back="https://hikkoshi.example/a/x"), withdrawn=True)
    assert (said["document"], said["number"]) == ("withdrawal", "482913705166")
    assert {"facts", "machine", "form", "answer_url"}.isdisjoint(said)
    assert wrong(said) == []


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("number", "", "$.number"),
        ("written_at", "2026-11-23 09:05", "$.written_at"),
        ("procedure", "stop and start", "$.procedure"),
        ("facts", {"move.leave_on": "5.12.2026"}, "$.facts['move.leave_on']"),
        ("facts", {"origin.postal_code": "102-0074"}, "$.facts['origin.postal_code']"),
        ("machine", {"contact.phone": {"e164": "090"}}, "$.machine['contact.phone'].e164"),
        ("standard", "moving-notice/v2", "$.standard"),
    ],
)
def test_the_schema_finds_what_is_wrong(place: str, value: object, said: str) -> None:
    assert {finding.partition(": ")[0] for finding in wrong(document(filled({})) | {place: value})} == {said}


def test_a_name_that_the_schema_does_not_know_is_no_error() -> None:
    later = document(filled({})) | {"household": 3, "facts": {"move.time": "朝"}}
    assert wrong(later) == []
