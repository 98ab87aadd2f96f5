"""Folding (normalisation): turn a written text into the key that towns and municipalities are compared by.

The key does not depend on the spelling (width, kana or kanji forms, ケ and ヶ, old and new kanji, 大字 and 字, 12 and
十二), and each of its characters remembers where in the text it came from.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from renrakucho.address.written.numerals import digits_to_kanji
from renrakucho.lib.typed_text import RADICALS, SELECTORS, unseen_as
from renrakucho.lib.width import HYPHENS

VARIANTS = Path(__file__).parent / "data" / "variants.txt"
_GONE = "\0"
_WIDTHS = ((0x2010, 0x2040), (0x2460, 0x2500), (0x2E80, 0x3400), (0xF900, 0xFB00), (0xFE30, 0xFFF0), (0x2F800, 0x2FA20))
_DASHES = HYPHENS + "〜～~"  # in an address 1～2 is 1-2
_LEFT_OUT = " \t\r\n\v\f\u3000,、。，．.・･|/／「」『』【】[]〔〕\"'“”‘’?？!！*＊\u3099\u309a"
_HANGING = re.compile(f"(?:{SELECTORS.pattern}|[\u3099\u309a])+")  # they belong to the character before them
_SAME = ("ケヶがガヵカか箇个", "ノの之乃丿", "ツっッつ", "-" + _DASHES)
_APART = re.compile(r"(?<=[0-9])\0(?=\0*[0-9])")
_RUNS = re.compile(r"大字|小字|(?:^|(?<=[市町村区]))字|(?<![文十万])字(?=[^0-9-])|(?<![0-9])[0-9]{1,4}(?![0-9])")
_MARKED = re.compile("[\u3099\u309a\uff9e\uff9f]")


@cache
def _table() -> dict[int, str]:
    """Character → character, for all folding that does not depend on neighbours."""
    forms: dict[str, str] = {chr(c): _GONE for c in (*range(32), *range(127, 160))}
    forms |= dict.fromkeys(_LEFT_OUT, _GONE)
    forms |= {chr(radical): kanji for radical, kanji in RADICALS.items()}
    for start, end in _WIDTHS:
        for c in map(chr, range(start, end)):
            plain = unicodedata.normalize("NFKC", c)
            if len(plain) == 1 and plain != c:
                forms.setdefault(c, plain)
    groups = VARIANTS.read_text(encoding="utf-8").splitlines()
    alike = {c: g[0] for line in groups if not line.startswith("#") for g in line.split() for c in g[1:]}
    alike |= {chr(c): chr(c + 0x60) for c in range(0x3041, 0x3097)}
    alike |= {c: chr(ord(c) + 1) for c in "ァィゥェォャュョ"} | {c: chr(ord(c) + 0x61) for c in "ぁぃぅぇぉゃゅょ"}
    alike |= {c: group[0] for group in _SAME for c in group[1:]}
    alike |= {chr(c): chr(c - 32) for c in range(97, 123)}
    forms = {c: alike.get(plain, plain) for c, plain in forms.items()}
    return {ord(c): plain for c, plain in (forms | alike).items()}


class FoldedText(NamedTuple):
    """A key, and for each of its characters the start and end of its typed text."""

    text: str
    key: str
    starts: list[int]
    ends: list[int]

    def start(self, at: int) -> int:
        """Return where in the typed text the key's character `at` begins; the text's end behind the last character."""
        return self.starts[at] if at < len(self.starts) else (self.ends[-1] if self.ends else 0)

    def end(self, at: int) -> int:
        """Return where in the typed text the first `at` characters of the key end, with the selectors behind them."""
        end = self.ends[at - 1] if at else 0
        hanging = _HANGING.match(self.text, end) if at else None
        return hanging.end() if hanging else end

    def typed_digit(self, at: int) -> bool:
        """Whether the key's character was typed as a digit (12), not as a kanji (十二)."""
        return self.text[self.starts[at]].isdigit()

    def gap(self, at: int) -> bool:
        """Whether something that the key leaves out, a space or 字, was typed before the key's character `at`."""
        between = self.text[self.ends[at - 1] : self.starts[at]]
        return any(c.isspace() or c in "字、,，・「" for c in between)

    def without(self, start: int, end: int) -> "FoldedText":
        """Return the text with a key that lacks the characters from `start` to `end`."""
        return FoldedText(
            self.text,
            self.key[:start] + self.key[end:],
            self.starts[:start] + self.starts[end:],
            self.ends[:start] + self.ends[end:],
        )

    def splits(self, at: int) -> bool:
        """Whether the key may be cut before `at`: not inside a typed number."""
        return at >= len(self.starts) or not at or self.starts[at] != self.starts[at - 1]


