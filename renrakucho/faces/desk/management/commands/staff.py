"""`renrakucho staff`: who may sit at a provider's desk."""

from argparse import ArgumentParser
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from renrakucho.faces.desk.forms import LONGEST_PASSWORD, plain_login_id
from renrakucho.notice.shelf import folders
from renrakucho.provider.staff import Staff


class Command(BaseCommand):
    """Passwords are typed at the terminal: an argument would stand in the shell's history."""

    help = "Adds a person to a provider's desk, gives a new password, or closes an account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and with whom."""
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="a new account")
        add.add_argument("--provider", required=True, help="the provider's folder, such as akishima-water")
        add.add_argument("--login", required=True)
        add.add_argument("--name", required=True, help="as colleagues know them")
        for name, meaning in (("password", "a new password; whoever is logged in is logged out"), ("close", "no more")):
            actions.add_parser(name, help=meaning).add_argument("--login", required=True)

    def handle(self, *, action: str, login: str, provider: str = "", name: str = "", **options: object) -> None:
        """Do it, or say why not."""
        login = plain_login_id(login)
        if action == "add":
            self._add(login, provider, name)
        elif action == "password":
            staff = _known(login)
            staff.set_password(_typed_password(staff))
            staff.save(update_fields=["password"])
            self.stdout.write(_("%(login)s のパスワードを変えました。") % {"login": login})
        else:
            staff = _known(login)
            staff.is_active = False
            staff.save(update_fields=["is_active"])
            self.stdout.write(_("%(login)s は、もうログインできません。") % {"login": login})

    def _add(self, login: str, provider: str, name: str) -> None:
        if provider not in folders():
            raise CommandError(_("事業者のフォルダーがありません: %(provider)s") % {"provider": provider})
        if not login.isascii() or not login.isprintable() or not 0 < len(login) <= 64 or " " in login:
            raise CommandError(_("ログインIDは、空白のない半角英数字と記号で64文字までです。"))
        if Staff.objects.filter(login_id=login).exists():
            raise CommandError(_("このログインIDは使われています: %(login)s") % {"login": login})
        staff = Staff(login_id=login, provider=provider, name=name)
        password = _typed_password(staff)
        Staff.objects.create_staff(login_id=login, provider=provider, name=name, password=password)
        self.stdout.write(_("%(login)s を登録しました。") % {"login": login})


def _known(login: str) -> Staff:
    try:
        return Staff.objects.get(login_id=login)
    except Staff.DoesNotExist:
        raise CommandError(_("このログインIDはありません: %(login)s") % {"login": login}) from None


def _typed_password(staff: Staff) -> str:
    password = getpass(_("パスワード: "))
    if len(password) > LONGEST_PASSWORD:
        raise CommandError(_("パスワードは%(most)d文字までです。") % {"most": LONGEST_PASSWORD})
    try:
        validate_password(password, staff)
    except ValidationError as error:
        raise CommandError("\n".join(error.messages)) from error
    if getpass(_("もう一度: ")) != password:
        raise CommandError(_("2回のパスワードがちがいます。"))
    return password
