"""Fields for free text: as typed, never normalised; only what nobody can see is refused."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Control characters, those that cannot be seen, and those that turn the direction of writing: nothing that is told has
# them, and on a clerk's screen they could make a line read as something else.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]"
)
_BREAKS = re.compile("[\t\r\n]")


class Lines(forms.CharField):
    """Text of several lines."""

    def clean(self, value: Any) -> str:
        """Raises ValidationError."""
        if _UNSEEN.search(str(value or "").strip()):
            raise ValidationError(_("目に見えない文字が入っています。消してから、もう一度入れてください。"))
        text: str = super().clean(value)
        return text


class Words(Lines):
    """Text of one line."""

    def clean(self, value: Any) -> str:
        """Raises ValidationError."""
        text = str(value or "").strip()
        if _UNSEEN.search(text) or _BREAKS.search(text):
            raise ValidationError(_("目に見えない文字か改行が入っています。消してから、もう一度入れてください。"))
        return super().clean(value)
