"""Check the coverage tables: the rows of a municipality must make one clear statement of who serves it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from renrakucho.coverage.models import Extent
from renrakucho.coverage.table_reader import Rows, TableProblem, TableRow
from renrakucho.coverage.table_specs import COVERAGE, MUNICIPALITIES, OFFICES, PROVIDERS, TableSpec

_NOBODY = frozenset({Extent.NONE, Extent.UNKNOWN})
_OF_A_TOWN = frozenset({Extent.WHOLE, Extent.PART})


def coverage_problems(rows: Rows) -> Iterator[TableProblem]:
    """Yield the problems of all coverage tables."""
    industry_of = {row["id"]: row["industry"] for row in rows[PROVIDERS.file]}
    owner = {row["id"]: row["provider"] for row in rows[OFFICES.file]}
    names = {row["code"]: row["county"] + row["city"] + row["ward"] for row in rows[MUNICIPALITIES.file]}
    for industry, table in COVERAGE.items():
        by_municipality = defaultdict(list)
        for row in rows[table.file]:
            by_municipality[row["municipality"]].append(row)
            provider, office = row["provider"], row["office"]
            if row["name"] != names.get(row["municipality"], row["name"]):
                yield TableProblem(table.file, row.line, f"name: {row['municipality']} is {names[row['municipality']]}")
            if industry_of.get(provider, industry) != industry:
                yield TableProblem(table.file, row.line, f"provider: {provider} is of {industry_of[provider]}")
            if office and owner.get(office, provider) != provider:
                yield TableProblem(table.file, row.line, f"office: {office} is not of {provider}")
            if (provider == "") != (row["extent"] in _NOBODY):
                yield TableProblem(table.file, row.line, "a provider is named unless the extent is none or unknown")
        for found in by_municipality.values():
            yield from _statement_problems(table, found)


def _statement_problems(table: TableSpec, rows: Sequence[TableRow]) -> Iterator[TableProblem]:
    """The problems of one municipality's rows together."""
    whole = [row for row in rows if not row["town"]]
    towns = [row for row in rows if row["town"]]
    if not whole:
        yield TableProblem(table.file, rows[0].line, f"{rows[0]['name']} has towns but no row of its own")
    alone = [row for row in whole if row["extent"] in (Extent.WHOLE, *_NOBODY)]
    if alone and len(whole) > 1:
        yield TableProblem(
            table.file, alone[0].line, f"extent: {alone[0]['extent']}, but {len(whole)} rows speak of it"
        )
    rest = [row for row in whole if row["extent"] == Extent.REST]
    if len(rest) > 1:
        yield TableProblem(table.file, rest[1].line, "extent: two providers cannot both serve the rest")
    said = {row["provider"] for row in whole}
    for row in towns:
        if row["extent"] not in _OF_A_TOWN:
            yield TableProblem(table.file, row.line, f"extent: {row['extent']} is not said of a town")
        if row["provider"] not in said:
            yield TableProblem(table.file, row.line, f"provider: {row['provider']} has no row for {row['name']} itself")
    listed = {row["provider"] for row in towns}
    for row in whole:
        if row["extent"] == Extent.LISTED and row["provider"] not in listed:
            yield TableProblem(table.file, row.line, f"extent: listed, but no town is listed for {row['provider']}")
