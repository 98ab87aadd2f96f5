"""The check that another portal's engineer runs: which place, which line, in plain words."""

import io
import json
import sys
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from renrakucho.standard.document_check import check_document
from renrakucho.standard.schemas import FOLDER
from renrakucho.standard.sheet import sheet_document
from tests.providers.cast import SHEETS
from tests.standard import story
from tests.standard.cast import CALLED, FULL, document, fillings

EXAMPLES = dict(story.examples())


def changed(name: str, *steps: Any, to: Any = None) -> dict[str, Any]:
    """An example with one place changed, or removed where `to` is None."""
    made: Any = deepcopy(EXAMPLES[name])
    within = made
    for step in steps[:-1]:
        within = within[step]
    if to is None:
        del within[steps[-1]]
    else:
        within[steps[-1]] = to
    return made  # type: ignore[no-any-return]


def found(given: Any, kind: str = "") -> list[str]:
    source = given if isinstance(given, bytes) else json.dumps(given, ensure_ascii=False).encode()
    return [f"{one.place}{'?' if one.hint else ''}: {one.message}" for one in check_document(source, kind)[1]]


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "facts"])
def test_an_example_has_no_findings(name: str) -> None:
    assert check_document((FOLDER / f"{name}.example.json").read_bytes()) == (name.partition(".")[0], [])


def test_facts_alone_are_checked_when_asked_for() -> None:
    assert found(EXAMPLES["facts"], "facts") == []
    assert found(EXAMPLES["facts"])[0].startswith("/standard: ")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (changed("notice", "number"), ": «number» is missing"),
        (changed("notice", "procedure", to="Stop!"), '/procedure: "Stop!" is not of the form'),
        (
            changed("providers", "providers", 0, "procedures", 0, "procedure", to="move"),
            '/providers/0/procedures/0/procedure: is "move", and has to be one of stop, start, change',
        ),
        (changed("notice", "facts", "move.leave_on", to="5.12.2026"), '/facts/move.leave_on: "5.12.2026" is not a day'),
        (changed("notice", "facts", "move.leave_on", to="2026-02-30"), "/facts/move.leave_on: "),
        (changed("notice", "form", "lines", 0, "text", to=7), "/form/lines/0/text: is 7, and has to be a text"),
        (changed("notice", "portal", "name", to=""), "/portal/name: is empty"),
        (
            changed("notice", "key", to="二"),
            '/key: "二" is not of the form ^[!-~]{1,200}$: The same over every attempt',
        ),
        (changed("receipt.accepted", "by", to="portal"), '/by: is "portal", and has to be "provider"'),
        (changed("receipt.returned", "reason"), ": «reason» is missing"),
        (changed("receipt.accepted", "receipt_number", to="1" * 41), "/receipt_number: has 41 characters, and may"),
        (
            changed("sheet", "blanks", 0, "fixed", to="1"),
            "/blanks/0: exactly one of say, ask, fixed, rest_of",
        ),
        (changed("notice", "facts", "move.later", to=7), "/facts/move.later: is 7, and has to be a text"),
        (changed("sheet", "version", to=0), "/version: is 0, and has to be at least 1"),
        (
            changed("providers", "providers", 0, "serves", to="all"),
            '/providers/0/serves: is "all", and has to be',
        ),
    ],
)
def test_a_schema_error_is_told_in_a_sentence(given: dict[str, Any], said: str) -> None:
    (finding,) = (one for one in found(given) if not one.partition(":")[0].endswith("?"))
    assert finding.startswith(said)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (changed("notice", "form", "sheet", to="other/stop@1"), "/form/sheet: "),
        (changed("notice", "machine", "contact.phone", "e164", to="+81300000000"), "/machine/contact.phone/e164: "),
        (
            changed("notice", "facts", "contact.phone"),
            "/machine/contact.phone/e164: the facts do not say",
        ),
        (changed("notice", "machine", "origin.municipality", "lg_code", to="131010"), "/machine/origin.municipality/"),
        (changed("sheet", "blanks", 0, "say", to="{person.hobby}"), "/blanks/0/say: "),
        (changed("sheet", "blanks", 0, "say", to="{holder.family_name|loud}"), "/blanks/0/say: "),
        (changed("sheet", "encoding", to="EBCDIC"), "/encoding: "),
        (changed("sheet", "version", to=3), "/version: is 3, and the sheet is called mihon-water/stop@2"),
        (changed("providers", "providers", 0, "serves", 0, "lg_code", to="131010"), "/providers/0/serves/0/lg_code: "),
        (changed("providers", "providers", 0, "serves", 1, "towns"), "/providers/0/serves/1: extent is «listed»"),
        (changed("providers", "providers", to=EXAMPLES["providers"]["providers"] * 2), "/providers/1/id: "),
    ],
)
def test_contradictions_beyond_the_schema_are_found(given: dict[str, Any], said: str) -> None:
    assert found(given)[0].startswith(said)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (changed("notice", "colour", to="blue"), "/colour?"),
        (changed("notice", "form", "lines", 0, "colour", to="blue"), "/form/lines/0/colour?"),
        (changed("notice", "facts", "person.hobby", to="登山"), "/facts/person.hobby?"),
        (changed("receipt.accepted", "kind", to="scheduled"), "/kind?"),
    ],
)
def test_an_unknown_member_is_a_hint_and_no_error(given: dict[str, Any], place: str) -> None:
    (finding,) = found(given)
    assert finding.partition(":")[0] == place


