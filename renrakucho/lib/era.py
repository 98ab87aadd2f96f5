"""The Japanese calendar's years (和暦)."""

from dataclasses import dataclass
from datetime import date

# First days, from the cabinet orders that changed the era. Before 1873 Japan counted another calendar's days.
_ERAS = (
    (date(2019, 5, 1), "令和", "R"),
    (date(1989, 1, 8), "平成", "H"),
    (date(1926, 12, 25), "昭和", "S"),
    (date(1912, 7, 30), "大正", "T"),
    (date(1873, 1, 1), "明治", "M"),
)
_MEIJI_6 = 6


@dataclass(frozen=True, slots=True)
class JapaneseYear:
    name: str  # "令和"
    letter: str  # "R"
    year: int  # 1 for 元年


def japanese_year(on: date) -> JapaneseYear:
    """The era and its year on that day. ValueError before 1873 (明治6年)."""
    for first, name, letter in _ERAS:
        if on >= first:
            return JapaneseYear(name, letter, on.year - first.year + (_MEIJI_6 if letter == "M" else 1))
    raise ValueError("before the Gregorian calendar in Japan")
