"""Checks the directory's text tables, each complaint with its file and line."""

from collections.abc import Iterator
from pathlib import Path

from renrakucho.coverage.check_coverage import coverage_problems
from renrakucho.coverage.reading import BadTable, Problem, Row, Rows, read
from renrakucho.coverage.tables import CONTACTS, OFFICES, SOURCES, TABLES, Table
from renrakucho.provider.models import Confidence

_RANK = {Confidence.OFFICIAL: 0, Confidence.UNOFFICIAL: 1, Confidence.GENERAL: 2}


def check(directory: Path) -> list[Problem]:
    """Everything that is wrong with the tables, by file and line; empty when they can be compiled."""
    rows: Rows = {}
    problems: list[Problem] = []
    for table in TABLES:
        try:
            rows[table.file] = read(directory, table)
        except BadTable as error:
            problems.append(error.problem)
    if problems:
        return problems  # what refers to an unreadable table would only repeat it
    return problems_of(rows)


def problems_of(rows: Rows) -> list[Problem]:
    """The same for tables that have been read."""
    problems = [problem for table in TABLES for problem in _table_problems(table, rows)]
    problems += _office_problems(rows)
    problems += coverage_problems(rows)
    return sorted(problems, key=lambda problem: (problem.file, problem.line))


def _table_problems(table: Table, rows: Rows) -> Iterator[Problem]:
    known = {column: {row[target] for row in rows[file]} for column, (file, target) in table.refers.items()}
    kinds = {row["id"]: row["kind"] for row in rows[SOURCES.file]}
    previous: tuple[str, ...] = ()
    for row in rows[table.file]:
        key = tuple(row[column] for column in table.key)
        if key == previous:
            yield Problem(table.file, row.line, f"is there twice: {' '.join(key)}")
        elif key < previous:
            yield Problem(table.file, row.line, f"is out of order: {' '.join(key)} comes before {' '.join(previous)}")
        previous = key
        yield from _value_problems(table, row)
        for column, values in known.items():
            if row[column] not in values and (row[column] or column not in _MAY_BE_EMPTY):
                yield Problem(table.file, row.line, f"{column}: {row[column]!r} is not in {table.refers[column][0]}")
        if table.evidenced:
            yield from _evidence_problems(table, row, kinds.get(row["source"], Confidence.GENERAL))


_MAY_BE_EMPTY = frozenset({"parent", "office", "provider"})


def _value_problems(table: Table, row: Row) -> Iterator[Problem]:
    for column, value in row.values.items():
        if value != value.strip() or not value.isprintable():
            yield Problem(table.file, row.line, f"{column}: space around it, or a control character in it")
        elif column in table.checks and not table.checks[column](value):
            yield Problem(table.file, row.line, f"{column}: {value!r} is not in its form")


def _evidence_problems(table: Table, row: Row, kind: str) -> Iterator[Problem]:
    confidence = row["confidence"]
    if confidence in _RANK and _RANK[Confidence(confidence)] < _RANK[Confidence(kind)]:
        yield Problem(table.file, row.line, f"confidence: {confidence}, but its source is {kind}")


def _office_problems(rows: Rows) -> Iterator[Problem]:
    """An office stands beside its own provider, and has a way to be reached."""
    owner = {row["id"]: row["provider"] for row in rows[OFFICES.file]}
    reached: set[str] = set()
    for row in rows[CONTACTS.file]:
        reached.add(row["office"])
        if row["office"] in owner and owner[row["office"]] != row["provider"]:
            yield Problem(CONTACTS.file, row.line, f"office: {row['office']} is not of {row['provider']}")
    for row in rows[OFFICES.file]:
        if row["id"] not in reached:
            yield Problem(OFFICES.file, row.line, f"{row['id']} has no contact")
