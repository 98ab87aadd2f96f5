"""Edition loader: compile the directory's text tables and Japan Post's data into the database, as one new edition."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import models, transaction
from django.utils import timezone

from renrakucho.address import japan_post
from renrakucho.address.models import Edition, FormerMunicipality, Municipality
from renrakucho.address.place_tables import place_tables
from renrakucho.address.town_index import FORMAT, freeze_index, pack_towns
from renrakucho.coverage.directory_check import table_problems
from renrakucho.coverage.models import Coverage
from renrakucho.coverage.provider_lookup import answer_index
from renrakucho.coverage.table_reader import Rows, TableProblem, TableRow, read_all_tables
from renrakucho.coverage.table_specs import (
    CONTACTS,
    COVERAGE,
    LINKS,
    MUNICIPALITIES,
    MUNICIPALITY_HISTORY,
    MUNICIPALITY_PAGES,
    OFFICES,
    PROVIDERS,
    SOURCES,
    TABLES,
)
from renrakucho.lib.errors import InvalidInput
from renrakucho.provider.models import Contact, Link, Office, Provider, Source

Say = Callable[[str], None]


class BadDirectory(InvalidInput):
    """The tables have problems; nothing was written."""

    def __init__(self, problems: Sequence[TableProblem]) -> None:
        super().__init__(f"{len(problems)} problems, the first: {problems[0]}")
        self.problems = problems


@dataclass(frozen=True)
class PreparedEdition:
    """An edition that is ready to be written: checked rows by file, and the packed towns."""

    edition: str
    rows: Rows
    towns: bytes


def load_edition(directory: Path, say: Say, *, again: bool = False) -> str:
    """Load a new edition and return its id. One that is loaded already stays as it is, unless `again`.

    It is one transaction: a load that fails leaves the old edition. Raises BadTable and BadDirectory.
    """
    edition = directory_fingerprint(directory)
    if not again and Edition.objects.filter(id=edition).exists():
        say(f"edition {edition} is loaded already")
        return edition
    write_edition(prepare_edition(directory, say), say)
    return edition


def prepare_edition(directory: Path, say: Say) -> PreparedEdition:
    """Read, check and pack, without the database. Raises BadTable and BadDirectory."""
    edition = directory_fingerprint(directory)
    rows = read_all_tables(directory)
    say(f"read {sum(map(len, rows.values())):,} rows of {len(rows)} tables")
    problems = table_problems(rows)
    if problems:
        raise BadDirectory(problems)
    say("checked: no problems")
    entries = list(japan_post.postal_entries())
    say(f"read {len(entries):,} lines of postal codes ({japan_post.postal_release()})")
    towns = freeze_index(pack_towns(entries))
    say(f"packed into {len(towns) / 1e6:.1f} MB")
    return PreparedEdition(edition, rows, towns)


def write_edition(prepared: PreparedEdition, say: Say) -> None:
    """Replace the edition in the database, in one transaction."""
    with transaction.atomic():
        _replace(prepared.rows, say)
        Edition.objects.all().delete()
        Edition.objects.create(
            id=prepared.edition,
            compiled_at=timezone.now(),
            postal_data=japan_post.postal_release(),
            towns=prepared.towns,
        )
    place_tables.ask_again()
    answer_index.ask_again()
    say(f"edition {prepared.edition} is loaded")


def directory_fingerprint(directory: Path) -> str:
    """Return the id of an edition: 16 hex digits that change with any table, Japan Post's data and the packing."""
    digest = hashlib.sha256(f"{japan_post.postal_release()} {FORMAT}".encode())
    for table in TABLES:
        path = directory / table.file
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:16]


def _replace(rows: Rows, say: Say) -> None:
    for model in (Coverage, Contact, Link, Office, Provider, Source, FormerMunicipality, Municipality):
        model._base_manager.all().delete()
    pages = {row["code"]: row["url"] for row in rows[MUNICIPALITY_PAGES.file]}
    made: list[list[models.Model]] = [
        [Municipality(**_municipality(row, pages)) for row in rows[MUNICIPALITIES.file]],
        [FormerMunicipality(**_former(row)) for row in rows[MUNICIPALITY_HISTORY.file]],
        [Source(**row.values) for row in rows[SOURCES.file]],
        [Provider(**_linked(row)) for row in rows[PROVIDERS.file]],
        [Office(**_linked(row)) for row in rows[OFFICES.file]],
        [Contact(**_linked(row)) for row in rows[CONTACTS.file]],
        [Link(**_linked(row)) for row in rows[LINKS.file]],
    ]
    made += [
        [Coverage(industry=industry, **_linked(row, without="name")) for row in rows[table.file]]
        for industry, table in COVERAGE.items()
    ]
    for instances in made:
        kind = type(instances[0])
        kind._base_manager.bulk_create(instances, batch_size=2000)
        say(f"{kind._meta.verbose_name}: {len(instances):,}")


def _municipality(row: TableRow, pages: dict[str, str]) -> dict[str, str]:
    own = {column: row[column] for column in ("code", "prefecture", "kana", "romaji", "kind")}
    return own | {"name": row["county"] + row["city"] + row["ward"], "url": pages.get(row["code"], "")}


def _former(row: TableRow) -> dict[str, str | date]:
    return {
        "prefecture": row["from_prefecture"],
        "name": row["from_name"],
        "code": row["from_code"],
        "to_code": row["to_code"],
        "on": date.fromisoformat(row["on"]),
        "event": row["event"],
    }


_KEYS = frozenset({"source", "provider", "office", "municipality"})


def _linked(row: TableRow, without: str = "") -> dict[str, str | None]:
    """The row's values, with the key columns of other tables as foreign keys."""
    return {
        f"{column}_id" if column in _KEYS else column: (value or None) if column in _KEYS else value
        for column, value in row.values.items()
        if column != without
    }
