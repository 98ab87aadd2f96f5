"""Invisible characters: they are copied along unseen, and make texts differ that look alike."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_NOT_IN_LINE = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, format, unpaired surrogates, ends of lines
# Names may need the zero width joiner and the variation selectors: these are not here.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd"
    "\ud800-\udfff]"
)


def invisible_in_line(text: str) -> bool:
    """Whether a single line holds a control, a format character, a lone surrogate or a line separator."""
    return any(unicodedata.category(char) in _NOT_IN_LINE for char in text)


def invisible_in_text(text: str) -> bool:
    """Whether a text of several lines hides text, or has line ends that are not plain newlines."""
    return "\r" in text or hides_text(text)


def hides_text(text: str) -> bool:
    """Whether a text holds characters that show nothing or reverse a line. Line ends and tabs are allowed."""
    return bool(_HIDDEN.search(text))


def invisible_within(document: Any) -> bool:
    """Whether `invisible_in_text` is true of any text in a JSON document, names of members included."""
    left = [document]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            left += [*part, *part.values()]
        elif isinstance(part, list):
            left += part
        elif isinstance(part, str) and invisible_in_text(part):
            return True
    return False


class VisibleLineField(forms.CharField):
    """One line. Error code: «unseen», beside those of CharField."""

    default_error_messages = {"unseen": _("目に見えない文字が入っています。打ち直してください。")}

    def validate(self, value: Any) -> None:
        """Raises ValidationError."""
        super().validate(value)
        if self._has_invisible(value):
            raise ValidationError(self.error_messages["unseen"], code="unseen")

    def _has_invisible(self, text: str) -> bool:
        return invisible_in_line(text)


class VisibleTextField(VisibleLineField):
    """Several lines; a line end counts as one character, whatever the browser sends for it."""

    def to_python(self, value: Any) -> str:
        """With plain line ends."""
        return str(super().to_python(value)).replace("\r\n", "\n")

    def _has_invisible(self, text: str) -> bool:
        return invisible_in_text(text)
