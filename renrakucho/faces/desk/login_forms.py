"""What is typed at the door of the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.width import to_ascii_width

LONGEST_PASSWORD = 128  # what is longer is no password, and would keep the hashing busy
LONGEST_LOGIN = 64


def field_messages(**messages: Any) -> dict[str, Any]:
    """The messages of a field, with ours for what no keyboard sends."""
    unreadable = _("文字として読めないものが入っています。打ち直してください。")
    return {"null_characters_not_allowed": unreadable, "invalid": unreadable, **messages}


class DeskLoginForm(forms.Form):
    """What opens the desk."""

    login_id = forms.CharField(
        label=_("ログインID"),
        max_length=LONGEST_LOGIN,
        error_messages=field_messages(
            required=_("ログインIDをご入力ください。"),
            max_length=_("ログインIDは64文字までです。もう一度お確かめください。"),
        ),
    )
    password = forms.CharField(
        label=_("パスワード"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        error_messages=field_messages(
            required=_("パスワードをご入力ください。"),
            max_length=_("パスワードが長すぎます。もう一度お確かめください。"),
        ),
    )

    def clean_login_id(self) -> str:
        """As accounts are named: a Japanese keyboard types full width, a phone capitals."""
        return plain_login_id(self.cleaned_data["login_id"])


class LoginCodeForm(forms.Form):
    """The second step."""

    code = forms.CharField(
        label=_("確認コード"),
        max_length=40,
        error_messages=field_messages(
            required=_("スマートフォンのアプリに出ている6桁の数字をご入力ください。"),
            max_length=_("確認コードは6桁の数字です。もう一度お確かめください。"),
        ),
    )


def plain_login_id(typed: str) -> str:
    """The login ID that was meant: ASCII, lower case, no spaces around."""
    return to_ascii_width(typed).strip().lower()
