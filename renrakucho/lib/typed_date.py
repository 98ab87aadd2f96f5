"""Dates as people type them: with an era (令和8, R8), two digits of a year, a whole date in one field, or no year."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from renrakucho.lib.japanese_numbers import digits_for_kanji, western_year
from renrakucho.lib.typed_text import clean_code
from renrakucho.lib.width import HYPHENS

_WEEKDAY = re.compile(r"[\s,]*(?:[(（][月火水木金土日](?:曜日?)?[)）]|[月火水木金土日]曜日?)$")
_BETWEEN = rf"\s*[/.,{re.escape(HYPHENS)}\s]\s*"
_YEAR = r"(?P<year>'?(?:令和|平成|昭和|[RHS]\.?)?\s*[0-9]{1,4})"
_WHOLE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:{_YEAR}(?:\s*年\s*|{_BETWEEN}))?(?P<month>[0-9]{{1,2}})(?:\s*月\s*|{_BETWEEN})(?P<day>[0-9]{{1,2}})\s*日?",
        r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
        r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[\s,.-]+(?P<name>[a-z]{3,9})\.?(?:[\s,.-]+(?P<year>[0-9]{4}))?",
        r"(?P<name>[a-z]{3,9})\.?[\s,.-]*(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?:[\s,.-]+(?P<year>[0-9]{4}))?",
    )
)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
_ERA_YEAR = re.compile(r"(令和|平成|昭和|[RHS])\.?\s*([0-9]{1,2})", re.IGNORECASE)
_CENTURY, _REIWA = 2000, "令和"


@dataclass(frozen=True, slots=True)
class WholeDate:
    """A date in one text. `year` as typed; "" where none was."""

    year: str
    month: int
    day: int


def whole_date(typed: str) -> WholeDate | None:
    """Read a whole date: 2026/12/5, 20261205, 令和8年12月5日, R8.12.5, 12月5日(土), Dec 5, 2026. None: not one."""
    text = _plain(typed)
    for pattern in _WHOLE:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        said = found.groupdict()
        month = _month_named(said["name"]) if "name" in said else int(said["month"])
        if month:
            return WholeDate(said.get("year") or "", month, int(said["day"]))
    return None


def possible_years(typed: str) -> tuple[int, ...]:
    """The years that a text may mean: one for 2026, 2026年, 令和8 and R8; two for 26 and 8; none for any other text."""
    text = _plain(typed).strip("'./, ").removeprefix("西暦").removesuffix("年").strip()
    if era := _ERA_YEAR.fullmatch(text):
        return (western_year(era[1].upper(), int(era[2])),)
    if re.fullmatch("[0-9]{4}", text):
        return (int(text),)
    if re.fullmatch("[0-9]{1,2}", text):
        return (_CENTURY + int(text), western_year(_REIWA, int(text)))
    return ()


def month_typed(typed: str) -> int | None:
    """Read a month: 12, 12月, 十二. None for any other text."""
    return _number_before("月", typed)


def day_typed(typed: str) -> int | None:
    """Read a day of the month: 5, 5日, 5日(土), 五. None for any other text."""
    return _number_before("日", typed)


def _number_before(unit: str, typed: str) -> int | None:
    found = re.fullmatch(rf"([0-9]{{1,2}})\s*{unit}?", _plain(typed))
    return int(found[1]) if found else None


def years_around(on: date) -> tuple[int, ...]:
    """The years that a day without one may be in."""
    return (on.year - 1, on.year, on.year + 1)


def nearest_date(years: tuple[int, ...], month: int, day: int, on: date) -> date | None:
    """Of this day in each of the years the one that is nearest to a date; None where no calendar has it."""
    found = [made for year in years if (made := _date(year, month, day))]
    return min(found, key=lambda made: abs(made - on), default=None)


def likely_year(on: date) -> int:
    """The year of most moves that are told on this day: about two weeks ahead."""
    return (on + timedelta(days=14)).year


def last_day_of(year: int, month: int) -> int:
    """The number of days of a month."""
    return monthrange(year, month)[1]


def _plain(typed: str) -> str:
    text = clean_code(typed).replace("㋿", "令和").replace("㍻", "平成").replace("元年", "1年")
    return _WEEKDAY.sub("", digits_for_kanji(text)).strip()


def _month_named(name: str) -> int:
    match [at for at, month in enumerate(_MONTHS, start=1) if month.startswith(name.lower())]:
        case [only]:
            return only
    return 0


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
