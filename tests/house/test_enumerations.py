"""Statuses, procedures and industries: one enumeration each, with its labels, and no second list of them anywhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import renrakucho
from renrakucho.notice.models import Procedure, Status
from renrakucho.provider.models import Industry
from renrakucho.sheet.procedure import PROCEDURES

PACKAGE = Path(renrakucho.__file__).parent
# A Literal for the type checker, and the labels, in plain Python: notice.models.Procedure takes both from there.
HOME_OF_PROCEDURES = "sheet/procedure.py"


def lists_of(values: set[str]) -> Iterator[str]:
    """Where one tuple, list, set, dict or Literal of the package holds all of these texts. Migrations are history."""
    for path in PACKAGE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            texts: list[ast.expr | None] = []
            if isinstance(node, ast.Tuple | ast.List | ast.Set):
                texts = [*node.elts]
            elif isinstance(node, ast.Dict) and not any(isinstance(value, ast.Tuple) for value in node.values):
                texts = [*node.keys]  # of labels; a table of tuples has something else to say of each
            if values <= {text.value for text in texts if isinstance(text, ast.Constant)}:
                yield str(path.relative_to(PACKAGE))


@pytest.mark.parametrize(
    ("enumeration", "homes"), [(Status, set()), (Industry, set()), (Procedure, {HOME_OF_PROCEDURES})]
)
def test_there_is_no_second_list(enumeration: type[Status | Industry | Procedure], homes: set[str]) -> None:
    assert set(lists_of(set(enumeration.values))) == homes


def test_the_search_finds_a_list() -> None:
    assert set(lists_of({"never", "always", "when"})) == {"faces/book/rule_texts.py", "sheet/rules.py"}


def test_the_procedures_of_sheets_are_those_of_notices() -> None:
    assert list(PROCEDURES) == Procedure.values
