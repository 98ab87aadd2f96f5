"""What a clerk types."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.width import narrow
from renrakucho.receipt.provider_turn import LONGEST_NUMBER, LONGEST_REASON

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
        """One line: tabs and other control characters come along when it is copied from another window."""
        number: str = self.cleaned_data["number"]
        if has_controls(number):
            raise ValidationError(
                _("受付番号に、改行やタブなどの目に見えない文字が入っています。消すか、打ち直してください。")
            )
        return number


class ReturnForm(forms.Form):
    """差戻し: what the mover has to put right."""

    reason = forms.CharField(
        label=_("差戻しの理由"),
        max_length=LONGEST_REASON,
        error_messages={
            "required": _("何をなおせばよいかをご入力ください。お客さまが読みます。"),
            "max_length": _("理由は%(limit_value)d文字までです。いまは%(show_value)d文字あります。"),
        },
    )

    def clean_reason(self) -> str:
        """Several lines, as typed, but for the browser's line ends."""
        reason: str = self.cleaned_data["reason"].replace("\r\n", "\n")
        if has_controls(reason.replace("\n", "")):
            raise ValidationError(_("理由に、タブなどの目に見えない文字が入っています。消すか、打ち直してください。"))
        return reason


def plain_login_id(typed: str) -> str:
    """The login ID that was meant: ASCII, lower case, no spaces around."""
    return narrow(typed).strip().lower()


def has_controls(text: str) -> bool:
    """Whether there are control, format or unpaired surrogate characters in it."""
    return any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in text)