def fold_text(text: str) -> FoldedText:
    """Fold a text; remember where each character of the key came from."""
    plain = _composed(unseen_as(_GONE, text)).translate(_table())
    kept: Sequence[int] = range(len(plain))
    past: Sequence[int] = range(1, len(plain) + 1)
    if _GONE in plain:
        plain = _APART.sub(" ", plain)
        kept = [at for at, c in enumerate(plain) if c != _GONE]
        past = [at + 1 for at in kept]
        plain = plain.replace(_GONE, "")
    if "々" in plain:
        plain = _doubled(plain)
    key: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = 0
    for run in _RUNS.finditer(plain):
        a, b = run.span()
        key.append(plain[last:a])
        starts += kept[last:a]
        ends += past[last:a]
        last = b
        if "0" <= run[0][0] <= "9":
            number = digits_to_kanji(run[0])
            key.append(number)
            starts += [kept[a]] * len(number)
            ends += [past[b - 1]] * len(number)
    key.append(plain[last:])
    starts += kept[last:]
    ends += past[last:]
    return FoldedText(text, "".join(key), starts, ends)


def fold_key(text: str) -> str:
    """Fold a text; return the key alone."""
    return fold_text(text).key


def _composed(text: str) -> str:
    """Compose か and a voicing mark to が; the mark's place stays empty, so that the length is the same."""
    if not _MARKED.search(text):
        return text
    out = list(text)
    for mark in _MARKED.finditer(text):
        at = mark.start()
        if at:
            pair = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", out[at - 1]) + mark[0])
            if len(pair) == 1:
                out[at - 1] = pair
                out[at] = _GONE
    return "".join(out)


def _doubled(plain: str) -> str:
    """代々木 as 代代木."""
    out = list(plain)
    for at, c in enumerate(out):
        if c == "々" and at:
            out[at] = out[at - 1]
    return "".join(out)


@cache
def _kanji_table() -> dict[int, str]:
    """Character → character for widths and the shapes of one kanji, and nothing that tells two names apart (之, 乃)."""
    groups = [line for line in VARIANTS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    alike = {c: group[0] for line in groups for group in line.split() for c in group[1:]}
    forms = {chr(radical): kanji for radical, kanji in RADICALS.items()}
    for start, end in _WIDTHS:
        for c in map(chr, range(start, end)):
            plain = unicodedata.normalize("NFKC", c)
            if len(plain) == 1:
                forms.setdefault(c, plain)
    return {ord(c): alike.get(plain, plain) for c, plain in (alike | forms).items()}


def kanji_key(text: str) -> str:
    """The text of a person's name with one width and one shape of each kanji (髙 as 高), for comparing only."""
    return _doubled(_composed(SELECTORS.sub("", text)).replace(_GONE, "").translate(_kanji_table()))


NO = "のノ之丿"  # between two numbers
_WIDE = ((0x2460, 0x2500), (0xFF00, 0xFFF0))


@cache
def _narrow_table() -> dict[int, str]:
    forms: dict[int, str] = {}
    for start, end in _WIDE:
        for c in range(start, end):
            plain = unicodedata.normalize("NFKC", chr(c))
            if len(plain) == 1:
                forms[c] = plain
    forms |= dict.fromkeys((*range(32), *range(127, 160), *map(ord, "\u3000\u3099\u309a")), " ")
    return forms | {ord(c): "-" for c in _DASHES} | {ord(c): "," for c in "、，"}


def narrow_in_place(text: str) -> str:
    """Return the text with digits, letters, hyphens and spaces in ASCII, of the same length."""
    return unseen_as(" ", text).translate(_narrow_table())
