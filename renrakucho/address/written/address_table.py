"""Address table: municipalities and towns for the address parser, unpacked where they are used."""

import json
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from renrakucho.address.written.table_builder import table_format
from renrakucho.address.written.town_list import TownList
from renrakucho.lib.errors import InvalidInput

_LEFT_OUT = str.maketrans("", "", "ケツノ")  # 鎌谷市 for 鎌ケ谷市


class WrongTable(InvalidInput):
    """The bytes are no table, or have another format: the table has to be built again."""


class TableMunicipality:
    """A municipality or ward. Its towns are unpacked on first use."""

    __slots__ = ("_entries", "_towns", "code", "name", "prefecture")

    def __init__(self, code: str, prefecture: str, name: str, entries: str) -> None:
        self.code, self.prefecture, self.name = code, prefecture, name
        self._entries = entries
        self._towns: TownList | None = None

    @property
    def towns(self) -> TownList:
        """Its towns. Thread-safe: at worst two threads unpack the same."""
        if self._towns is None:
            self._towns = TownList(self.entries())
        return self._towns

    def entries(self) -> list[str]:
        """Return its towns as they stand in the table."""
        return self._entries.split("\n") if self._entries else []


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """The municipalities that a name stands for. `parent`: their city (code, name), if they are wards; `old`: a former
    name.
    """

    prefecture: str
    codes: tuple[str, ...]
    parent: tuple[str, str] = ("", "")
    old: bool = False


class AddressTable:
    """All present municipalities by code, and their names, present and former, by key."""

    def __init__(self, data: bytes) -> None:
        """Read the bytes that build_table returned. Raises WrongTable."""
        try:
            table = json.loads(data)
            if table["format"] != table_format():
                raise WrongTable("the table of towns has another format")
            self.municipalities = {m[0]: TableMunicipality(m[0], m[1], m[2], m[4]) for m in table["municipalities"]}
            self.names = _names(table, self.municipalities)
            self._postal = {m[0]: m[5] for m in table["municipalities"]}
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise WrongTable("the table of towns cannot be read") from error
        self.stems = _stems(self.names)
        self.longest = max(map(len, self.names))

    @cached_property
    def by_town(self) -> dict[str, str]:
        """Codes of the municipalities that have a town of this key, joined by spaces."""
        found: dict[str, str] = {}
        for municipality in self.municipalities.values():
            for entry in municipality.entries():
                listed, _, key = entry.partition("=")
                key = key or listed.partition("+")[0]
                found[key] = f"{found[key]} {municipality.code}" if key in found else municipality.code
        return found

    def codes_at(self, postal_code: str) -> set[str]:
        """Return the codes of the municipalities that a postal code (7 digits) lies in."""
        codes = self._postal_pairs
        at = bisect_left(codes, postal_code)
        found: set[str] = set()
        while at < len(codes) and codes[at].startswith(postal_code):
            found.add(codes[at][7:])
            at += 1
        return found

    @cached_property
    def _postal_pairs(self) -> list[str]:
        return sorted(run[at : at + 7] + code for code, run in self._postal.items() for at in range(0, len(run), 7))


def _stems(names: dict[str, list[NamedPlace]]) -> dict[str, list[NamedPlace]]:
    """The names of present municipalities without 市, 区, 町 or 村 (千代田, 大阪市北)."""
    stems: dict[str, list[NamedPlace]] = defaultdict(list)
    for key, several in names.items():
        if len(key) > 2 and key[-1] in "市区町村" and key[:-1] not in names:
            stems[key[:-1]] += [named for named in several if not named.old]
    return dict(stems)


def _names(table: Any, municipalities: dict[str, TableMunicipality]) -> dict[str, list[NamedPlace]]:
    names: dict[str, list[NamedPlace]] = defaultdict(list)
    wards: dict[str, tuple[str, ...]] = {}
    for code, prefecture, _, keys, *_ in table["municipalities"]:
        for key in keys:
            names[key].append(NamedPlace(prefecture, (code,)))
    for code, prefecture, name, keys, codes in table["parents"]:
        wards[code] = tuple(codes)
        for key in keys:
            names[key].append(NamedPlace(prefecture, tuple(codes), parent=(code, name)))
    for prefecture, key, codes in table["old"]:
        now = tuple(leaf for code in codes for leaf in wards.get(code, (code,)) if leaf in municipalities)
        names[key].append(NamedPlace(prefecture, now, old=True))
    for key, several in list(names.items()):
        short = key.translate(_LEFT_OUT)
        if short not in names:
            names[short] = several
    return dict(names)
