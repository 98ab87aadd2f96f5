"""`renrakucho trial_staff`: a login for every desk of a trial installation."""

import os
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from renrakucho.channel.connection import connections
from renrakucho.faces.desk.surroundings import provider_name
from renrakucho.lib.legible import in_fours, new_code
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_role import Role


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
        passwords = _read(path)
        ways = connections(Path(settings.CONNECTIONS), settings.SANDBOX_URL)
        for provider in sorted(slug for slug, way in ways.items() if way.desk):
            if not Staff.objects.filter(login_id=provider).exists():
                passwords[provider] = _new_password()
                _write(path, passwords)
                _create(provider, passwords[provider])
            self.stdout.write(_line(provider, passwords.get(provider, "")))


def _create(provider: str, password: str) -> None:
    name = _("窓口担当")
    role = Role.ADMINISTRATOR
    Staff.objects.create_staff(login_id=provider, provider=provider, name=name, password=password, role=role)


def _line(provider: str, password: str) -> str:
    words = {"name": provider_name(provider), "login": provider, "password": password}
    if not password:
        return _("受付窓口 %(name)s: ID %(login)s パスワードは控えがありません") % words
    return _("受付窓口 %(name)s: ID %(login)s パスワード %(password)s") % words


def _new_password() -> str:
    """Sixteen characters in groups of four: 79 bits, and quickly typed."""
    return in_fours(new_code(16))


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    return dict(line.split(" ", 1) for line in path.read_text("utf-8").splitlines() if " " in line)


def _write(path: Path, passwords: dict[str, str]) -> None:
    """Readable to its owner alone, from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{login} {password}\n" for login, password in sorted(passwords.items()))
    fresh.replace(path)
