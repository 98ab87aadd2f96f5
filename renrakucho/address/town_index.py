"""Town index: all towns and postal codes of Japan in flat arrays, some 7 MB; dicts of objects take ten times that.

Towns are numbered in the order of municipality code, then reading. A postal code leads to a slice of `refs`, which
has town numbers, and a town to a slice of `code_refs`, which has indices of `codes`; all names and readings stand in a
single string.
"""

import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

FORMAT = 3  # of the sections: an edition that was packed in another format is compiled again


class TownIndex:
    """Look-ups by number. A number is valid within one edition only: never store it."""

    __slots__ = (
        "_code_refs", "_code_starts", "_codes", "_firsts", "_municipalities", "_offsets", "_refs", "_starts", "_text",
    )  # fmt: skip

    def __init__(self, sections: Sequence[memoryview]) -> None:
        codes, starts, refs, code_starts, code_refs, offsets, firsts, municipalities, text = sections
        self._codes = _numbers(codes)
        self._starts = _numbers(starts)
        self._refs = _numbers(refs)
        self._code_starts = _numbers(code_starts)
        self._code_refs = _numbers(code_refs)
        self._offsets = _numbers(offsets)
        self._firsts = _numbers(firsts)
        self._municipalities = str(municipalities, "utf-8").split()
        self._text = str(text, "utf-8")

    def __len__(self) -> int:
        return (len(self._offsets) - 1) // 2

    def at(self, postal_code: str) -> "array[int]":
        """Return the numbers of the towns of a postal code (7 digits), in order; none for an unknown code."""
        code = int(postal_code)
        place = bisect_left(self._codes, code)
        if place == len(self._codes) or self._codes[place] != code:
            return self._refs[:0]
        return self._refs[self._starts[place] : self._starts[place + 1]]

    def within(self, municipality_code: str) -> range:
        """Return the numbers of a municipality's towns."""
        place = bisect_left(self._municipalities, municipality_code)
        if place == len(self._municipalities) or self._municipalities[place] != municipality_code:
            return range(0)
        return range(self._firsts[place], self._firsts[place + 1])

    def town(self, number: int) -> str:
        """Return the town's name, "" for a municipality without listed towns."""
        return self._text[self._offsets[2 * number] : self._offsets[2 * number + 1]]

    def town_and_kana(self, number: int) -> tuple[str, str]:
        """Return name and reading."""
        begin, middle, end = self._offsets[2 * number : 2 * number + 3]
        return self._text[begin:middle], self._text[middle:end]

    def municipality_code(self, number: int) -> str:
        """Return the code (5 digits) of the municipality that the town lies in."""
        return self._municipalities[bisect_right(self._firsts, number) - 1]

    def postal_codes(self, number: int) -> list[str]:
        """Return the postal codes (7 digits) of a town, in ascending order."""
        places = self._code_refs[self._code_starts[number] : self._code_starts[number + 1]]
        return [f"{self._codes[place]:07}" for place in places]


def freeze_index(sections: Sequence[bytes]) -> bytes:
    """Compress the sections to one value for the database."""
    framed = b"".join(len(section).to_bytes(4, "little") + section for section in sections)
    return zlib.compress(framed, level=3)


def thaw_index(frozen: bytes) -> TownIndex:
    """Restore the index from what freeze_index returned."""
    framed = memoryview(zlib.decompress(frozen))
    sections = []
    at = 0
    while at < len(framed):
        size = int.from_bytes(framed[at : at + 4], "little")
        sections.append(framed[at + 4 : at + 4 + size])
        at += 4 + size
    return TownIndex(sections)


def _numbers(section: memoryview) -> "array[int]":
    """Unsigned 32-bit little-endian numbers."""
    numbers = array("I")
    numbers.frombytes(section)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class PostalEntry(NamedTuple):
    """A postal code (7 digits) and one of its towns; town and kana are "" where no town is listed."""

    postal_code: str
    municipality_code: str
    town: str
    kana: str


def pack_towns(entries: Iterable[PostalEntry]) -> list[bytes]:
    """Return the sections of a TownIndex."""
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
    """The start of each list (and the end of the last one), and all lists joined."""
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
