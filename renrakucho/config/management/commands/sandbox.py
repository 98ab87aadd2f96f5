"""`renrakucho sandbox staff|keys|numbers`: logins, keys and fax numbers of an installation for trying out."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.config.installation import read_secrets, write_secrets
from renrakucho.delivery.address_verification import addresses_of_channel, mark_verified
from renrakucho.lib.identifiers import in_fours, new_readable_code
from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.notice.connected_providers import local_connections, provider_name
from renrakucho.provider.staff import Staff, StaffRole
from renrakucho.provider.system_key import TRIAL_PREFIX, create_key, key_by_text


class Command(NounCommand):
    """Each verb keeps what is there and makes what is missing, so that it is safe to run again."""

    help = bilingual("お試し環境の準備", "an installation for trying out: logins, keys, fax numbers")

    def add_verbs(self) -> None:
        """staff, keys, numbers."""
        staff = self.add_verb(
            "staff",
            self._staff,
            bilingual("窓口ごとにログインを作り、表示する", "make a login for every desk here, and print all"),
        )
        staff.add_argument(
            "--force",
            action="store_true",
            help=bilingual("お試し環境でなくても作る", "also where this is no trial installation"),
        )
        self.add_verb(
            "keys",
            self._keys,
            bilingual("システムごとの鍵を作る", "make a key for every system, in var/trial_keys.txt"),
        )
        self.add_verb(
            "numbers",
            self._numbers,
            bilingual("FAXの番号をすべて確認済みにする", "take every fax number as verified"),
        )

    def _staff(self, *, force: bool, **options: Any) -> None:
        """Print one line for each desk; the passwords stay the same from run to run."""
        if not settings.SANDBOX and not force:
            raise CommandError(
                _("お試し環境ではないため、お試し用のログインは作りません。実際の担当者は staff add で登録します。")
            )
        path = Path(settings.VAR) / "trial_staff.txt"
        passwords = read_secrets(path)
        for provider in sorted(slug for slug, connection in local_connections().items() if connection.desk):
            if not Staff.objects.filter(login_id=provider).exists():
                passwords[provider] = _new_password()
                write_secrets(path, passwords)
                _create_administrator(provider, passwords[provider])
            self.stdout.write(_login_line(provider, passwords.get(provider, "")))

    def _keys(self, **options: Any) -> None:
        """Keep the keys that are valid. The API refuses a trial key on an installation with real data."""
        if not settings.SANDBOX:
            raise CommandError(_("お試し環境ではないため、お試し用の鍵は作りません。"))
        path = Path(settings.VAR) / "trial_keys.txt"
        kept = read_secrets(path)
        for provider in sorted(slug for slug, connection in local_connections().items() if connection.tables):
            if not key_by_text(kept.get(provider, "")):
                kept[provider] = create_key(provider, TRIAL_PREFIX, may_read=True, may_answer=True, trial=True)[1]
        write_secrets(path, kept)

    def _numbers(self, **options: Any) -> None:
        """The sandbox plays the offices there, and nobody would answer the telephone."""
        if not settings.SANDBOX:
            raise CommandError(
                _(
                    "お試し環境ではないため、番号を確認済みにしません。"
                    "renrakucho fax try と confirm で確かめてください。"
                )
            )
        for channel in (name for name, it in CHANNELS.items() if it.address_test):
            for each in addresses_of_channel(channel):
                mark_verified(each.provider, channel)


def _create_administrator(provider: str, password: str) -> None:
    name = _("窓口担当")
    role = StaffRole.ADMINISTRATOR
    Staff.objects.create_staff(login_id=provider, provider=provider, name=name, password=password, role=role)


def _login_line(provider: str, password: str) -> str:
    values = {"name": provider_name(provider), "login": provider, "password": password}
    if not password:
        return _("受付窓口 %(name)s: ID %(login)s パスワードは控えがありません") % values
    return _("受付窓口 %(name)s: ID %(login)s パスワード %(password)s") % values


def _new_password() -> str:
    """Sixteen characters in groups of four: 79 bits, and quickly typed."""
    return in_fours(new_readable_code(16))
