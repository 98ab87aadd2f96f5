"""Text filters: every filter that a sheet may name after the bar in `{fact|filter}`.

A filter turns the text of one fact into the text that a provider's form expects. The empty text stays empty.
"""

import re
from collections.abc import Callable
from datetime import date

from renrakucho.fact.catalogue import Kind
from renrakucho.lib import kana, width
from renrakucho.lib.japanese_numbers import chome_in_digits, chome_in_kanji, japanese_year
from renrakucho.lib.phone import PhoneNumber, is_abroad, parse_phone, phone_text
from renrakucho.sheet.code_tables import FIRST_YEAR, NO, WEEKDAYS

TextFilter = Callable[[str], str]


def _of_date(format_date: Callable[[date], str]) -> TextFilter:
    return lambda text: format_date(date.fromisoformat(text))


def _of_phone(format_number: Callable[[PhoneNumber], str]) -> TextFilter:
    # A number of another country has no Japanese parts: fill_sheet finds it missing, and asks the mover.
    return lambda text: "" if is_abroad(text) else format_number(parse_phone(text))


def _digits(text: str) -> str:
    return "" if text.startswith("+") else width.ascii_digits(text)


def _wide(text: str) -> str:
    # The library leaves a voicing mark half width where no kana can take it (ｺﾟ).
    return width.to_full_width(text).translate({ord("ﾞ"): "゛", ord("ﾟ"): "゜"})


def _hyphens(mark: str) -> TextFilter:
    return lambda text: width.hyphens_as(text, mark)


# 203号室 and 203号 are written into a form that prints 号室 itself.
_ROOM_WORD = re.compile("(?<=[0-9０-９])号室?$")

FILTERS: dict[str, TextFilter] = {
    "katakana": kana.to_katakana,
    "hiragana": kana.to_hiragana,
    "half_kana": kana.to_half_width_kana,
    "large_kana": kana.to_large_kana,
    "wide": _wide,
    "narrow": width.to_ascii_width,
    "digits": _digits,
    "hyphens_wide": _hyphens("－"),
    "hyphens_long": _hyphens("ー"),
    "hyphens_no": _hyphens(NO),
    "chome_kanji": chome_in_kanji,
    "chome_digits": chome_in_digits,
    "bare_room": lambda text: _ROOM_WORD.sub("", text),
    "mail_user": lambda text: text.rpartition("@")[0],
    "mail_domain": lambda text: text.rpartition("@")[2],
    "phone": phone_text,
    "phone_digits": _of_phone(lambda number: number.digits),
    "phone_brackets": _of_phone(lambda number: "{}({}){}".format(*number.parts)),
    "phone1": _of_phone(lambda number: number.parts[0]),
    "phone2": _of_phone(lambda number: number.parts[1]),
    "phone3": _of_phone(lambda number: number.parts[2]),
    "postal1": lambda text: text[:3],
    "postal2": lambda text: text[3:],
    "postal": lambda text: f"{text[:3]}-{text[3:]}",
    "year": _of_date(lambda on: str(on.year)),
    "year2": _of_date(lambda on: f"{on.year % 100:02d}"),
    "month": _of_date(lambda on: str(on.month)),
    "day": _of_date(lambda on: str(on.day)),
    "month2": _of_date(lambda on: f"{on.month:02d}"),
    "day2": _of_date(lambda on: f"{on.day:02d}"),
    "era": _of_date(lambda on: japanese_year(on).name),
    "era_letter": _of_date(lambda on: japanese_year(on).letter),
    "era_year": _of_date(lambda on: str(japanese_year(on).year)),
    "era_year2": _of_date(lambda on: f"{japanese_year(on).year:02d}"),
    "era_year_word": _of_date(lambda on: str(japanese_year(on).year) if japanese_year(on).year > 1 else FIRST_YEAR),
    "weekday": _of_date(lambda on: WEEKDAYS[on.weekday()]),
    "ymd": _of_date(lambda on: on.strftime("%Y%m%d")),
    "slash": _of_date(lambda on: on.strftime("%Y/%m/%d")),
    "slash1": _of_date(lambda on: f"{on.year}/{on.month}/{on.day}"),
}

# The kind of fact that a filter is for; a filter that is not here takes any text.
FILTER_KINDS: dict[str, Kind] = {
    **dict.fromkeys((name for name in FILTERS if name.startswith("phone")), "phone"),
    **dict.fromkeys((name for name in FILTERS if name.startswith("postal")), "postal_code"),
    **dict.fromkeys((name for name in FILTERS if name.startswith("mail")), "email"),
    **dict.fromkeys((name for name in FILTERS if name.startswith(("year", "month", "day", "era"))), "date"),
    **dict.fromkeys(("weekday", "ymd", "slash", "slash1"), "date"),
}
