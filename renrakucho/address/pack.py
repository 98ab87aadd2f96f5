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
    keys = sorted(served)
    by_code = defaultdict(list)
    firsts: list[int] = []
    municipalities: list[str] = []
    offsets = [0]
    text: list[str] = []
    for number, (municipality, kana, town) in enumerate(keys):
        if not municipalities or municipalities[-1] != municipality:
            municipalities.append(municipality)
            firsts.append(number)
        text += (town, kana)
        offsets += (offsets[-1] + len(town), offsets[-1] + len(town) + len(kana))
        for code in served[(municipality, kana, town)]:
            by_code[code].append(number)
    codes = sorted(by_code)
    starts, refs = _slices(by_code[code] for code in codes)
    place = {code: at for at, code in enumerate(codes)}
    code_starts, code_refs = _slices(sorted(place[code] for code in served[key]) for key in keys)
    return [
        *map(_section, (codes, starts, refs, code_starts, code_refs, offsets, [*firsts, len(served)])),
        " ".join(municipalities).encode(),
        "".join(text).encode(),
    ]


def _slices(lists: Iterable[list[int]]) -> tuple[list[int], list[int]]:
    """Where each list begins (and the last one ends), and all lists behind one another."""
    starts, items = [0], []
    for one in lists:
        items += one
        starts.append(len(items))
    return starts, items


def _section(numbers: list[int]) -> bytes:
    packed = array("I", numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()
