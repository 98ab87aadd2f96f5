"""Telephone numbers: Japanese ones as digits, in three parts and with hyphens; others with their country code."""

import re
from dataclasses import dataclass

import phonenumbers

from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.typed_text import clean_code
from renrakucho.lib.width import HYPHENS

_PUNCTUATION = str.maketrans("", "", HYPHENS + " ().[]/")
_LABEL = re.compile(r"^(?:TEL|電話|携帯)[:：.]?", re.IGNORECASE)
# What stands before a country code: +, or what is dialled for it: 00, in Japan 010 (old: 001 010), in America 011.
# 81 alone is Japan's, since a national number begins with 0.
_ABROAD = re.compile(r"^(?:\+|00(?:1|33|61)?010|00|010|011(?=81)|(?=81[0-9]{9,11}$))(?=[1-9])")
_JAPAN = re.compile(r"^810?")  # 81 3 …, and 81 (0)3 … as printed on cards


class BadPhone(InvalidInput):
    """Not a telephone number that can be called from all over Japan."""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    digits: str  # "0312345678"
    parts: tuple[str, str, str]  # ("03", "1234", "5678")

    @property
    def text(self) -> str:
        """With hyphens: 03-1234-5678."""
        return "-".join(self.parts)


def parse_phone(s: str) -> PhoneNumber:
    """Parse a typed number of Japan: any width, with or without hyphens, spaces, brackets or 81 after +, 00 or 010.
    Raises BadPhone, also for 117 and for numbers of other countries.

    The area code's length is looked up: 0467-88-1111, 046-211-1111.
    """
    digits = _digits(s)
    if not re.fullmatch("0[0-9]{9,10}", digits):
        raise BadPhone
    number = phonenumbers.parse(digits, "JP")
    if not phonenumbers.is_valid_number(number):
        raise BadPhone
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    match national.split("-"):
        case [area, exchange, subscriber]:
            return PhoneNumber(digits, (area, exchange, subscriber))
    raise BadPhone


def phone_text(s: str) -> str:
    """A typed number as it is written: 03-1234-5678; +1 212-555-0100 for another country. Raises BadPhone."""
    if not is_abroad(s):
        return parse_phone(s).text
    try:
        number = phonenumbers.parse(_digits(s))
    except phonenumbers.NumberParseException as error:
        raise BadPhone from error
    if not phonenumbers.is_valid_number(number):
        raise BadPhone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def is_abroad(s: str) -> bool:
    """Whether a typed number begins with the code of another country."""
    return _digits(s).startswith("+")


def _digits(s: str) -> str:
    """The digits, from 0 on for Japan, with + and the country code for another country."""
    digits = _LABEL.sub("", clean_code(s)).translate(_PUNCTUATION)
    international = _ABROAD.sub("+", digits)
    return _JAPAN.sub("0", international[1:]) if international.startswith("+81") else international
