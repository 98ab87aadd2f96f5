"""`renrakucho sandbox staff|code|keys|numbers`: logins, keys and fax numbers of an installation for trying out."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.config.installation import read_secrets, write_secrets
from renrakucho.delivery.address_verification import addresses_of_channel, mark_verified
from renrakucho.lib.identifiers import in_fours, new_readable_code
from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.notice.connected_providers import local_connections, provider_name
from renrakucho.provider.staff import BUREAU, Staff, StaffRole
from renrakucho.provider.system_key import TRIAL_PREFIX, create_key, key_by_text
from renrakucho.provider.two_factor import enable_two_factor, new_totp_secret, totp_code

_BUREAU_LOGIN, _BUREAU_SECRET = "bureau", "bureau-totp"  # names in trial_staff.txt


class Command(NounCommand):
    """Each verb keeps what is there and makes what is missing, so that it is safe to run again."""

    help = bilingual("お試し環境の準備", "an installation for trying out: logins, keys, fax numbers")

    def add_verbs(self) -> None:
        """staff, code, keys, numbers."""
        staff = self.add_verb(
            "staff",
            self._staff,
            bilingual(
                "窓口ごとと事務局のログインを作り、表示する",
                "make a login for every desk and the bureau, and print all",
            ),
        )
        staff.add_argument(
            "--force",
            action="store_true",
            help=bilingual("お試し環境でなくても作る", "also where this is no trial installation"),
        )
        self.add_verb(
            "code",
            self._code,
            bilingual("事務局のお試しログインの確認コードを表示する", "print the code of the bureau's trial login"),
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
        if not settings.SANDBOX:  # its second factor lies beside its password: nothing for real data
            return
        if not Staff.objects.filter(login_id=_BUREAU_LOGIN).exists():
            passwords |= {_BUREAU_LOGIN: _new_password(), _BUREAU_SECRET: new_totp_secret()}
            write_secrets(path, passwords)
            _create_operator(passwords[_BUREAU_LOGIN], passwords[_BUREAU_SECRET])
        self.stdout.write(_bureau_line(passwords.get(_BUREAU_LOGIN, "")))

    def _code(self, **options: Any) -> None:
        """Stand in for the telephone of the bureau's trial login."""
        secret = read_secrets(Path(settings.VAR) / "trial_staff.txt").get(_BUREAU_SECRET, "")
        if not settings.SANDBOX or not secret:
            raise CommandError(_("お試し環境のログインがありません。renrakucho sandbox staff で作ります。"))
        self.stdout.write(totp_code(secret, timezone.now()))

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


def _create_operator(password: str, secret: str) -> None:
    """With a second factor from the start, whose secret stays beside the password: this is for trying out."""
    with transaction.atomic():
        operator = Staff.objects.create_staff(
            login_id=_BUREAU_LOGIN, provider=BUREAU, name=_("事務局"), password=password, role=StaffRole.OPERATOR
        )
        enable_two_factor(operator, secret, 0)


def _bureau_line(password: str) -> str:
    values = {"login": _BUREAU_LOGIN, "password": password}
    if not password:
        return _("事務局: ID %(login)s パスワードは控えがありません") % values
    return _("事務局: ID %(login)s パスワード %(password)s 確認コードは renrakucho sandbox code で表示") % values


def _login_line(provider: str, password: str) -> str:
    values = {"name": provider_name(provider), "login": provider, "password": password}
    if not password:
        return _("受付窓口 %(name)s: ID %(login)s パスワードは控えがありません") % values
    return _("受付窓口 %(name)s: ID %(login)s パスワード %(password)s") % values


def _new_password() -> str:
    """Sixteen characters in groups of four: 79 bits, and quickly typed."""
    return in_fours(new_readable_code(16))
