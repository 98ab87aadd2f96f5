"""Numerals of addresses: 12, １２, 十二, 一二, 弐拾."""

import re
from functools import lru_cache

DIGITS = "〇一二三四五六七八九"
_VALUE = {c: i for i, c in enumerate(DIGITS)} | {"零": 0, "壱": 1, "壹": 1, "弐": 2, "貳": 2, "参": 3, "參": 3}
_UNIT = {"十": 10, "拾": 10, "百": 100, "千": 1000}
KANJI = "".join(_VALUE) + "".join(_UNIT)
_PLACES = ((1000, "千"), (100, "百"), (10, "十"))
_STRUCTURED = re.compile(
    r"(?:[一二三四五六七八九]?千)?(?:[一二三四五六七八九]?百)?(?:[一二三四五六七八九]?十)?[一二三四五六七八九]?"
)
_PLAIN = str.maketrans("零壱壹弐貳参參拾", "〇一一二二三三十")


@lru_cache(maxsize=10_000)
def digits_to_kanji(digits: str) -> str:
    """Convert '24' to '二十四'. A text that is no number from 1 to 9999 is returned as it is."""
    if len(digits) > 4 or not digits.isascii() or not digits.isdecimal() or int(digits) == 0:
        return digits
    left = int(digits)
    said = ""
    for place, name in _PLACES:
        count, left = divmod(left, place)
        if count:
            said += (DIGITS[count] if count > 1 else "") + name
    return said + (DIGITS[left] if left else "")


def kanji_to_digits(said: str) -> str:
    """Convert '二十四', '二四' and '24' to '24'. "" where the text is no well-formed number (三五十)."""
    if said.isascii():
        return str(int(said)) if said.isdecimal() else ""
    plain = said.translate(_PLAIN)
    if not any(c in _UNIT for c in plain):
        return str(int("".join(str(_VALUE[c]) for c in plain))) if all(c in _VALUE for c in plain) else ""
    if not _STRUCTURED.fullmatch(plain):
        return ""
    total, digit = 0, 0
    for c in plain:
        if c in _UNIT:
            total += (digit or 1) * _UNIT[c]
            digit = 0
        else:
            digit = _VALUE[c]
    return str(total + digit)
