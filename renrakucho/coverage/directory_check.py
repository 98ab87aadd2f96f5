"""Check the directory's text tables; every problem has its file and line."""

from collections.abc import Iterator
from pathlib import Path

from renrakucho.coverage.coverage_check import coverage_problems
from renrakucho.coverage.table_reader import BadTable, Rows, TableProblem, TableRow, read_table
from renrakucho.coverage.table_specs import CONTACTS, OFFICES, SOURCES, TABLES, TableSpec
from renrakucho.provider.models import Confidence

_RANK = {Confidence.OFFICIAL: 0, Confidence.UNOFFICIAL: 1, Confidence.GENERAL: 2}


def check_directory(directory: Path) -> list[TableProblem]:
    """Return all problems of the tables, by file and line; [] when they can be compiled."""
    rows: Rows = {}
    problems: list[TableProblem] = []
    for table in TABLES:
        try:
            rows[table.file] = read_table(directory, table)
        except BadTable as error:
            problems.append(error.problem)
    if problems:
        return problems  # references to an unreadable table would only repeat its problem
    return table_problems(rows)


def table_problems(rows: Rows) -> list[TableProblem]:
    """Return all problems of tables that have been read."""
    problems = [problem for table in TABLES for problem in _table_problems(table, rows)]
    problems += _office_problems(rows)
    problems += coverage_problems(rows)
    return sorted(problems, key=lambda problem: (problem.file, problem.line))


def _table_problems(table: TableSpec, rows: Rows) -> Iterator[TableProblem]:
    known = {column: {row[target] for row in rows[file]} for column, (file, target) in table.refers.items()}
    kinds = {row["id"]: row["kind"] for row in rows[SOURCES.file]}
    previous: tuple[str, ...] = ()
    for row in rows[table.file]:
        key = tuple(row[column] for column in table.key)
        if key == previous:
            yield TableProblem(table.file, row.line, f"is there twice: {' '.join(key)}")
        elif key < previous:
            yield TableProblem(
                table.file, row.line, f"is out of order: {' '.join(key)} comes before {' '.join(previous)}"
            )
        previous = key
        yield from _value_problems(table, row)
        for column, values in known.items():
            if row[column] not in values and (row[column] or column not in _MAY_BE_EMPTY):
                yield TableProblem(
                    table.file, row.line, f"{column}: {row[column]!r} is not in {table.refers[column][0]}"
                )
        if table.evidenced:
            yield from _evidence_problems(table, row, kinds.get(row["source"], Confidence.GENERAL))


_MAY_BE_EMPTY = frozenset({"parent", "office", "provider"})


def _value_problems(table: TableSpec, row: TableRow) -> Iterator[TableProblem]:
    for column, value in row.values.items():
        if value != value.strip() or not value.isprintable():
            yield TableProblem(table.file, row.line, f"{column}: space around it, or a control character in it")
        elif column in table.checks and not table.checks[column](value):
            yield TableProblem(table.file, row.line, f"{column}: {value!r} is not in its form")


def _evidence_problems(table: TableSpec, row: TableRow, kind: str) -> Iterator[TableProblem]:
    confidence = row["confidence"]
    if confidence in _RANK and _RANK[Confidence(confidence)] < _RANK[Confidence(kind)]:
        yield TableProblem(table.file, row.line, f"confidence: {confidence}, but its source is {kind}")


def _office_problems(rows: Rows) -> Iterator[TableProblem]:
    """The offices whose contacts name another provider, or that have no contact."""
    owner = {row["id"]: row["provider"] for row in rows[OFFICES.file]}
    reached: set[str] = set()
    for row in rows[CONTACTS.file]:
        reached.add(row["office"])
        if row["office"] in owner and owner[row["office"]] != row["provider"]:
            yield TableProblem(CONTACTS.file, row.line, f"office: {row['office']} is not of {row['provider']}")
    for row in rows[OFFICES.file]:
        if row["id"] not in reached:
            yield TableProblem(OFFICES.file, row.line, f"{row['id']} has no contact")
