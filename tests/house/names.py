"""Measure how the package names things: names of one word, and names that several modules use.

usage: python -m tests.house.names    prints the two figures and the names behind them

A name is that of a top-level function or class which does not begin with an underscore; each definition counts once.
Left out: migrations, management commands and __init__.py. A name's words are its parts between underscores and at
capitals: `retry_policy` has two, `FaxLine` two, `TOTP` one. A name is shared when more than one module defines it.
"""

import ast
import re
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "renrakucho"
LEFT_OUT = {"migrations", "management"}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def word_count(name: str) -> int:
    """The number of words in a name."""
    return len(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name))


def defined_names(source: str) -> list[str]:
    """The public names that a module defines at its top level."""
    nodes = ast.parse(source).body
    return [node.name for node in nodes if isinstance(node, DEFINITIONS) and not node.name.startswith("_")]


def package_names(package: Path = PACKAGE) -> Counter[str]:
    """Every public name of the package, with the number of its definitions."""
    return Counter(
        name
        for path in package.rglob("*.py")
        if not LEFT_OUT & set(path.relative_to(package).parts) and path.name != "__init__.py"
        for name in defined_names(path.read_text(encoding="utf-8"))
    )


def one_word_names(names: Counter[str]) -> Counter[str]:
    """Those of one word."""
    return Counter({name: count for name, count in names.items() if word_count(name) == 1})


def shared_names(names: Counter[str]) -> Counter[str]:
    """Those that more than one module defines."""
    return Counter({name: count for name, count in names.items() if count > 1})


def main() -> None:
    """Print the figures."""
    names = package_names()
    for title, found in (("of one word", one_word_names(names)), ("shared", shared_names(names))):
        share = 100 * found.total() / names.total()
        print(f"{title}: {found.total()} of {names.total()} ({share:.0f} %): {', '.join(sorted(found))}")


if __name__ == "__main__":
    main()
