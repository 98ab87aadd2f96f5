"""The geometry of the 受付印: where each character of a provider's name stands along the ring, how far it is tilted.

Units are those of the stamp's view box, 120 × 120 with its centre at the origin. Characters are placed one by one:
text along a path would need an id in the page for every stamp.
"""

import math
import unicodedata
import zlib
from typing import NamedTuple

ARC = 214.0  # degrees of the ring that a name may take
OUTER, INNER = 44.5, 34.5  # radius of the base line, of one line or the upper of two, and of the lower
ONE_LINE = 14  # characters (as wide as a kanji) that are legible in one line
LARGEST, SMALLEST = 12.5, 7.6


class Letter(NamedTuple):
    char: str
    turn: float  # degrees clockwise from the top
    radius: float
    size: float


class Line(NamedTuple):
    text: str
    size: float


def _width(char: str) -> float:
    """In units of a kanji's width."""
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.6


def _arc(text: str, radius: float, arc: float) -> list[Letter]:
    total = sum(_width(char) for char in text)
    step = math.degrees(LARGEST * 1.12 / radius)  # a kanji and its air
    step = min(step, arc / max(total, 1.0))
    size = round(max(SMALLEST, min(LARGEST, math.radians(step) * radius / 1.04)), 2)
    placed, at = [], -total * step / 2
    for char in text:
        turn = _width(char) * step
        placed.append(Letter(char, round(at + turn / 2, 2), radius, size))
        at += turn
    return placed


def letters(provider: str) -> list[Letter]:
    """The characters of a provider's name along the upper ring, in two lines where one would be too small."""
    if sum(_width(char) for char in provider) <= ONE_LINE:
        return _arc(provider, OUTER, ARC)
    half = math.ceil(len(provider) * 0.55)  # the upper line is the longer one, as the ring is
    return _arc(provider[:half], OUTER, ARC) + _arc(provider[half:], INNER, ARC - 34)


def number_lines(number: str) -> list[Line]:
    """A receipt number in one line, or in two where it is long, in sizes that stay inside the ring; none for ""."""
    if not number:
        return []
    if len(number) <= 13:
        return [Line(number, round(min(12.0, 84 / (0.58 * len(number))), 2))]
    half = math.ceil(len(number) / 2)
    size = round(min(10.0, 76 / (0.58 * half)), 2)
    return [Line(number[:half], size), Line(number[half:], size)]


def tilt(number: str) -> int:
    """Degrees from -7 to 7: no two stamps are set quite alike, and the same one never moves."""
    return zlib.crc32(number.encode("utf-8", "surrogatepass")) % 15 - 7
