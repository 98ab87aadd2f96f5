"""Characters that nobody can see: they come along when a text is copied, and make two texts differ that look alike."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_LINES = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, format, unpaired surrogates, ends of lines
_TEXT = {"Cc", "Cs"}
# Of a mover's own words: names may need the joiner and the variation selectors, which are not here.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd"
    "\ud800-\udfff]"
)


def invisible_in_line(text: str) -> bool:
    """Whether one line holds something unseen."""
    return any(unicodedata.category(char) in _LINES for char in text)


def invisible_in_text(text: str) -> bool:
    """Whether several lines hold something that is no text; ends of lines and tabs are."""
    return any(unicodedata.category(char) in _TEXT for char in text if char not in "\n\t")


def hides_text(words: str) -> bool:
    """Whether a mover's words hold what shows nothing, or turns the direction in which a clerk reads a line.

    Ends of lines and tabs do not count.
    """
    return bool(_HIDDEN.search(words))


def invisible_within(document: Any) -> bool:
    """Whether any text of a JSON document, however deep, holds something that is no text."""
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
