"""Place prefix: all readings of prefecture and municipality at the beginning of a folded text."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from renrakucho.address.written.address_table import AddressTable, NamedPlace
from renrakucho.address.written.folding import fold_key
from renrakucho.address.written.prefectures import PREFECTURES

_BY_KEY = {fold_key(name): name for name in PREFECTURES}
_BARE = {key[:-1]: name for key, name in _BY_KEY.items() if name != "北海道"}
_FULL = re.compile("|".join(_BY_KEY))
_SHORT = re.compile("|".join(_BARE))
_COUNTY = re.compile(".{1,5}?郡")
MOST_BEFORE = 24  # characters of other text before the prefecture


class PlacePrefix(NamedTuple):
    """One reading: the prefecture, the named place, and where in the key the reading, the name, and the end are."""

    prefecture: str
    named: NamedPlace | None
    begin: int
    name: int
    end: int
    weak: bool = False  # 東京 for 東京都, 千代田 for 千代田区: not certain without a town


def place_prefixes(table: AddressTable, key: str) -> list[PlacePrefix]:
    """Return the readings of a key's beginning: with a municipality where it has one, else the prefecture alone."""
    begin, end, prefecture = _prefecture(key)
    short = key[begin:end] in _BARE
    readings = _named(table, key, end, prefecture, begin) if prefecture else []
    if not prefecture or short or begin:
        # 千葉市川市 is 市川市 in 千葉, 千葉市 is not: only the town can tell.
        at_once = _named(table, key, 0, "", 0)
        readings = at_once if begin and at_once else readings + at_once
    if prefecture and not readings:
        readings = [PlacePrefix(prefecture, None, begin, end, end, short)]
        readings += _names_at(table.stems, table.longest, key, PlacePrefix(prefecture, None, begin, end, end, True))
    return sorted(readings, key=lambda r: -r.end)


def _prefecture(key: str) -> tuple[int, int, str]:
    """Start, end and name of the prefecture: at the beginning in full or without 都府県, or in full soon after."""
    found = _FULL.search(key, 0, MOST_BEFORE)
    if found and found.start() == 0:
        return 0, found.end(), _BY_KEY[found[0]]
    short = _SHORT.match(key)
    if short:
        return 0, short.end(), _BARE[short[0]]
    return (found.start(), found.end(), _BY_KEY[found[0]]) if found else (0, 0, "")


def _named(table: AddressTable, key: str, at: int, prefecture: str, begin: int) -> list[PlacePrefix]:
    """Every name of a municipality at this position, the longest first; where there is none, behind a county."""
    start = PlacePrefix(prefecture, None, begin, at, at)
    found = list(_names_at(table.names, table.longest, key, start))
    if found:
        return found
    county = _COUNTY.match(key, at)
    if county is None:
        return []
    return list(_names_at(table.names, table.longest, key, start._replace(name=county.end(), end=county.end())))


def _names_at(
    names: Mapping[str, list[NamedPlace]], longest: int, key: str, start: PlacePrefix
) -> Iterator[PlacePrefix]:
    """Every name at the end of the start, of its prefecture if it has one."""
    at = start.end
    for end in range(min(at + longest, len(key)), at, -1):
        for named in names.get(key[at:end], ()):
            if start.prefecture in ("", named.prefecture):
                yield PlacePrefix(named.prefecture, named, start.begin, at, end, start.weak)
