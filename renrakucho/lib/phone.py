"""Japanese telephone numbers: as digits, in three parts, and with hyphens."""

import re
from dataclasses import dataclass

import phonenumbers

from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.width import HYPHENS, to_ascii_width

_PUNCTUATION = str.maketrans("", "", HYPHENS + " ().")
_COUNTRY_CODE = re.compile(r"^\+810?")  # +81 3 …, and +81 (0)3 … as printed on cards


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
    """Parse a typed number: any width, with or without hyphens, spaces, brackets or +81. Raises BadPhone, also for 117.

    The area code's length is looked up: 0467-88-1111, 046-211-1111.
    """
    digits = _COUNTRY_CODE.sub("0", to_ascii_width(s).translate(_PUNCTUATION))
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
