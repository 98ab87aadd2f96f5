"""Fields for free text: as typed, never normalised; only what nobody can see is refused."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from renrakucho.lib.invisible_chars import hides_text

_BREAKS = re.compile("[\t\r\n]")


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
