"""The number before 丁目, in kanji and in digits. Only where 丁目 is written: 1-2-3 does not say what its 1 is."""

import re

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
