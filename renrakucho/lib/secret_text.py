"""Secrets in typed text: My Number, payment card numbers, and passwords, which no provider needs to be told of a move.

Content inspection by shape, check digit and label. A customer number may have the shape of a My Number by chance (one
in ten of twelve digits has a fitting check digit), so the label before a number and the field that it stands in decide
with it: `benchmarks.secret_text` measures how often an honest text is refused.

My Number: twelve digits with a check digit (ordinance No. 85 of 2014 of the Ministry of Internal Affairs, article 5).
Cards: 13 to 19 digits, the check digit of ISO/IEC 7812-1 (Luhn), and the first digits of a known scheme.
"""

import re
from typing import Literal

from renrakucho.lib.typed_text import clean_code

Secret = Literal["my_number", "card_number", "password"]

# One sort of separator within a number: two phone numbers side by side are two. Not the middle of a longer number, of
# a mail address, or of a phone number with its country code.
_BEFORE = r"(?<![0-9A-Za-z@.+_/-])(?<![0-9][ ])"
_AFTER = r"(?![0-9A-Za-z@_]|-[0-9])"
_NUMBER = re.compile(
    rf"{_BEFORE}(?:[0-9]{{12,19}}|[0-9]{{4}}([- .・])[0-9]{{4}}\1[0-9]{{4}}(?:\1[0-9]{{1,4}}(?:\1[0-9]{{1,3}})?)?"
    rf"|[0-9]{{4}}([- .・])[0-9]{{6}}\2[0-9]{{4,5}}){_AFTER}"
)
# The scheme's first digits → how many digits its cards have.
_SCHEMES: tuple[tuple[range, frozenset[int]], ...] = (
    (range(400000, 500000), frozenset({13, 16, 19})),
    (range(510000, 560000), frozenset({16})),
    (range(222100, 272100), frozenset({16})),
    (range(340000, 350000), frozenset({15})),
    (range(370000, 380000), frozenset({15})),
    (range(352800, 359000), frozenset({16, 17, 18, 19})),
    (range(300000, 306000), frozenset({14, 16})),
    (range(360000, 370000), frozenset({14, 16})),
    (range(380000, 400000), frozenset({14, 16})),
    (range(601100, 601200), frozenset({16, 19})),
    (range(620000, 630000), frozenset({16, 17, 18, 19})),
    (range(644000, 660000), frozenset({16, 19})),
)
_BETWEEN = "[\\s「『\"':=/()、,はがもをのですis]*"  # between a label and what it names
_MY_NUMBER_LABEL = re.compile(rf"(?:マイ・?ナンバー|ﾏｲﾅﾝﾊﾞｰ|個人番号|my ?number)(?:カード)?{_BETWEEN}$", re.IGNORECASE)
_CARD_LABEL = re.compile(
    r"(?:(?:クレジット|デビット|credit ?|debit ?)(?:カード|card)?(?:の?番号)?"
    rf"|(?:カード|card)の? ?(?:番号|number|no\.?)){_BETWEEN}$",
    re.IGNORECASE,
)
# «お客さま番号は…» says that it is another number.
_OTHER_LABEL = re.compile(rf"(?:番号|ナンバー|no\.?|id|コード|電話|tel|fax|内線){_BETWEEN}$", re.IGNORECASE)
_PIN_LABEL = (
    "(?:暗証番号|暗証|パスワード|ﾊﾟｽﾜｰﾄﾞ|パスコード|アクセスキー|セキュリティ・?コード|"
    "(?<![a-z])(?:password|passwd|passcode|access ?key|pin(?: ?code| ?コード| ?番号)?|cvv2?|cvc2?)"
    "(?=[\\s:=(「『\"']))"
)
# A value with a digit follows its label at once; one of letters alone after a word that says so.
_PASSWORD = re.compile(
    rf"{_PIN_LABEL}{_BETWEEN}(?=[!-~]*[0-9])[!-~]{{3,}}"
    rf"|{_PIN_LABEL}[\s」』)]*(?:は|:|=| is )[\s「『\"'(]*[!-~]{{4,}}(?=です|[。、」』\s]|$)",
    re.IGNORECASE,
)
_LABEL_LENGTH = 24  # characters before a number in which its label is looked for


def find_secret(text: str, *, number_asked: bool = False, digits_expected: int = 0) -> Secret | None:
    """Return the first kind of secret in a typed text, or None.

    number_asked: the field asks for a number of the mover's (a customer number). There twelve digits are no My Number
    unless they are called so, and thirteen no card. digits_expected: how many digits that number has, where it is
    known: such a number is taken as what was asked for.
    """
    plain = clean_code(text)
    if _PASSWORD.search(plain):
        return "password"
    for found in _NUMBER.finditer(plain):
        before = plain[max(0, found.start() - _LABEL_LENGTH) : found.start()]
        kind = _kind_of_number(found[0], before, number_asked=number_asked, digits_expected=digits_expected)
        if kind:
            return kind
    return None


def _kind_of_number(written: str, before: str, *, number_asked: bool, digits_expected: int) -> Secret | None:
    digits = re.sub(r"\D", "", written)
    if _MY_NUMBER_LABEL.search(before):
        return "my_number"
    if _CARD_LABEL.search(before) and len(digits) >= 13:
        return "card_number"
    if number_asked and len(digits) == digits_expected:
        return None
    called_otherwise = number_asked or bool(_OTHER_LABEL.search(before))
    if len(digits) == 12:
        return None if called_otherwise or not is_my_number(digits) else "my_number"
    if len(digits) == 13 and called_otherwise:
        return None
    return "card_number" if is_card_number(digits) else None


def is_my_number(digits: str) -> bool:
    """Whether twelve digits have the check digit of a My Number."""
    if not re.fullmatch("[0-9]{12}", digits):
        return False
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return int(digits[-1]) == (0 if rest <= 1 else 11 - rest)


def is_card_number(digits: str) -> bool:
    """Whether the digits begin and end as a payment card's do."""
    if not re.fullmatch("[0-9]{13,19}", digits):
        return False
    first = int(digits[:6])
    return any(first in numbers and len(digits) in lengths for numbers, lengths in _SCHEMES) and _has_luhn_digit(digits)


def _has_luhn_digit(digits: str) -> bool:
    doubled = [int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0
