"""`renrakucho staff`: who may sit at a provider's desk."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from renrakucho.faces.desk.login_forms import LONGEST_PASSWORD, plain_login_id
from renrakucho.notice.connected_providers import local_folders
from renrakucho.page.formatting import format_clock, format_day
from renrakucho.provider.staff import Staff, StaffRole
from renrakucho.provider.staff_administration import administrator_count, end_sessions
from renrakucho.provider.staff_invitation import create_invitation
from renrakucho.provider.two_factor import disable_two_factor

_ACTIONS = {
    "password": "a new password; whoever is logged in is logged out",
    "reset": "takes away a lost second factor",
    "close": "no more logging in",
}


class Command(BaseCommand):
    """Passwords are typed at the terminal: an argument would stand in the shell's history."""

    help = "Who may sit at a provider's desk: the bureau makes its first administrator, who invites the others."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and with whom."""
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="a new account; the password is typed here")
        add.add_argument("--login", required=True)
        add.add_argument("--name", required=True, help="as colleagues know them")
        invite_one = actions.add_parser("invite", help="a link by which a person makes their own account")
        for each in (add, invite_one):
            each.add_argument("--provider", required=True, help="the provider's folder, such as akishima-water")
            each.add_argument("--administrator", action="store_true", help="may invite others; without it: a clerk")
        for name, meaning in _ACTIONS.items():
            actions.add_parser(name, help=meaning).add_argument("--login", required=True)
        role = actions.add_parser("role", help="another role")
        role.add_argument("--login", required=True)
        role.add_argument("role", choices=StaffRole.values)

    def handle(self, *, action: str, **options: Any) -> None:
        """Do it, or say why not."""
        wanted = StaffRole.ADMINISTRATOR if options.get("administrator") else StaffRole.CLERK
        login = plain_login_id(options.get("login") or "")
        if action == "invite":
            self._invite(options["provider"], wanted)
        elif action == "add":
            self._add(login, options["provider"], options["name"], wanted)
        elif action == "role":
            _known(login)
            Staff.objects.filter(login_id=login).update(role=options["role"])
            self.stdout.write(_("%(login)s の役割を変えました。") % {"login": login})
        else:
            self._change(action, _known(login))

    def _change(self, action: str, staff: Staff) -> None:
        words = {"login": staff.login_id}
        if action == "password":
            staff.set_password(_typed_password(staff))
            staff.save(update_fields=["password"])
            self.stdout.write(_("%(login)s のパスワードを変えました。") % words)
        elif action == "reset":
            disable_two_factor(staff)
            end_sessions(staff)
            self.stdout.write(_("%(login)s の確認コードの設定を消しました。") % words)
        else:
            staff.is_active = False
            staff.save(update_fields=["is_active"])
            self.stdout.write(_("%(login)s は、もうログインできません。") % words)
        if not administrator_count(staff.provider):
            self.stdout.write(_("この窓口には管理者がいません。staff invite --administrator で招待できます。"))

    def _invite(self, provider: str, role: StaffRole) -> None:
        _check_provider(provider)
        made, token = create_invitation(provider, role)
        self.stdout.write(settings.BASE_URL + reverse("desk:join", args=[token]))
        self.stdout.write(
            _("ご本人だけに渡してください。%(until)sまで、一度だけ使えます。")
            % {"until": f"{format_day(made.valid_until)} {format_clock(made.valid_until)}"}
        )

    def _add(self, login: str, provider: str, name: str, role: StaffRole) -> None:
        _check_provider(provider)
        if not login.isascii() or not login.isprintable() or not 0 < len(login) <= 64 or " " in login:
            raise CommandError(_("ログインIDは、空白のない半角英数字と記号で64文字までです。"))
        if Staff.objects.filter(login_id=login).exists():
            raise CommandError(_("このログインIDは使われています: %(login)s") % {"login": login})
        staff = Staff(login_id=login, provider=provider, name=name)
        password = _typed_password(staff)
        Staff.objects.create_staff(login_id=login, provider=provider, name=name, password=password, role=role)
        self.stdout.write(_("%(login)s を登録しました。") % {"login": login})


def _check_provider(provider: str) -> None:
    if provider not in local_folders():
        raise CommandError(_("事業者のフォルダーがありません: %(provider)s") % {"provider": provider})


def _known(login: str) -> Staff:
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
