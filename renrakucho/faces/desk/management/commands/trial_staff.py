"""`renrakucho trial_staff`: a login for every desk of a trial installation."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from renrakucho.lib import secret_file
from renrakucho.lib.identifiers import in_fours, new_readable_code
from renrakucho.notice.connected_providers import local_connections, provider_name
from renrakucho.provider.staff import Staff, StaffRole


class Command(BaseCommand):
    """Makes what is missing and prints all, the same ones each time."""

    help = "Creates one login for every provider with a desk here, for trying out, and prints them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to do so on an installation that is not for trying out."""
        parser.add_argument("--force", action="store_true", help="also where this is no trial installation")

    def handle(self, *, force: bool, **options: object) -> None:
        """One line for each desk."""
        if not settings.SANDBOX and not force:
            raise CommandError(
                _("お試し環境ではないため、お試し用のログインは作りません。実際の担当者は staff add で登録します。")
            )
        path = Path(settings.VAR) / "trial_staff.txt"
        passwords = secret_file.read_secrets(path)
        for provider in sorted(slug for slug, way in local_connections().items() if way.desk):
            if not Staff.objects.filter(login_id=provider).exists():
                passwords[provider] = _new_password()
                secret_file.write_secrets(path, passwords)
                _create(provider, passwords[provider])
            self.stdout.write(_line(provider, passwords.get(provider, "")))


def _create(provider: str, password: str) -> None:
    name = _("窓口担当")
    role = StaffRole.ADMINISTRATOR
    Staff.objects.create_staff(login_id=provider, provider=provider, name=name, password=password, role=role)


def _line(provider: str, password: str) -> str:
    words = {"name": provider_name(provider), "login": provider, "password": password}
    if not password:
        return _("受付窓口 %(name)s: ID %(login)s パスワードは控えがありません") % words
    return _("受付窓口 %(name)s: ID %(login)s パスワード %(password)s") % words


def _new_password() -> str:
    """Sixteen characters in groups of four: 79 bits, and quickly typed."""
    return in_fours(new_readable_code(16))
