"""Builders for this room's tests: rows that are never saved, and a small directory on disk."""

import csv
import shutil
from pathlib import Path

from renrakucho.coverage.models import Coverage
from renrakucho.coverage.table_reader import DIRECTORY
from renrakucho.provider.models import Provider, Source

SOURCES = {kind: Source(id=kind, title=f"{kind} source", kind=kind) for kind in ("official", "unofficial", "general")}


def coverage(
    provider: str = "mito-water",
    *,
    town: str = "",
    extent: str = "whole",
    confidence: str = "official",
    industry: str = "water",
    note: str = "",
) -> Coverage:
    """Return a row; provider "" for nobody."""
    company = Provider(id=provider, name=provider, industry=industry) if provider else None
    return Coverage(
        industry=industry,
        municipality_id="08201",
        town=town,
        provider=company,
        extent=extent,
        note=note,
        source=SOURCES[confidence],
        as_of="2026-11",
        confidence=confidence,
    )


def copied_directory(to: Path) -> Path:
    """Copy the project's tables, so that a test can damage them."""
    return Path(shutil.copytree(DIRECTORY, to / "directory"))


def change_line(path: Path, line: int, old: str, new: str) -> None:
    """Replace text on one line (from 1); the text must be there."""
    lines = path.read_text(encoding="utf-8").split("\n")
    assert old in lines[line - 1], lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("\n".join(lines), encoding="utf-8")


def line_of(path: Path, **values: str) -> int:
    """Return the line of the only row with these values."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        found = [reader.line_num for row in reader if all(row[column] == value for column, value in values.items())]
    assert len(found) == 1, found
    return found[0]
