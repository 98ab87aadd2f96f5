"""Input cleaning: everything that people type or paste is cleaned here, by what is harmless and by nothing else.

Harmless is what nobody can see afterwards: marks that show nothing, sorts of spaces, a letter in two code points that
has one, a radical that stands for its kanji. A kanji is never exchanged for another: 神 U+FA19 stays, and so does a
variation selector in a name. `find_unreadable` finds what is left and cannot be meant, for a message at the field.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from renrakucho.lib.width import HYPHENS, to_ascii_width

Unreadable = Literal["unseen", "reversed", "break", "garbled", "private"]

# A variation selector chooses a drawn shape of the character before it (葛 and U+E0100).
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")

# Soft hyphen, grapheme joiner, direction marks (address books put them round numbers), zero width space, word joiner,
# BOM, marks of ruby, tags, Hangul fillers. Not U+202E: it shows a text backwards, so that another one was read.
_MARKS = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u180b-\u180e\u200b\u200e\u200f\u202a-\u202d\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]"
)
# Joiners mean something in the scripts of Arabia and India, and in emoji. Elsewhere they show nothing.
_JOINERS = re.compile("(?<![\u0600-\u0dff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]|[\u200c\u200d]$")
_SPACES = re.compile("[\t\v\f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800]")
_LINES = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_HALF_VOICED = re.compile("(?<=[\uff66-\uff9d])[\u3099\u309a]")
_HALF_MARKS = {"\u3099": "\uff9e", "\u309a": "\uff9f"}
# Normalising would exchange these kanji of names (神 U+FA19): everything between them is composed.
_BUT_NAMES = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")
# PDF files and phones give a kanji's radical for the kanji. Unicode's compatibility mappings know those of Kangxi;
# these are the others that stand alone in names and words and are drawn as their kanji.
RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)} | {
    ord(radical): kanji
    for radical, kanji in {
        "⺟": "母", "⺠": "民", "⻁": "虎", "⻄": "西", "⻆": "角", "⻑": "長", "⻘": "青", "⻝": "食", "⻤": "鬼",
        "⻨": "麦", "⻩": "黄", "⻫": "斉", "⻭": "歯", "⻯": "竜", "⻲": "亀", "⻞": "食",
    }.items()
}  # fmt: skip
# Each is one character: where a text's places count (the address parser's), it can be replaced by another one.
_UNSEEN = re.compile(f"{_MARKS.pattern}|{SELECTORS.pattern}|[\u200c\u200d]")
_UNREADABLE: tuple[tuple[Unreadable, re.Pattern[str]], ...] = (
    ("break", re.compile("[\r\n]")),
    ("reversed", re.compile("\u202e")),
    ("garbled", re.compile("[\ufffd\ud800-\udfff\x80-\x9f\ufdd0-\ufdef]")),
    ("private", re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")),
    ("unseen", re.compile("[\x00-\x08\x0e-\x1f\x7f]")),
)
_AROUND = 6  # characters shown on each side of an unreadable one
_PLACE = "■"


@dataclass(frozen=True, slots=True)
class UnreadableCharacter:
    """`shown`: the text around it, with ■ in its place."""

    kind: Unreadable
    shown: str


def clean_line(typed: str) -> str:
    """Clean a text of one line: a name, a town, a building. Spaces around it are dropped."""
    return _clean(_SPACES.sub(" ", typed)).strip()


def clean_lines(typed: str) -> str:
    """Clean a text of several lines; each line end becomes a plain one."""
    return "\n".join(_clean(_SPACES.sub(" ", line)) for line in _LINES.sub("\n", typed).split("\n")).strip()


def clean_query(typed: str) -> str:
    """Clean a text to search by, or a reading: a line without any mark that cannot be seen."""
    return _UNSEEN.sub("", clean_line(typed))


def clean_code(typed: str) -> str:
    """Clean a number, a code or an address of a machine: in ASCII width, and without any mark that cannot be seen."""
    return to_ascii_width(clean_query(typed))


def unseen_as(place: str, text: str) -> str:
    """Return the text of the same length, with `place` (one character) for all that shows nothing, and plain spaces."""
    return _SPACES.sub(" ", _UNSEEN.sub(place, text))


def find_unreadable(text: str, *, in_lines: bool = False) -> UnreadableCharacter | None:
    """Return the first character of a cleaned text that cannot be meant, or None. `in_lines`: line ends are allowed."""
    for kind, pattern in _UNREADABLE:
        found = None if in_lines and kind == "break" else pattern.search(text)
        if found:
            before, after = text[: found.start()][-_AROUND:], text[found.end() :][:_AROUND]
            return UnreadableCharacter(kind, f"{_printable(before)}{_PLACE}{_printable(after)}")
    return None


def _clean(text: str) -> str:
    text = _JOINERS.sub("", _MARKS.sub("", text)).translate(RADICALS)
    text = _HALF_VOICED.sub(lambda found: _HALF_MARKS[found[0]], text)
    return _BUT_NAMES.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else _PLACE for char in text)


# In a reading nothing else is meant by these: every dash, the number one and the wave after a kana are a long vowel.
_KANA = "ぁ-ゖゝゞァ-ヺーヽヾｦ-ﾟ"
_LONG_VOWEL = re.compile(f"(?<=[{_KANA}])[{re.escape(HYPHENS)}一〜～~]")
_SPACED_VOICING = re.compile("([か-ほカ-ホうウゝヽｦ-ﾝ])[ 　]?([゛゜])")
_VOICING = {"゛": "\u3099", "゜": "\u309a"}
_MIDDLE_DOTS = re.compile("[·•∙⋅‧･]")
_HALF_KANA = re.compile("[ｦ-ﾟ]")


def clean_kana(typed: str) -> str:
    """Clean the reading of a name: its dashes, dots and voicing marks become those of kana. Width and script stay."""
    text = clean_query(typed)
    text = _LONG_VOWEL.sub(lambda found: "ｰ" if _HALF_KANA.fullmatch(text[found.start() - 1]) else "ー", text)
    text = _MIDDLE_DOTS.sub(lambda found: found[0] if found[0] == "･" else "・", text)
    return _clean(_SPACED_VOICING.sub(lambda found: found[1] + _VOICING[found[2]], text))
