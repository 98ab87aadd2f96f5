"""Full width and ASCII width of letters, digits and marks. NFKC is not used: it changes kanji of names too."""

import re

import jaconv

_ASCII = range(0x21, 0x7F)
_SHIFT = 0xFEE0  # U+FF01 is the full-width form of U+0021, and so on

# Everything that people type for a hyphen: hyphens, dashes, minus signs, the long vowel mark, box drawing lines.
# Not 一 (the number one) and not 〜 (from … to …).
HYPHENS = "-‐‑‒–—―−－﹣⁃ー─━\uff70"

_NARROW = {code + _SHIFT: chr(code) for code in _ASCII if chr(code) not in "-~"} | {ord("\u3000"): " "}
_WIDE = {code: chr(code + _SHIFT) for code in _ASCII} | {ord(" "): "\u3000"}
_JOINING = re.compile(f"(?<=[0-9A-Za-z])[{re.escape(HYPHENS)}](?=[0-9A-Za-z])")

_JOINING_ANY = re.compile(f"(?<=[0-9A-Za-z０-９Ａ-Ｚａ-ｚ])[{re.escape(HYPHENS)}](?=[0-9A-Za-z０-９Ａ-Ｚａ-ｚ])")


def to_ascii_width(s: str) -> str:
    """Full-width letters, digits, marks and space become ASCII: 「１−２ー３　Ａ」 gives 「1-2-3 A」.

    A hyphen-like mark becomes "-" only between two letters or digits: elsewhere it may be
    a long vowel (タワー). ～ stays, since 1～2 is not 1-2.
    """
    return _JOINING.sub("-", s.translate(_NARROW))


def hyphens_as(s: str, mark: str) -> str:
    """Replace every hyphen-like mark between two letters or digits of any width by `mark`.

    １－２ー３ and 1-2-3 with 「の」 give １の２の３ and 1の2の3. A name keeps its marks: タワー１, パーク－イースト.
    """
    return _JOINING_ANY.sub(mark, s)


def to_full_width(s: str) -> str:
    """ASCII and half-width kana become full width, the space too: 「ｺｰﾎﾟ 1-A」 gives 「コーポ　１－Ａ」."""
    return jaconv.h2z(s.translate(_WIDE))


def ascii_digits(s: str) -> str:
    """The digits of `s`, as ASCII: 「〒１００-0001」 gives 「1000001」."""
    return "".join(char for char in s.translate(_NARROW) if char in "0123456789")
