"""Table reader: the directory's text tables, each row with the line that it begins on."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from renrakucho.coverage.table_specs import TABLES, TableSpec
from renrakucho.lib.errors import InvalidInput

if TYPE_CHECKING:
    from _csv import Reader

DIRECTORY = Path(__file__).resolve().parents[2] / "directory"  # the project's own tables


@dataclass(frozen=True)
class TableRow:
    """One row as it stands in the file."""

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]


@dataclass(frozen=True)
class TableProblem:
    """A problem on a line of a file; line 0 means the file itself."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class BadTable(InvalidInput):
    """A file is no table: its rows cannot be read."""

    def __init__(self, problem: TableProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


Rows = dict[str, Sequence[TableRow]]


def read_all_tables(directory: Path) -> Rows:
    """Return the rows of every table, by file name. Raises BadTable."""
    return {table.file: read_table(directory, table) for table in TABLES}


def read_table(directory: Path, table: TableSpec) -> list[TableRow]:
    """Return the rows of one table. Raises BadTable."""
    try:
        text = (directory / table.file).read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise BadTable(TableProblem(table.file, 0, "the file is missing")) from None
    except UnicodeDecodeError as error:
        raise BadTable(TableProblem(table.file, 0, f"not UTF-8 at byte {error.start}")) from None
    if "\r" in text:
        raise BadTable(TableProblem(table.file, text[: text.index("\r")].count("\n") + 1, "lines end with LF alone"))
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        return _rows(reader, table)
    except csv.Error as error:
        raise BadTable(TableProblem(table.file, reader.line_num, str(error))) from None


def _rows(reader: "Reader", table: TableSpec) -> list[TableRow]:
    if next(reader, []) != list(table.columns):
        raise BadTable(TableProblem(table.file, 1, f"the columns are {','.join(table.columns)}"))
    rows = []
    for cells in reader:
        if len(cells) != len(table.columns):
            problem = f"{len(cells)} values, but {len(table.columns)} columns"
            raise BadTable(TableProblem(table.file, reader.line_num, problem))
        rows.append(TableRow(reader.line_num, dict(zip(table.columns, cells, strict=True))))
    return rows
