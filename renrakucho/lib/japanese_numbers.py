"""Japanese numbers: years of an era (和暦), and the number before 丁目 in kanji or digits.

A number is rewritten only where 丁目 is written after it: in 1-2-3 nobody knows what the 1 is.
"""

import re
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


_KANJI = "〇一二三四五六七八九"
_TEN = "十"
_IN_DIGITS = re.compile("([0-9０-９]{1,2})丁目")
_IN_KANJI = re.compile("([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])丁目")


def chome_in_kanji(s: str) -> str:
    """九段南1丁目 and 九段南１丁目 become 九段南一丁目; 12丁目 becomes 十二丁目. From 1 to 99."""
    return _IN_DIGITS.sub(lambda found: f"{_kanji(int(found[1])) or found[1]}丁目", s)


def chome_in_digits(s: str) -> str:
    """九段南一丁目 becomes 九段南1丁目."""
    return _IN_KANJI.sub(lambda found: f"{_number(found[1])}丁目", s)


def _kanji(n: int) -> str:
    tens, ones = divmod(n, 10)
    return (_KANJI[tens] if tens > 1 else "") + (_TEN if tens else "") + (_KANJI[ones] if ones else "")


def _number(kanji: str) -> int:
    tens, ten, ones = kanji.rpartition(_TEN)
    return (_KANJI.index(tens or "一") * 10 if ten else 0) + (_KANJI.index(ones) if ones else 0)


def western_year(era: str, year: int) -> int:
    """The year of an era's year, by its name or letter: 令和 8 and R 8 give 2026, and so does 平成 38."""
    first, _name, letter = next(one for one in _ERAS if era in one[1:])
    return first.year + year - (_MEIJI_6 if letter == "M" else 1)


def digits_for_kanji(s: str) -> str:
    """Numbers in kanji become digits: 八年十二月五日 gives 8年12月5日, 二〇二六年 gives 2026年."""
    return _IN_KANJI_DIGITS.sub(lambda found: _digits_of(found[0]), s)


def _digits_of(kanji: str) -> str:
    if _TEN in kanji:
        return str(_number(kanji))
    return "".join(str(_KANJI.index(one)) for one in kanji)


_IN_KANJI_DIGITS = re.compile(f"[一二三四五六七八九]?十[一二三四五六七八九]?|[{_KANJI}]+")
