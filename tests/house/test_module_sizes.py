"""A module is one idea: not longer than can be read at once, not so short that it is a fragment."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
SHORT = 30  # a module of fewer lines needs a reason
MOST_SHORT_MODULES = 15
DJANGO = "Django looks for models.py in an app"
URLS = "the addresses of one face, included by config.urls"
SHORT_MODULES = {
    "channel/inbox/inbox_channel.py": "a channel is one folder",
    "config/urls.py": "the addresses of all faces",
    "config/wsgi.py": "the entry that Django and its tests load",
    "faces/answer/urls.py": URLS,
    "faces/api/urls.py": URLS,
    "faces/directory/api/urls.py": URLS,
    "faces/directory/urls.py": URLS,
    "faces/relay/urls.py": URLS,
    "faces/standard/urls.py": URLS,
    "lib/capability_urls.py": "a table that our log, its tests and docs/running.md share",
    "lib/signing.py": "returns of a form and messages between portals are signed alike",
    "lib/throttle/models.py": DJANGO,
    "sheet/code_tables.py": "data that sheets, papers and the standard share",
}


def modules(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


CODE = modules("renrakucho", "sandbox", "bootstrap")
PACKAGE = [path for path in modules("renrakucho") if "management" not in path.parts and path.name != "__init__.py"]


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_is_too_long() -> None:
    long = [path for path in CODE + modules("tests", "benchmarks") if line_count(path) > LONGEST_MODULE]
    assert [f"{name(path)}: {line_count(path)}" for path in long] == []


def long_functions(source: str) -> list[str]:
    functions = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return [node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION]


def test_no_function_is_too_long() -> None:
    assert len(CODE) > 400
    found = {name(path): long_functions(path.read_text(encoding="utf-8")) for path in CODE}
    assert {module: functions for module, functions in found.items() if functions} == {}


@pytest.mark.parametrize(("lines", "found"), [(48, []), (49, ["one"])])
def test_a_function_of_more_than_fifty_lines_is_found(lines: int, found: list[str]) -> None:
    assert long_functions("def one():\n    pass\n" + "    pass\n" * lines) == found


def test_a_short_module_has_a_reason() -> None:
    short = {str(path.relative_to(ROOT / "renrakucho")) for path in PACKAGE if line_count(path) < SHORT}
    assert short - SHORT_MODULES.keys() == set(), "merge them, or give a reason in SHORT_MODULES"
    assert SHORT_MODULES.keys() - short == set(), "these are short no more: take them out of SHORT_MODULES"
    assert len(short) <= MOST_SHORT_MODULES


def test_packages_hold_nothing_themselves() -> None:
    packages = [path for path in CODE + modules("tests", "benchmarks") if path.name == "__init__.py"]
    assert packages
    assert [name(path) for path in packages if line_count(path)] == []
