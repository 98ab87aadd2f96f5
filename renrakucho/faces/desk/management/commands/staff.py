"""`renrakucho staff invite|add|password|reset|role|close`: the accounts of a provider's desk."""

from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from renrakucho.account.account_forms import LONGEST_PASSWORD, plain_login_id
from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.notice.connected_providers import local_folders
from renrakucho.page.formatting import format_clock, format_day
from renrakucho.provider.audit_log import AuditAction, log_command
from renrakucho.provider.staff import Staff, StaffRole, roles_at
from renrakucho.provider.staff_administration import administrator_count, end_sessions
from renrakucho.provider.staff_invitation import create_invitation
from renrakucho.provider.two_factor import clear_two_factor

_PROVIDER = bilingual("事業者のフォルダー名", "the provider's folder, such as akishima-water")
_LOGIN = bilingual("ログインID", "their login")


class Command(NounCommand):
    """Passwords are typed at the terminal: an argument would stand in the shell's history."""

    help = bilingual("受付窓口の担当者", "who may sit at a provider's desk; its first administrator invites the others")

    def add_verbs(self) -> None:
        """invite, add, password, reset, role, close."""
        invite = self.add_verb(
            "invite",
            self._invite,
            bilingual("招待のリンクを作る", "a link by which a person makes their own account"),
        )
        add = self.add_verb("add", self._add, bilingual("担当を登録する", "a new account; its password is typed here"))
        for verb in (invite, add):
            verb.add_argument("--provider", required=True, help=_PROVIDER)
            verb.add_argument(
                "--administrator",
                action="store_true",
                help=bilingual("ほかの人を招待できる管理者", "may invite others; without it: a clerk"),
            )
        add.add_argument("--login", required=True, help=_LOGIN)
        add.add_argument("--name", required=True, help=bilingual("窓口での名前", "as colleagues know them"))
        password = self.add_verb(
            "password",
            self._password,
            bilingual("パスワードを変える", "a new password; whoever is logged in is logged out"),
        )
        reset = self.add_verb("reset", self._reset, bilingual("確認コードの設定を消す", "remove a lost second factor"))
        role = self.add_verb("role", self._role, bilingual("役割を変える", "another role"))
        close = self.add_verb("close", self._close, bilingual("ログインできなくする", "no more logging in"))
        for verb in (password, reset, role, close):
            verb.add_argument("--login", required=True, help=_LOGIN)
        role.add_argument("role", choices=StaffRole.values, help=bilingual("新しい役割", "the new role"))

    def _password(self, *, login: str, **options: Any) -> None:
        staff = _staff_of(login)
        staff.set_password(_typed_password(staff))
        with transaction.atomic():
            staff.save(update_fields=["password"])
            log_command(AuditAction.PASSWORD_CHANGED, provider=staff.provider, whom=staff)
        self.stdout.write(_("%(login)s のパスワードを変えました。") % {"login": staff.login_id})
        self._warn_without_administrator(staff.provider)

    def _reset(self, *, login: str, **options: Any) -> None:
        staff = _staff_of(login)
        with transaction.atomic():
            clear_two_factor(staff)
            end_sessions(staff)
            log_command(AuditAction.FACTOR_RESET, provider=staff.provider, whom=staff)
        self.stdout.write(_("%(login)s の確認コードの設定を消しました。") % {"login": staff.login_id})
        self._warn_without_administrator(staff.provider)

    def _role(self, *, login: str, role: str, **options: Any) -> None:
        staff = _staff_of(login)
        if role not in roles_at(staff.provider):
            raise CommandError(
                _("この役割はここにはありません。次から選んでください: %(roles)s")
                % {"roles": ", ".join(roles_at(staff.provider))}
            )
        with transaction.atomic():
            Staff.objects.filter(login_id=staff.login_id).update(role=role)
            log_command(AuditAction.ROLE_CHANGED, provider=staff.provider, whom=staff, word=role)
        self.stdout.write(_("%(login)s の役割を変えました。") % {"login": staff.login_id})

    def _close(self, *, login: str, **options: Any) -> None:
        staff = _staff_of(login)
        staff.is_active = False
        with transaction.atomic():
            staff.save(update_fields=["is_active"])
            log_command(AuditAction.CLOSED, provider=staff.provider, whom=staff)
        self.stdout.write(_("%(login)s は、もうログインできません。") % {"login": staff.login_id})
        self._warn_without_administrator(staff.provider)

    def _warn_without_administrator(self, provider: str) -> None:
        if not administrator_count(provider):
            self.stdout.write(_("この窓口には管理者がいません。staff invite --administrator で招待できます。"))

    def _invite(self, *, provider: str, administrator: bool, **options: Any) -> None:
        _check_provider(provider)
        made, token = create_invitation(provider, _wanted_role(administrator), by=None)
        self.stdout.write(settings.BASE_URL + reverse("desk:join", args=[token]))
        self.stdout.write(
            _("ご本人だけに渡してください。%(until)sまで、一度だけ使えます。")
            % {"until": f"{format_day(made.valid_until)} {format_clock(made.valid_until)}"}
        )

    def _add(self, *, login: str, provider: str, name: str, administrator: bool, **options: Any) -> None:
        login, role = plain_login_id(login), _wanted_role(administrator)
        _check_provider(provider)
        if not login.isascii() or not login.isprintable() or not 0 < len(login) <= 64 or " " in login:
            raise CommandError(_("ログインIDは、空白のない半角英数字と記号で64文字までです。"))
        if Staff.objects.filter(login_id=login).exists():
            raise CommandError(_("このログインIDは使われています: %(login)s") % {"login": login})
        staff = Staff(login_id=login, provider=provider, name=name)
        password = _typed_password(staff)
        with transaction.atomic():
            made = Staff.objects.create_staff(
                login_id=login, provider=provider, name=name, password=password, role=role
            )
            log_command(AuditAction.ACCOUNT_MADE, provider=provider, whom=made, word=role)
        self.stdout.write(_("%(login)s を登録しました。") % {"login": login})


def _check_provider(provider: str) -> None:
    if provider not in local_folders():
        raise CommandError(_("事業者のフォルダーがありません: %(provider)s") % {"provider": provider})


def _wanted_role(administrator: bool) -> StaffRole:
    return StaffRole.ADMINISTRATOR if administrator else StaffRole.CLERK


def _staff_of(login: str) -> Staff:
    login = plain_login_id(login)
    try:
        return Staff.objects.get(login_id=login)
    except Staff.DoesNotExist:
        raise CommandError(_("このログインIDはありません: %(login)s") % {"login": login}) from None


def _typed_password(staff: Staff) -> str:
    password = _typed(_("パスワード: "))
    if len(password) > LONGEST_PASSWORD:
        raise CommandError(_("パスワードは%(most)d文字までです。") % {"most": LONGEST_PASSWORD})
    try:
        validate_password(password, staff)
    except ValidationError as error:
        raise CommandError("\n".join(error.messages)) from error
    if _typed(_("もう一度: ")) != password:
        raise CommandError(_("2回のパスワードがちがいます。"))
    return password


def _typed(prompt: str) -> str:
    try:
        return getpass(prompt)
    except EOFError:
        raise CommandError(_("パスワードは端末で入力します。端末から実行してください。")) from None
