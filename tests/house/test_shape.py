"""Small modules, small functions, plain names."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
# Names that take in anything, so that nobody knows what belongs there.
EMPTY_NAMES = {"utils", "util", "helpers", "services", "core", "common", "misc", "manager", "managers"}


def modules(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


CODE = modules("renrakucho", "sandbox", "bootstrap")


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_is_too_long() -> None:
    assert [f"{name(path)}: {lines(path)}" for path in CODE + modules("tests") if lines(path) > LONGEST_MODULE] == []


@pytest.mark.parametrize("path", CODE, ids=name)
def test_no_function_is_too_long(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION]
    assert long == []


def test_packages_hold_nothing_themselves() -> None:
    assert [name(path) for path in CODE + modules("tests") if path.name == "__init__.py" and lines(path)] == []


def test_names_say_what_is_inside() -> None:
    assert [name(path) for path in CODE if EMPTY_NAMES & {path.stem, path.parent.name}] == []
