"""Postal codes and addresses in the mover's forms: how long a typed code may be, and the message where it is none; and
how a form asks for the mail address of a book.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.address.place_lookup import BadPostalCode, parse_postal_code
from renrakucho.address.place_query import is_house_alone
from renrakucho.lib.text_fields import CodeField

LONGEST_POSTAL_CODE = 20  # characters of a field for one: full width, hyphens and 〒 included
TOO_LONG = gettext_lazy("郵便番号は数字7けたです。けた数をお確かめください（例: 102-0084）。")

EMAIL_FIELD: dict[str, Any] = {  # label, limit and messages of the field for a book's mail address
    "label": gettext_lazy("メールアドレス"),
    "max_length": 254,
    "error_messages": {
        "required": gettext_lazy("メールアドレスをご入力ください。"),
        "max_length": gettext_lazy("メールアドレスは254文字までです。もう一度お確かめください。"),
    },
}


class PostalCodeField(CodeField):
    """A postal code, returned as seven digits."""

    def clean(self, value: Any) -> str:
        """Raises ValidationError."""
        text = super().clean(value)
        try:
            return parse_postal_code(text) if text else ""
        except BadPostalCode as error:
            raise ValidationError(postal_code_message(error)) from error


def postal_code_message(error: BadPostalCode) -> str:
    """Say what is wrong with a postal code, and what can be done."""
    return {
        "letters": _("数字7けたで入れてください（例: 102-0084）。"),
        "length": str(TOO_LONG),
        "unknown": _("この郵便番号は見つかりません。番号をお確かめください。"),
    }[error.reason]


def unread_address_message(typed: str) -> str:
    """Say what is missing in an address in which no place was found."""
    if is_house_alone(typed):
        return _("市区町村と町名がありません。「東京都千代田区二番町5-6」のように、市区町村から入れてください。")
    return _("住所として読めませんでした。郵便番号か、「東京都千代田区二番町5-6」のような住所を入れてください。")
