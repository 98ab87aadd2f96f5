"""Kanji variants to suggest for characters that a form's encoding lacks. They are offered, never applied by themselves.

The pairs are kanji that differ in shape alone and that the same family may write either way; the left one is outside
JIS X 0208 and its vendor rows, the right one is inside: old or fuller shapes beside the simplified ones of the Jōyō
kanji table (2010-11-30) and of JIS X 0208:1997, and everyday 俗字 of family registers. Nobody's official list: which
shape a name has is for the mover to say.
"""

from renrakucho.lib.browser_encoding import unencodable_characters
from renrakucho.lib.typed_text import SELECTORS

VARIANTS = {
    "𠮷": "吉",
    "𡈽": "土",
    "𣘺": "橋",
    "𥔎": "崎",
    "𦚰": "脇",
    "𠀋": "丈",
    "𠮟": "叱",
    "𡌛": "野",
    "𡑮": "埼",
    "𥱋": "簗",
    "鷗": "鴎",
    "噓": "嘘",
    "摑": "掴",
    "搔": "掻",
    "攢": "攅",
    "瘦": "痩",
    "繫": "繋",
    "蔣": "蒋",
    "醬": "醤",
    "蠟": "蝋",
    "頰": "頬",
    "顚": "顛",
    "剝": "剥",
    "塡": "填",
    "姸": "妍",
    "屛": "屏",
    "幷": "并",
    "潑": "溌",
    "禱": "祷",
    "簞": "箪",
    "萊": "莱",
    "鹼": "鹸",
    "麴": "麹",
    "吞": "呑",
    "倂": "併",
    "俠": "侠",
    "卽": "即",
    "曆": "暦",
    "涉": "渉",
    "狀": "状",
    "錄": "録",
    "鍊": "錬",
    "黃": "黄",
    "步": "歩",
    "戶": "戸",
    "絕": "絶",
    "緣": "縁",
    "巢": "巣",
    "每": "毎",
}


def suggest_variant(text: str, encoding: str) -> str | None:
    """The text in variants that the encoding has; None where a character has no such variant."""
    text = SELECTORS.sub("", text)
    for character in unencodable_characters(text, encoding):
        if character not in VARIANTS:
            return None
        text = text.replace(character, VARIANTS[character])
    return None if unencodable_characters(text, encoding) else text
