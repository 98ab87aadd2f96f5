"""The published examples are what the code writes, and one story."""

from datetime import date, datetime
from typing import Any

import pytest

from renrakucho.sheet.fill import fill_sheet
from renrakucho.standard.schemas import FOLDER, schema_names, schema_validator
from renrakucho.standard.sheet import sheet_from
from tests.standard import story

EXAMPLES = dict(story.examples())
every_example = pytest.mark.parametrize("name", EXAMPLES)


@every_example
def test_the_file_is_what_the_code_writes(name: str) -> None:
    assert (FOLDER / f"{name}.example.json").read_text("utf-8") == story.written(EXAMPLES[name])


@every_example
def test_an_example_is_valid_by_its_schema(name: str) -> None:
    schema, document = name.partition(".")[0], EXAMPLES[name]
    assert list(schema_validator(schema).iter_errors(document)) == []
    assert document.get("document", "facts") == schema


def test_every_schema_has_an_example_and_no_file_is_left_over() -> None:
    assert {name.partition(".")[0] for name in EXAMPLES} == set(schema_names()) - {"parts"}
    assert {path.name for path in FOLDER.glob("*.example.json")} == {f"{name}.example.json" for name in EXAMPLES}


def test_the_example_notice_is_the_example_sheet_filled_with_its_facts() -> None:
    notice: dict[str, Any] = EXAMPLES["notice"]
    sheet = sheet_from(EXAMPLES["sheet"])
    answers = {line["name"]: line["text"] for line in notice["form"]["lines"] if line.get("own")}
    filled = fill_sheet(sheet, notice["facts"], answers)
    assert filled.pairs() == [(line["name"], line["text"]) for line in notice["form"]["lines"]]
    assert [line.shown for line in filled.lines] == [line["shown"] for line in notice["form"]["lines"]]


def test_the_sheet_takes_the_days_of_its_notices() -> None:
    window = sheet_from(EXAMPLES["sheet"]).window
    assert window
    for name in ("notice", "notice.replacing"):
        on = date.fromisoformat(EXAMPLES[name]["facts"]["move.leave_on"])
        assert window.takes(on, datetime.fromisoformat(EXAMPLES[name]["written_at"]))


def test_the_examples_refer_to_each_other() -> None:
    notice, replacing = EXAMPLES["notice"], EXAMPLES["notice.replacing"]
    assert replacing["replaces"] == notice["number"]
    assert EXAMPLES["withdrawal"]["number"] == replacing["number"]
    assert notice["form"]["sheet"] == EXAMPLES["sheet"]["sheet"]
    (provider,) = EXAMPLES["providers"]["providers"]
    assert provider["procedures"][0]["sheet"] == EXAMPLES["sheet"]["sheet"]
    keys = [document["key"] for document in EXAMPLES.values() if "key" in document]
    assert len(set(keys)) == len(keys)
    receipts = [document for name, document in EXAMPLES.items() if name.startswith("receipt.")]
    assert {receipt["number"] for receipt in receipts} == {notice["number"]}
