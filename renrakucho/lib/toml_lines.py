"""Line numbers of a TOML file's keys, and hints on syntax errors: tomllib tells lines for syntax errors only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from tomllib import TOMLDecodeError

Place = tuple[str | int, ...]  # path of a key: ("blank", 2, "longest") is in the third [[blank]]

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w\"'.-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"))*)\s*=")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
# Common slips, and how TOML writes it. The first that matches the faulty line is shown.
_HINTS = (
    (re.compile("^\ufeff"), "the file begins with a byte order mark; save it as UTF-8 without one (BOM)"),
    (re.compile("=\\s*[“”„＂'’‘「]|[“”＂]\\s*$"), 'texts stand in straight quotes: "…"'),
    (re.compile('[＝［］｛｝]|^[^"#]*　'), "signs and spaces outside of texts are of half width: = [ ] { }"),
    (re.compile(r"=\s*(True|False|TRUE|FALSE|yes|no|Yes|No)\b"), "it is true or false, in small letters"),
    (re.compile(r"=\s*\d{4}[/.年]\d"), "a date is written 2026-11-22"),
    (re.compile(r"=\s*\d{1,2}:\d{2}(?!:)"), "a time is written 17:00:00"),
    (re.compile(r"=\s*0\d"), 'a number that begins with 0 is a text: "012"'),
    (re.compile(r"=\s*[^\s\"'\[{\d+-]"), 'texts stand in quotes: "…"'),
)
_LONG = ('"""', "'''")


@dataclass(frozen=True, order=True)
class TomlMistake:
    """A mistake in a file, and its line."""

    line: int
    message: str


def toml_line_of(text: str, place: Place) -> int:
    """The line (from 1) of the key at `place`, or of the nearest table around it that has a line."""
    lines = dict(_places(text))
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def grammar_mistake(text: str, error: TOMLDecodeError) -> TomlMistake:
    """A syntax error with its line, and a hint at the likely slip."""
    at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", str(error))
    line = int(at[1]) if at and at[1] else len(text.splitlines())
    message = str(error).partition(" (at ")[0]
    written = [*text.splitlines(), ""][line - 1]
    return TomlMistake(line, f"this is no TOML: {message}{_hint(message, written)}")


def _hint(message: str, line: str) -> str:
    if "\n" in message or "\\n" in message:
        return ': a text has no closing "'
    if "overwrite" in message or "Cannot declare" in message:
        several = ": what comes several times has two brackets: [[blank]]"
        return several if line.lstrip().startswith("[") else ": the same key stands above"
    return next((f": {hint}" for pattern, hint in _HINTS if pattern.search(line)), "")


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
            for depth in range(len(parts)):
                yield (*table, *parts[: depth + 1]), number


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
