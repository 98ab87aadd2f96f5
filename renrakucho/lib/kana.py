"""Kana conversion between hiragana, katakana and half-width katakana."""

import re

import jaconv

# With small ゕゖヵヶ, the iteration marks of both scripts, the long vowel mark, the middle dot and spaces.
_KANA = re.compile("[ぁ-ゖゝゞァ-ヺヽヾー・ \u3000]+")

_LARGE = str.maketrans(
    "ァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎゕゖｧｨｩｪｫｯｬｭｮ",
    "アイウエオツヤユヨワカケあいうえおつやゆよわかけｱｲｳｴｵﾂﾔﾕﾖ",
)


def to_katakana(s: str) -> str:
    """Hiragana and half-width katakana become full-width katakana; everything else stays."""
    return jaconv.hira2kata(jaconv.h2z(s))


def to_hiragana(s: str) -> str:
    """Katakana of either width becomes hiragana; everything else stays."""
    return jaconv.kata2hira(jaconv.h2z(s))


def to_half_width_kana(s: str) -> str:
    """Kana, ー・「」。、 and the space become half width; ヮヰヱヵヶ, which have no half-width form, stay."""
    return jaconv.z2h(jaconv.hira2kata(s)).replace("\u3000", " ")


def to_large_kana(s: str) -> str:
    """Small kana become large ones, as banks and old forms want them: キャッシュ gives キヤツシユ. Of either width."""
    return s.translate(_LARGE)


def is_kana(s: str) -> bool:
    """Whether `s` is hiragana, full-width katakana, ー, ・ and spaces only, with at least one kana."""
    return bool(_KANA.fullmatch(s)) and bool(s.strip("ー・ \u3000"))
