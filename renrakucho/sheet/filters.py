"""How a fact is said: every way that a sheet may name after the bar in `{fact|way}`.

A way turns the text of one fact into the text that a provider's form expects. The empty text stays empty.
"""

from collections.abc import Callable
from datetime import date

from renrakucho.lib import kana, width
from renrakucho.lib.era import wareki
from renrakucho.lib.phone import parse as parse_phone

Way = Callable[[str], str]


def _of_date(say: Callable[[date], str]) -> Way:
    return lambda text: say(date.fromisoformat(text))


def _phone_part(index: int) -> Way:
    return lambda text: parse_phone(text).parts[index]


def _wide(text: str) -> str:
    # A mark that voices no kana before it (ｺﾟ) is left half width by the library.
    return width.wide(text).translate({ord("ﾞ"): "゛", ord("ﾟ"): "゜"})


WAYS: dict[str, Way] = {
    "katakana": kana.to_katakana,
    "hiragana": kana.to_hiragana,
    "half_kana": kana.half_width,
    "wide": _wide,
    "narrow": width.narrow,
    "digits": width.digits,
    "phone": lambda text: parse_phone(text).text,
    "phone1": _phone_part(0),
    "phone2": _phone_part(1),
    "phone3": _phone_part(2),
    "postal1": lambda text: text[:3],
    "postal2": lambda text: text[3:],
    "postal": lambda text: f"{text[:3]}-{text[3:]}",
    "year": _of_date(lambda on: str(on.year)),
    "month": _of_date(lambda on: str(on.month)),
    "day": _of_date(lambda on: str(on.day)),
    "month2": _of_date(lambda on: f"{on.month:02d}"),
    "day2": _of_date(lambda on: f"{on.day:02d}"),
    "era": _of_date(lambda on: wareki(on).name),
    "era_letter": _of_date(lambda on: wareki(on).letter),
    "era_year": _of_date(lambda on: str(wareki(on).year)),
    "ymd": _of_date(lambda on: on.strftime("%Y%m%d")),
    "slash": _of_date(lambda on: on.strftime("%Y/%m/%d")),
}
