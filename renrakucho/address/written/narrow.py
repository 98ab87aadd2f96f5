"""Bring a text to narrow forms one character for one, so that places in it stay what they were."""

import unicodedata
from functools import cache

from renrakucho.address.written.fold import HYPHENS, SELECTORS

NO = "のノ之丿"  # between two numbers
_WIDE = ((0x2460, 0x2500), (0xFF00, 0xFFF0))
_SPACES = "\t\r\n\v\f\u3000\u00a0\u200b\u2060\ufeff\u2028\u2029\u0085"


@cache
def _table() -> dict[int, str]:
    forms: dict[int, str] = {}
    for start, end in _WIDE:
        for c in range(start, end):
            plain = unicodedata.normalize("NFKC", chr(c))
            if len(plain) == 1:
                forms[c] = plain
    forms |= {ord(c): " " for c in (*_SPACES, *SELECTORS)} | dict.fromkeys((*range(32), *range(127, 160)), " ")
    return forms | {ord(c): "-" for c in HYPHENS} | {ord(c): "," for c in "、，"}


def narrow(text: str) -> str:
    """Digits, letters, hyphens and spaces in their ASCII forms: as many characters as before."""
    return text.translate(_table())
