"""Acceptance stamp (受付印): the place and angle of each character of a provider's name along the ring.

Units are those of the stamp's view box, 120 × 120 with its centre at the origin. Each character is placed by itself:
text along a path would need an id in the page for every stamp.
"""

import math
import unicodedata
import zlib
from functools import lru_cache
from typing import NamedTuple

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

RADIUS = (45.0, 34.0)  # of the base line: the only or upper line, the lower line
REACH = (66.0, 60.0)  # degrees from the top to the middle of the last character: below is the band with the day
ONE_LINE = 11  # characters (in widths of a kanji) that are legible in one line
LARGEST = (12.5, 10.3)  # font size with one line, with two


class StampLetter(NamedTuple):
    char: str
    turn: float  # degrees clockwise from the top
    radius: float
    size: float


class StampLine(NamedTuple):
    text: str
    size: float


def _width(char: str) -> float:
    """The width in units of a kanji's width."""
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.6


def _arc(text: str, line: int, largest: float) -> list[StampLetter]:
    radius = RADIUS[line]
    widths = [_width(char) for char in text]
    between = sum(widths) - (widths[0] + widths[-1]) / 2  # from the first character's middle to the last one's
    step = math.degrees(largest * 1.12 / radius)  # a kanji and its air
    if between * step > 2 * REACH[line]:
        step = 2 * REACH[line] / between
    size = round(min(largest, math.radians(step) * radius), 2)
    placed, turn = [], -between * step / 2
    for char, width, following in zip(text, widths, [*widths[1:], 0.0], strict=True):
        placed.append(StampLetter(char, round(turn, 2), radius, size))
        turn += (width + following) / 2 * step
    return placed


def needs_two_lines(provider: str) -> bool:
    """Whether the name would be too small to read in one line."""
    return sum(_width(char) for char in provider) > ONE_LINE


def stamp_letters(provider: str) -> list[StampLetter]:
    """Return the characters of a provider's name along the upper half of the ring."""
    if not needs_two_lines(provider):
        return _arc(provider, 0, LARGEST[0])
    half = math.ceil(len(provider) * 0.57)  # the upper line is the longer one, as the ring is
    return _arc(provider[:half], 0, LARGEST[1]) + _arc(provider[half:], 1, LARGEST[1])


@lru_cache(maxsize=512)
def stamp_lettering(provider: str) -> SafeString:
    """Return the characters as SVG. A book of fourteen notices has two hundred of them, so they are cached."""
    return format_html_join(
        "\n",
        '<text class="stamp-name" y="{}" font-size="{}" transform="rotate({})">{}</text>',
        ((-letter.radius, letter.size, letter.turn, letter.char) for letter in stamp_letters(provider)),
    )


def number_lines(number: str) -> list[StampLine]:
    """Return a receipt number in one line, or in two where it is long, in sizes that fit the ring; [] for ""."""
    if not number:
        return []
    if len(number) <= 13:
        return [StampLine(number, round(min(12.0, 84 / (0.58 * len(number))), 2))]
    half = math.ceil(len(number) / 2)
    after_hyphens = [at + 1 for at, char in enumerate(number) if char == "-" and abs(at + 1 - half) <= 3]
    break_at = min(after_hyphens, key=lambda at: abs(at - half), default=half)
    size = round(min(10.0, 76 / (0.58 * max(break_at, len(number) - break_at))), 2)
    return [StampLine(number[:break_at], size), StampLine(number[break_at:], size)]


def stamp_tilt(number: str) -> int:
    """Return the tilt in degrees, from -7 to 7: stamps differ, but one stamp always has the same tilt."""
    return zlib.crc32(number.encode("utf-8", "surrogatepass")) % 15 - 7
