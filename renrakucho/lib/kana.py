"""Kana: conversion between hiragana, katakana and half-width katakana, and readings in the kana that forms take."""

import re
import unicodedata

import jaconv

# With small ゕゖヵヶ, the iteration marks of both scripts, the long vowel mark, the middle dot and spaces.
_KANA = re.compile("[ぁ-ゖゝゞァ-ヺヽヾー・ \u3000]+")
# Beside them, what names of other languages have in their reading: ＝ between parts, and an apostrophe.
_DOUBLE_HYPHENS, _APOSTROPHES = "=＝゠⹀", "'’‘ʼ＇′`´"
_NOT_READING = re.compile(f"[^ぁ-ゖゝゞゟァ-ヿｦ-ﾟ･ \u3000{_DOUBLE_HYPHENS}{_APOSTROPHES}]+|^[ 　]*[ゝゞヽヾ]")
_RARE = {
    ord("ヷ"): "ヴァ",
    ord("ヸ"): "ヴィ",
    ord("ヹ"): "ヴェ",
    ord("ヺ"): "ヴォ",
    ord("ゟ"): "より",
    ord("ヿ"): "コト",
}
_NO_HALF_WIDTH = {ord("ヮ"): "ﾜ", ord("ヰ"): "ｲ", ord("ヱ"): "ｴ", ord("ヵ"): "ｶ", ord("ヶ"): "ｹ"}
_REPEATED = re.compile("([ぁ-ゖァ-ヶｦ-ﾝ])([ﾞﾟ]?)([ゝヽゞヾ])")
_VOICED = "ゞヾ"
_HALF_WIDTH = re.compile("[ｦ-ﾟ]")
# Kanji that keyboards and scanners give for katakana.
LOOKS_LIKE_KANA = {
    "力": "カ", "口": "ロ", "二": "ニ", "八": "ハ", "夕": "タ", "卜": "ト", "工": "エ", "千": "チ", "三": "ミ",
    "才": "オ", "丿": "ノ", "厶": "ム", "又": "ヌ", "一": "ー",
}  # fmt: skip

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


def not_in_reading(s: str) -> str:
    """The first run of characters that no reading of a name has; "" where all of them can stand in one."""
    found = _NOT_READING.search(s)
    return found[0].strip() if found else ""


def plain_kana(s: str) -> str:
    """A reading in the kana that forms take: みすゞ is みすず, サン＝ポール is サン・ポール, オ'ニール is オニール.

    In half width the kana that have no half-width form are written by those that banks use (ヱ as ｴ).
    """
    half = bool(_HALF_WIDTH.search(s))
    s = re.sub(f"[{_DOUBLE_HYPHENS}]", "･" if half else "・", re.sub(f"[{_APOSTROPHES}]", "", s))
    s = s.translate(_RARE | (_NO_HALF_WIDTH if half else {}))
    while (repeated := _REPEATED.sub(_repeat, s)) != s:  # みゝゝ: each takes the kana that the one before has become
        s = repeated
    return s


def _repeat(found: re.Match[str]) -> str:
    kana, mark, again = found.groups()
    base = unicodedata.normalize("NFD", kana)[0]
    if again not in _VOICED:
        return kana + mark + base
    voiced = f"{base}ﾞ" if _HALF_WIDTH.fullmatch(base) else unicodedata.normalize("NFC", f"{base}\u3099")
    return kana + mark + (voiced if len(voiced) == 1 or voiced.endswith("ﾞ") else base)
