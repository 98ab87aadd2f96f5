"""Text fields of the mover's forms: free text is kept as typed, and invisible characters are refused."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.address.place_lookup import BadPostalCode
from renrakucho.lib.invisible_chars import hides_text

_BREAKS = re.compile("[\t\r\n]")
LONGEST_POSTAL_CODE = 20  # characters of a field for one: full width, hyphens and 〒 included
TOO_LONG = gettext_lazy("郵便番号は数字7けたです。けた数をお確かめください（例: 102-0084）。")


class TextLinesField(forms.CharField):
    """Text of several lines."""

    def clean(self, value: Any) -> str:
        """Raises ValidationError."""
        if hides_text(str(value or "").strip()):
            raise ValidationError(_("目に見えない文字が入っています。消してから、もう一度入れてください。"))
        text: str = super().clean(value)
        return text


class TextLineField(TextLinesField):
    """Text of one line."""

    def clean(self, value: Any) -> str:
        """Raises ValidationError."""
        text = str(value or "").strip()
        if hides_text(text) or _BREAKS.search(text):
            raise ValidationError(_("目に見えない文字か改行が入っています。消してから、もう一度入れてください。"))
        return super().clean(value)


def postal_code_message(error: BadPostalCode) -> str:
    """Say what is wrong with a postal code, and what can be done."""
    return {
        "letters": _("数字7けたで入れてください（例: 102-0084）。"),
        "length": str(TOO_LONG),
        "unknown": _("この郵便番号は見つかりません。番号をお確かめください。"),
    }[error.reason]
