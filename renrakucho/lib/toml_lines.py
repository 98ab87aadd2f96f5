"""In which line of a TOML file a key stands. The standard reader knows it for errors of grammar alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from tomllib import TOMLDecodeError

Place = tuple[str | int, ...]  # leads to a key: ("blank", 2, "longest") is in the third [[blank]]

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w\"'.-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"))*)\s*=")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
_LONG = ('"""', "'''")


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong in a file, and in which line."""

    line: int
    message: str


def line_of(text: str, place: Place) -> int:
    """The line, from 1, of the key at `place`; where it stands in no line of its own, that of what holds it."""
    lines = dict(_places(text))
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def grammar(text: str, error: TOMLDecodeError) -> Mistake:
    """The reader's own error with its line."""
    said = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", str(error))
    line = int(said[1]) if said and said[1] else max(len(text.splitlines()), 1)
    return Mistake(line, f"this is no TOML: {str(error).partition(' (at ')[0]}")


def _places(text: str) -> Iterator[tuple[Place, int]]:
    table: Place = ()
    counts: dict[Place, int] = {}
    for number, line in _outside_of_long_texts(text):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = _table(header, counts)
            yield table, number
            if table[-1] == 0:
                yield table[:-1], number
        elif key:
            parts = _parts(key[1])
            for depth in range(1, len(parts) + 1):
                yield (*table, *parts[:depth]), number


def _table(header: re.Match[str], counts: dict[Place, int]) -> Place:
    table: Place = ()
    *above, last = _parts(header[2])
    for part in above:
        table = (*table, part)
        if table in counts:
            table = (*table, counts[table])
    table = (*table, last)
    if header[1] == "[[":
        counts[table] = counts.get(table, -1) + 1
        table = (*table, counts[table])
    return table


def _parts(key: str) -> tuple[str, ...]:
    return tuple(double or single or bare for double, single, bare in _PART.findall(key))


def _outside_of_long_texts(text: str) -> Iterator[tuple[int, str]]:
    end = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not end:
            yield number, line
        for mark in _LONG:
            if end in ("", mark) and line.count(mark) % 2:
                end = "" if end else mark
                break
