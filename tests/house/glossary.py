"""Check docs/glossary.md against the code.

usage: python -m tests.house.glossary             prints each row that is wrong
       python -m tests.house.glossary --write     first mends the column of files where a name has moved

A row is right when its four cells are filled, its file exists, and each of its names is defined there: at the top level
of a Python module, or anywhere in another file. A name that moved is mended where exactly one module defines it.
"""

import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from tests.house.documents import PACKAGE, ROOT, top_level_names

GLOSSARY = ROOT / "docs" / "glossary.md"
ROW = re.compile(r"^\| (.*?) *\| (.*?) *\| (.*?) *\| (.*?) *\|$")
HEADS = {"Japanese", "---"}


@dataclass(frozen=True)
class GlossaryRow:
    """line: its number in the document, from 1. file: relative to the repository."""

    line: int
    japanese: str
    names: tuple[str, ...]
    pattern: str
    file: str

    def __str__(self) -> str:
        names = ", ".join(f"`{name}`" for name in self.names)
        return f"| {self.japanese} | {names} | {self.pattern} | `{self.file}` |"


def glossary_rows(text: str) -> list[GlossaryRow]:
    """Every row of every table."""
    found = ((number, ROW.match(line)) for number, line in enumerate(text.splitlines(), start=1))
    return [
        GlossaryRow(number, row[1], tuple(re.findall("`([^`]+)`", row[2])), row[3], row[4].strip("`"))
        for number, row in found
        if row and row[1] not in HEADS
    ]


def is_defined(name: str, path: Path) -> bool:
    """Whether the file defines the name."""
    return name in top_level_names(path) if path.suffix == ".py" else name in path.read_text(encoding="utf-8")


def row_problem(row: GlossaryRow) -> str:
    """The sentence that says what is wrong with the row; empty when it is right."""
    path = ROOT / row.file
    if not (row.japanese and row.names and row.pattern and row.file):
        return "a cell is empty"
    if not path.is_file():
        return f"there is no file {row.file}"
    lost = [name for name in row.names if not is_defined(name, path)]
    return f"{row.file} does not define {', '.join(lost)}" if lost else ""


def with_found_file(row: GlossaryRow) -> GlossaryRow:
    """The row with the one module of the package that defines all its names; unchanged where there is no such one."""
    found = [path for path in PACKAGE.rglob("*.py") if all(is_defined(name, path) for name in row.names)]
    return replace(row, file=str(found[0].relative_to(ROOT))) if len(found) == 1 else row


def main() -> int:
    """Print what is wrong. Returns the exit status."""
    text = GLOSSARY.read_text(encoding="utf-8")
    if "--write" in sys.argv:
        lines = text.splitlines()
        for row in glossary_rows(text):
            if row_problem(row):
                lines[row.line - 1] = str(with_found_file(row))
        text = "\n".join(lines) + "\n"
        GLOSSARY.write_text(text, encoding="utf-8")
    wrong = [f"{row.line}: {problem}\n    {row}" for row in glossary_rows(text) if (problem := row_problem(row))]
    print("\n".join(wrong) or "every row is right")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
