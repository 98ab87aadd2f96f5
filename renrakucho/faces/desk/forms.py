"""What a clerk types."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.width import narrow
from renrakucho.receipt.provider_turn import LONGEST_NUMBER, LONGEST_REASON

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, format, unpaired surrogates, ends of lines
LONGEST_PASSWORD = 128  # what is longer is no password, and would keep the hashing busy


class LoginForm(forms.Form):
    """What opens the desk."""

    login_id = forms.CharField(
        label=_("ログインID"),
        max_length=64,
        error_messages={
            "required": _("ログインIDをご入力ください。"),
            "max_length": _("ログインIDは64文字までです。もう一度お確かめください。"),
        },
    )
    password = forms.CharField(
        label=_("パスワード"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        error_messages={
            "required": _("パスワードをご入力ください。"),
            "max_length": _("パスワードが長すぎます。もう一度お確かめください。"),
        },
    )

    def clean_login_id(self) -> str:
        """As accounts are named: a Japanese keyboard types full width, a phone capitals."""
        return plain_login_id(self.cleaned_data["login_id"])


class AcceptForm(forms.Form):
    """受理: the provider's own receipt number."""

    number = forms.CharField(
        label=_("受付番号"),
        max_length=LONGEST_NUMBER,
        error_messages={
            "required": _("貴社の受付番号をご入力ください。お客さまにお知らせします。"),
            "max_length": _("受付番号は%(limit_value)d文字までです。いまは%(show_value)d文字あります。"),
        },
    )

    def clean_number(self) -> str:
        """One line of what can be seen: tabs and the like come along when it is copied from another window."""
        number: str = self.cleaned_data["number"]
        if any(unicodedata.category(char) in _UNSEEN for char in number):
            raise ValidationError(
                _("受付番号に、改行やタブなどの目に見えない文字が入っています。消すか、打ち直してください。")
            )
        return number


class Lines(forms.CharField):
    """Several lines; a line end counts as one character, whatever the browser sends for it."""

    def to_python(self, value: object) -> str:
        """With plain line ends."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class ReturnForm(forms.Form):
    """差戻し: what the mover has to put right."""

    reason = Lines(
        label=_("差戻しの理由"),
        max_length=LONGEST_REASON,
        error_messages={
            "required": _("何をなおせばよいかをご入力ください。お客さまが読みます。"),
            "max_length": _("理由は%(limit_value)d文字までです。いまは%(show_value)d文字あります。"),
        },
    )

    def clean_reason(self) -> str:
        """As typed; a tab is what a spreadsheet puts between cells."""
        reason: str = self.cleaned_data["reason"]
        if any(unicodedata.category(char) in {"Cc", "Cs"} for char in reason if char not in "\n\t"):
            raise ValidationError(_("理由に、文字として読めないものが入っています。打ち直してください。"))
        return reason


def plain_login_id(typed: str) -> str:
    """The login ID that was meant: ASCII, lower case, no spaces around."""
    return narrow(typed).strip().lower()
