"""Towns and postal codes, packed for `town_index`. Used at compile time only."""

import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple


class Entry(NamedTuple):
    """A postal code (7 digits) serves a town; town and kana are "" where no town is listed."""

    postal_code: str
    municipality_code: str
    town: str
    kana: str


def pack(entries: Iterable[Entry]) -> list[bytes]:
    """The sections of a TownIndex."""
    served = defaultdict(set)
    for entry in entries:
        served[(entry.municipality_code, entry.kana, entry.town)].add(int(entry.postal_code))
    by_code = defaultdict(list)
    firsts: list[int] = []
    municipalities: list[str] = []
    offsets = [0]
    text: list[str] = []
    for number, (municipality, kana, town) in enumerate(sorted(served)):
        if not municipalities or municipalities[-1] != municipality:
            municipalities.append(municipality)
            firsts.append(number)
        text += (town, kana)
        offsets += (offsets[-1] + len(town), offsets[-1] + len(town) + len(kana))
        for code in served[(municipality, kana, town)]:
            by_code[code].append(number)
    codes = sorted(by_code)
    refs: list[int] = []
    starts = [0]
    for code in codes:
        refs += by_code[code]
        starts.append(len(refs))
    return [
        *map(_section, (codes, starts, refs, offsets, [*firsts, len(served)])),
        " ".join(municipalities).encode(),
        "".join(text).encode(),
    ]


def _section(numbers: list[int]) -> bytes:
    packed = array("I", numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()