def test_our_own_documents_have_no_unknown_member() -> None:
    for sheet in (FULL, CALLED, *SHEETS):
        assert found(sheet_document(sheet, "ある水道局")) == []
        assert [found(document(one)) for one in fillings(sheet)] == [[] for _one in fillings(sheet)]


def test_members_that_begin_with_x_are_allowed() -> None:
    assert found(changed("notice", "x-mihon-branch", to={"any": ["thing"]})) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b'{"a": 1,\n "b": c}', ": not JSON: line 2, column 7: Expecting value"),
        (b'{"a": 1, "a": 2}', ": «a» stands twice in one object"),
        (b'{"a": NaN}', ": NaN is no number of JSON"),
        (b"\xef\xbb\xbf{}", ": begins with a byte order mark"),
        ("{}".encode("utf-16"), ": not UTF-8: byte 1 cannot be read"),
        (b"[" * 100_000, ": is nested deeper than any document of the standard"),
        (b'{"standard": "moving-notice/v1", "document": "notice", "facts": ' + b"[" * 500 + b"]" * 500 + b"}", ": "),
        (b"[]", ": is not an object"),
        (b"{}", "/standard: has to be «moving-notice/v1» for this check, and is missing"),
        (b'{"standard": "moving-notice/v1", "document": "parts"}', '/document: is "parts", and has to be one of'),
        (b'{"standard": "moving-notice/v1", "document": ["x"]}', '/document: is ["x"], and has to be one of'),
    ],
)
def test_bytes_that_are_no_document_are_one_finding(source: bytes, said: str) -> None:
    assert found(source)[0].startswith(said)


def test_the_line_of_each_finding_is_told() -> None:
    source = (FOLDER / "notice.example.json").read_text("utf-8").replace("2026-12-04", "4.12.2026", 1)
    (finding,) = check_document(source.encode())[1]
    assert "4.12.2026" in source.splitlines()[finding.line - 1]
    assert str(finding).startswith(f"line {finding.line}, /facts/move.leave_on: ")


def test_the_command_names_file_line_and_place_and_ends_with_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = tmp_path / "bad.json", FOLDER / "sheet.example.json"
    bad.write_text(json.dumps(changed("notice", "number"), indent=1), "utf-8")
    with pytest.raises(CommandError, match="1 to put right"):
        call_command("standard", "check", str(bad), str(good))
    said = capsys.readouterr().out
    assert f"{bad}: line 1, the document: «number» is missing" in said
    assert f"{good}: keeps «sheet» of moving-notice/v1" in said


def test_the_command_reads_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = json.dumps(EXAMPLES["withdrawal"]).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(source)))
    call_command("standard", "check", "-")
    assert "keeps «withdrawal»" in capsys.readouterr().out


def test_the_command_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("standard", "check", str(tmp_path / "none.json"))
