"""Postal codes as people type them."""

import unicodedata
from typing import Literal

Reason = Literal["letters", "length", "unknown"]

# What stands between or before the digits: 〒, spaces and everything that looks like a hyphen, the long vowel mark too.
_BESIDE_DIGITS = str.maketrans("", "", "〒 \t-‐‑‒–—―−－ー")


class BadPostalCode(ValueError):
    """`reason`: letters (something other than digits), length (not seven digits), unknown (no such code)."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def parse(typed: str) -> str:
    """Seven ASCII digits out of what was typed: full width, hyphens, 〒 and spaces are understood."""
    if len(typed) == 7 and typed.isascii() and typed.isdecimal():
        return typed  # as our own links have it
    digits = unicodedata.normalize("NFKC", typed).translate(_BESIDE_DIGITS)
    if digits and not (digits.isascii() and digits.isdecimal()):
        raise BadPostalCode("letters")
    if len(digits) != 7:
        raise BadPostalCode("length")
    return digits
