"""Read the project's documents, and find what they name in the package."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "renrakucho"
FOLDERS = ("docs", "directory", "renrakucho", ".")


def documents() -> Iterator[tuple[str, str]]:
    """Each Markdown document of the project: its path, and its text."""
    paths = {path for folder in FOLDERS[:-1] for path in (ROOT / folder).rglob("*.md")} | set(ROOT.glob("*.md"))
    for path in sorted(paths):
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


@cache
def top_level_names(path: Path) -> frozenset[str]:
    """The functions, classes and constants that a module defines at its top level; its classes' members as `A.b`."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        names |= _bound_names(node)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{name}" for member in node.body for name in _bound_names(member)}
    return frozenset(names)


def _bound_names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}
