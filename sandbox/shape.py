"""Formats of values that old forms demand: a pattern each, with its error text."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """`pattern` has to match all of the value, `error` follows the label in a message, FORMS.md has `description`."""

    pattern: re.Pattern[str]
    error: str
    description: str


def _shape(pattern: str, error: str, description: str) -> Shape:
    return Shape(re.compile(pattern), error, description)


SHAPES: dict[str, Shape] = {
    "any": _shape(r"[^\r\n]*", "は１行で入力してください。", "any text on one line"),
    "lines": _shape(r"(?s:.*)", "", "any text, lines allowed"),
    # "Full width" as old sites check it: nothing of ASCII and no half-width kana. Ａ, ５ and － (U+FF0D) are.
    "wide": _shape(
        r"[^\x00-\x7f\uff61-\uff9f]*",
        "は全角で入力してください。",
        "full-width only, digits and hyphen too (５－６)",
    ),
    "katakana": _shape(
        r"[ァ-ヶー　・]*",
        "は全角カタカナで入力してください。",
        "full-width katakana, ー ・ and full-width space",
    ),
    "hiragana": _shape(r"[ぁ-ゖー　・]*", "は全角ひらがなで入力してください。", "hiragana, ー ・ and full-width space"),
    "half_kana": _shape(
        r"[\uff65-\uff9f ]*",
        "は半角カナで入力してください。",
        "half-width kana (ﾄｳｷｮｳ ﾀﾛｳ), half-width space",
    ),
    "digits": _shape(r"[0-9]*", "は半角数字で入力してください。", "ASCII digits"),
    "zip1": _shape(r"[0-9]{3}", "は半角数字３桁で入力してください。", "3 ASCII digits"),
    "zip2": _shape(r"[0-9]{4}", "は半角数字４桁で入力してください。", "4 ASCII digits"),
    "zip7": _shape(r"[0-9]{7}", "はハイフンなしの半角数字７桁で入力してください。", "7 ASCII digits, no hyphen"),
    "zip_hyphen": _shape(r"[0-9]{3}-[0-9]{4}", "は「102-0084」の形で入力してください。", "NNN-NNNN"),
    "tel": _shape(r"0[0-9]{9,10}", "はハイフンなしの半角数字で入力してください。", "10 or 11 ASCII digits, no hyphen"),
    "tel_hyphen": _shape(
        r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}",
        "はハイフン付きの半角数字で入力してください。",
        "digits with 2 hyphens (03-1234-5678)",
    ),
    "mail": _shape(r"[!-?A-~]+@[!-?A-~]+", "は半角英数字で正しく入力してください。", "e-mail address, ASCII"),
    "slash": _shape(
        r"[0-9]{4}/[0-9]{2}/[0-9]{2}",
        "は「2026/12/05」の形で入力してください。",
        "YYYY/MM/DD, zero-padded",
    ),
    "dash": _shape(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "は「2026-12-05」の形で入力してください。",
        "YYYY-MM-DD, zero-padded",
    ),
    "plain": _shape(r"[0-9]{8}", "は「20261205」の形で入力してください。", "YYYYMMDD"),
    "code": _shape(r"[A-Za-z0-9-]*", "は半角英数字で入力してください。", "ASCII letters, digits, hyphen"),
}
