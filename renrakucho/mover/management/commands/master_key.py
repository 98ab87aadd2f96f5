"""`renrakucho master_key check`: whether this is the key that the database was sealed with."""

from typing import Any

from django.core.management import CommandError

from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.mover.master_key_check import WrongMasterKey, check_master_key, master_key_fingerprint


class Command(NounCommand):
    """The master key and its fingerprint."""

    help = bilingual("マスターキーの確認", "check the master key")

    def add_verbs(self) -> None:
        """check."""
        self.add_verb(
            "check",
            self._check,
            bilingual(
                "データベースの鍵と同じか確かめ、指紋を表示する", "compare it with the database, print its fingerprint"
            ),
        )

    def _check(self, **options: Any) -> None:
        try:
            check_master_key()
        except WrongMasterKey as error:
            raise CommandError(str(error)) from None
        self.stdout.write(in_fours(master_key_fingerprint()))
