"""Checks what the coverage tables say together: who serves a municipality must be one clear statement."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from renrakucho.coverage.models import Extent
from renrakucho.coverage.reading import Problem, Row, Rows
from renrakucho.coverage.tables import COVERAGE, MUNICIPALITIES, OFFICES, PROVIDERS, Table

_NOBODY = frozenset({Extent.NONE, Extent.UNKNOWN})
_OF_A_TOWN = frozenset({Extent.WHOLE, Extent.PART})


def coverage_problems(rows: Rows) -> Iterator[Problem]:
    """Problems of all coverage tables."""
    industry_of = {row["id"]: row["industry"] for row in rows[PROVIDERS.file]}
    owner = {row["id"]: row["provider"] for row in rows[OFFICES.file]}
    names = {row["code"]: row["county"] + row["city"] + row["ward"] for row in rows[MUNICIPALITIES.file]}
    for industry, table in COVERAGE.items():
        by_municipality = defaultdict(list)
        for row in rows[table.file]:
            by_municipality[row["municipality"]].append(row)
            provider, office = row["provider"], row["office"]
            if row["name"] != names.get(row["municipality"], row["name"]):
                yield Problem(table.file, row.line, f"name: {row['municipality']} is {names[row['municipality']]}")
            if industry_of.get(provider, industry) != industry:
                yield Problem(table.file, row.line, f"provider: {provider} is of {industry_of[provider]}")
            if office and owner.get(office, provider) != provider:
                yield Problem(table.file, row.line, f"office: {office} is not of {provider}")
            if (provider == "") != (row["extent"] in _NOBODY):
                yield Problem(table.file, row.line, "a provider is named unless the extent is none or unknown")
        for found in by_municipality.values():
            yield from _statement_problems(table, found)


def _statement_problems(table: Table, rows: Sequence[Row]) -> Iterator[Problem]:
    """Problems of one municipality's rows together."""
    whole = [row for row in rows if not row["town"]]
    towns = [row for row in rows if row["town"]]
    if not whole:
        yield Problem(table.file, rows[0].line, f"{rows[0]['name']} has towns but no row of its own")
    alone = [row for row in whole if row["extent"] in (Extent.WHOLE, *_NOBODY)]
    if alone and len(whole) > 1:
        yield Problem(table.file, alone[0].line, f"extent: {alone[0]['extent']}, but {len(whole)} rows speak of it")
    rest = [row for row in whole if row["extent"] == Extent.REST]
    if len(rest) > 1:
        yield Problem(table.file, rest[1].line, "extent: two providers cannot both serve the rest")
    said = {row["provider"] for row in whole}
    for row in towns:
        if row["extent"] not in _OF_A_TOWN:
            yield Problem(table.file, row.line, f"extent: {row['extent']} is not said of a town")
        if row["provider"] not in said:
            yield Problem(table.file, row.line, f"provider: {row['provider']} has no row for {row['name']} itself")
    listed = {row["provider"] for row in towns}
    for row in whole:
        if row["extent"] == Extent.LISTED and row["provider"] not in listed:
            yield Problem(table.file, row.line, f"extent: listed, but no town is listed for {row['provider']}")
