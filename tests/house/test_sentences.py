"""Docstrings can be read without their neighbours, and test modules without each other."""

import ast
from collections.abc import Iterator

from tests.house.documents import ROOT

STARTS = ("What ", "The same")


def parsed(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Each Python file of the folders, migrations left out: its path and its tree."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def dependent_docstrings(tree: ast.Module) -> list[str]:
    """The first lines of docstrings that begin as if another docstring stood before them."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    texts = (ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, documented))
    return [text.partition("\n")[0] for text in texts if text.startswith(STARTS)]


def imported_tests(tree: ast.Module) -> list[str]:
    """The test modules that a module imports from."""
    modules = (node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return [name for name in modules if name.startswith("tests.") and name.rpartition(".")[2].startswith("test_")]


def test_a_docstring_stands_alone() -> None:
    files = list(parsed("renrakucho", "sandbox", "bootstrap", "benchmarks"))
    assert files
    found = [f"{name}: {line}" for name, tree in files for line in dependent_docstrings(tree)]
    assert found == []


def test_no_test_module_imports_another() -> None:
    files = list(parsed("tests", "benchmarks"))
    assert files
    found = [f"{name} imports {module}" for name, tree in files for module in imported_tests(tree)]
    assert found == []


def test_a_dependent_docstring_is_found() -> None:
    source = '"""What it does."""\ndef a():\n    """The same for b."""\ndef b():\n    """Whatever it does."""'
    assert dependent_docstrings(ast.parse(source)) == ["What it does.", "The same for b."]


def test_an_import_of_a_test_module_is_found() -> None:
    source = "from tests.desk.test_list import shown\nfrom tests.desk.cast import clerk\nimport json"
    assert imported_tests(ast.parse(source)) == ["tests.desk.test_list"]
