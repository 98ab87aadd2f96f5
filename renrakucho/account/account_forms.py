"""Account forms: logging in, one's own account, and those of colleagues."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.text_fields import CodeField, TextLineField
from renrakucho.lib.typed_text import clean_code
from renrakucho.page.email_question import EmailQuestion
from renrakucho.provider.passkey import LONGEST_NAME as LONGEST_PASSKEY_NAME
from renrakucho.provider.staff import Staff, roles_at

LONGEST_NAME = 80
LONGEST_PASSWORD = 128  # what is longer is no password, and would keep the hashing busy
LONGEST_LOGIN = 64


def field_messages(**messages: Any) -> dict[str, Any]:
    """A field's error messages, with ours for what no keyboard sends."""
    unreadable = _("文字として読めないものが入っています。打ち直してください。")
    return {"null_characters_not_allowed": unreadable, "invalid": unreadable, **messages}


def _password(label: Any, required: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_PASSWORD,
        strip=False,
        error_messages=field_messages(required=required, max_length=_("パスワードは128文字までです。")),
    )


class _MailAddressField(CodeField, forms.EmailField):
    """A mail address, cleaned before it is checked."""


def _address(label: Any, invalid: Any) -> forms.EmailField:
    return _MailAddressField(
        label=label,
        required=False,
        max_length=254,
        error_messages=field_messages(invalid=invalid, max_length=_("メールアドレスは254文字までです。")),
    )


class StaffLoginForm(forms.Form):
    """Login ID and password."""

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
        """Normalise as accounts are named: a Japanese keyboard types full width, a phone capitals."""
        return plain_login_id(self.cleaned_data["login_id"])


class LoginCodeForm(forms.Form):
    """The second step of a login: a code from the phone, or a recovery code."""

    code = CodeField(
        label=_("確認コード"),
        max_length=40,
        error_messages=field_messages(
            required=_("スマートフォンのアプリに出ている6桁の数字をご入力ください。"),
            max_length=_("確認コードは6桁の数字です。もう一度お確かめください。"),
        ),
    )


def plain_login_id(typed: str) -> str:
    """The login ID that was meant: ASCII, lower case, no spaces around."""
    return clean_code(typed).lower()


class StaffForm(forms.Form):
    """About one person's account: `staff`. Whoever logs in by single sign-on alone has no password to be asked for."""

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff
        if not staff.has_usable_password():
            for name in ("old_password", "mail_password"):
                self.fields.pop(name, None)


def _own_password(staff: Staff, typed: str) -> str:
    if not staff.check_password(typed):
        raise ValidationError(_("いまのパスワードとちがいます。もう一度お確かめください。"))
    return typed


class OwnPasswordForm(StaffForm):
    """The current password, asked again where a desk that was left open must not be enough."""

    old_password = _password(_("いまのパスワード"), _("いまのパスワードをご入力ください。"))

    def clean_old_password(self) -> str:
        """Check that it is this account's."""
        return _own_password(self.staff, self.cleaned_data["old_password"])


class PasskeyNameForm(forms.Form):
    """How its owner calls a passkey."""

    name = TextLineField(
        label=_("パスキーの名前"),
        max_length=LONGEST_PASSKEY_NAME,
        error_messages=field_messages(
            required=_("パスキーの名前をご入力ください。例: 窓口2番のパソコン"), max_length=_("名前は40文字までです。")
        ),
    )


class PasskeyForm(PasskeyNameForm, OwnPasswordForm):
    """A new passkey: its name, the password, and the browser's answer, which a script has put there."""

    answer = forms.CharField(required=False, max_length=20_000)
    field_order = ("name", "old_password", "answer")


class NewPasswordForm(StaffForm):
    """A password, typed twice. without: none is needed, for the person logs in by single sign-on."""

    password = _password(_("新しいパスワード"), _("新しいパスワードをご入力ください。"))
    again = _password(_("新しいパスワード(もう一度)"), _("同じパスワードを、もう一度ご入力ください。"))

    def __init__(self, *args: Any, without: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].required = self.fields["again"].required = not without

    def clean_password(self) -> str:
        """Check that it is long enough, and not a common one."""
        typed: str = self.cleaned_data["password"]
        if typed:
            validate_password(typed, self.staff)
        return typed

    def clean(self) -> None:
        """Check that both are the same."""
        first, second = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if first and second and first != second:
            self.add_error("again", _("2回のパスワードがちがいます。もう一度ご入力ください。"))


class ChangePasswordForm(NewPasswordForm, OwnPasswordForm):
    """The current password and a new one."""

    field_order = ("old_password", "password", "again")


class JoinForm(NewPasswordForm):
    """Name, login ID and password of an invited person."""

    name = TextLineField(
        label=_("お名前"),
        max_length=LONGEST_NAME,
        error_messages={
            "required": _("お名前をご入力ください。職場の方に、だれが受け付けたかを示します。"),
            "max_length": _("お名前は80文字までです。"),
        },
    )
    login_id = forms.CharField(
        label=_("ログインID"),
        max_length=LONGEST_LOGIN,
        error_messages=field_messages(
            required=_("ログインIDをお決めください。"), max_length=_("ログインIDは64文字までです。")
        ),
    )
    field_order = ("name", "login_id", "password", "again")

    def clean_login_id(self) -> str:
        """Check that it is free, and easy to type."""
        login_id = plain_login_id(self.cleaned_data["login_id"])
        if not login_id.isascii() or not login_id.isprintable() or " " in login_id:
            raise ValidationError(_("ログインIDは、空白のない半角英数字と記号で64文字までです。"))
        if Staff.objects.filter(login_id=login_id).exists():
            raise ValidationError(_("このログインIDは使われています。別のIDをお決めください。"))
        return login_id


class MailAddressForm(forms.Form):
    """A form with one mail address in its field `address`, which is asked about where it looks mistyped."""

    def __init__(self, data: Mapping[str, Any] | None = None, **more: Any) -> None:
        self.question = EmailQuestion("address", data)
        super().__init__(self.question.data, **more)

    def clean(self) -> None:
        """Ask about an address that looks mistyped."""
        self.question.ask(self)


class MailForm(MailAddressForm, StaffForm):
    """The address for mail about new notices, empty for none, and the password: whoever sits down at a desk that was
    left open must not lead its mails elsewhere. Its field has a name of its own, for two such forms stand on one page.
    """

    address = _address(_("メールアドレス"), _("メールアドレスの形がちがいます。例: madoguchi@example.jp"))
    mail_password = _password(_("いまのパスワード"), _("いまのパスワードをご入力ください。"))

    def clean_mail_password(self) -> str:
        """Check that it is this account's."""
        return _own_password(self.staff, self.cleaned_data["mail_password"])


class RoleForm(forms.Form):
    """A role to give. at: the provider whose desk it is, or BUREAU."""

    role = forms.ChoiceField(
        label=_("役割"),
        error_messages={
            "required": _("役割をひとつお選びください。"),
            "invalid_choice": _("役割をひとつお選びください。"),
        },
    )

    def __init__(self, *args: Any, at: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(role.value, role.label) for role in roles_at(at)]


class InviteForm(MailAddressForm, RoleForm):
    """An invitation: for whom, in which role, and where to mail the link."""

    note = TextLineField(
        label=_("だれへの招待か(控え)"),
        required=False,
        max_length=LONGEST_NAME,
        error_messages=field_messages(max_length=_("控えは80文字までです。")),
    )
    address = _address(_("リンクを送るメールアドレス"), _("メールアドレスの形がちがいます。例: sato@example.jp"))
    field_order = ("role", "note", "address")
