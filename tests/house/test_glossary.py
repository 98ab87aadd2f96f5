"""docs/glossary.md is true, and names every room. `python -m tests.house.glossary --write` mends files that moved."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.house.glossary import GLOSSARY, GlossaryRow, glossary_rows, row_problem, with_found_file
from tests.house.rooms import MAY_USE

PACKAGE = Path(__file__).resolve().parents[2] / "renrakucho"
TEXT = GLOSSARY.read_text(encoding="utf-8")
ROWS = glossary_rows(TEXT)
ROOMS = [*MAY_USE, "config", *(f"faces/{path.parent.name}" for path in sorted(PACKAGE.glob("faces/*/__init__.py")))]
# The usual names by which somebody who has never seen the house looks for a pattern.
SEARCHED = (
    *("address verification", "audit log", "backoff", "bulk action", "cursor pagination", "double submit", "ETag"),
    *("envelope encryption", "evidence", "golden file", "idempotency key", "jitter", "lease", "mutation run", "outbox"),
    *("rate limit", "retry policy", "saved form", "session expiry", "SSRF", "state machine", "TOTP", "two-factor"),
)
RIGHT = GlossaryRow(1, "操作の記録", ("log_action",), "Audit log", "renrakucho/provider/audit_log.py")


def test_each_row_names_what_its_file_defines() -> None:
    found = {f"docs/glossary.md:{row.line}": row_problem(row) for row in ROWS}
    assert {row: problem for row, problem in found.items() if problem} == {}


def test_every_line_of_the_tables_is_read_as_a_row() -> None:
    lines = [line for line in TEXT.splitlines() if line.startswith("|")]
    assert len(ROWS) > 80
    assert len(ROWS) == len(lines) - 2 * 2  # two tables, each with a head and a rule


def test_a_name_has_one_row() -> None:
    names = [name for row in ROWS for name in row.names]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_in_the_glossary(room: str) -> None:
    assert any(row.file.startswith(f"renrakucho/{room}/") for row in ROWS)


@pytest.mark.parametrize("term", SEARCHED)
def test_the_usual_name_of_a_pattern_is_found(term: str) -> None:
    assert any(term.lower() in row.pattern.lower() for row in ROWS)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (RIGHT, ""),
        (replace(RIGHT, pattern=""), "a cell is empty"),
        (replace(RIGHT, names=()), "a cell is empty"),
        (replace(RIGHT, file="renrakucho/provider/trace.py"), "there is no file renrakucho/provider/trace.py"),
        (
            replace(RIGHT, names=("log_action", "write_trace")),
            "renrakucho/provider/audit_log.py does not define write_trace",
        ),
    ],
)
def test_a_wrong_row_is_reported(row: GlossaryRow, problem: str) -> None:
    assert row_problem(row) == problem


def test_a_name_that_moved_is_found() -> None:
    moved = replace(RIGHT, file="renrakucho/provider/staff.py")
    assert with_found_file(moved) == RIGHT
    unknown = replace(moved, names=("write_trace",))
    assert with_found_file(unknown) == unknown
