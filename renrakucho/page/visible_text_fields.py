"""Form fields for texts that others read later: invisible characters are refused."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.invisible_chars import invisible_in_line, invisible_in_text


class VisibleLineField(forms.CharField):
    """A text of one line. Error code: «unseen», beside those of CharField."""

    default_error_messages = {"unseen": _("目に見えない文字が入っています。打ち直してください。")}

    def validate(self, value: Any) -> None:
        """Raises ValidationError."""
        super().validate(value)
        if self._has_invisible(value):
            raise ValidationError(self.error_messages["unseen"], code="unseen")

    def _has_invisible(self, text: str) -> bool:
        return invisible_in_line(text)


class VisibleTextField(VisibleLineField):
    """A text of several lines; a line end counts as one character, whatever the browser sends for it."""

    def to_python(self, value: Any) -> str:
        """Return the text with \\n as line ends."""
        return str(super().to_python(value)).replace("\r\n", "\n")

    def _has_invisible(self, text: str) -> bool:
        return invisible_in_text(text)
