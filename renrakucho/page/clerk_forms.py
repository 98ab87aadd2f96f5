"""Forms for a provider's people: fields for visible text, and the two answers to a notice.

Whatever they type is read by others later, so nothing may stand in it that cannot be seen.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.invisible_chars import invisible_in_line, invisible_in_text
from renrakucho.receipt.provider_actions import LONGEST_NUMBER, LONGEST_REASON


def field_messages(**messages: Any) -> dict[str, Any]:
    """A field's error messages, with ours for what no keyboard sends."""
    unreadable = _("文字として読めないものが入っています。打ち直してください。")
    return {"null_characters_not_allowed": unreadable, "invalid": unreadable, **messages}


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


class AcceptForm(forms.Form):
    """受理: the provider's own receipt number. office: address the reader as 貴所, as on paper, not as 貴社."""

    number = VisibleLineField(
        label=_("受付番号"),
        max_length=LONGEST_NUMBER,
        error_messages={
            "required": _("貴社の受付番号をご入力ください。お客さまにお知らせします。"),
            "max_length": _("受付番号は%(limit_value)d文字までです。いまは%(show_value)d文字あります。"),
            "unseen": _("受付番号に、改行やタブなどの目に見えない文字が入っています。消すか、打ち直してください。"),
        },
    )

    def __init__(self, *args: Any, office: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if office:
            ask = _("貴所の受付番号をご入力ください。お客さまにお知らせします。")
            self.fields["number"].error_messages["required"] = ask


class ReturnForm(forms.Form):
    """差戻し: what the mover has to put right."""

    reason = VisibleTextField(
        label=_("差戻しの理由"),
        max_length=LONGEST_REASON,
        error_messages={
            "required": _("何をなおせばよいかをご入力ください。お客さまが読みます。"),
            "max_length": _("理由は%(limit_value)d文字までです。いまは%(show_value)d文字あります。"),
            "unseen": _("理由に、文字として読めないものが入っています。打ち直してください。"),
        },
    )
