"""`renrakucho disclosure verify|keys|rotate`: check a disclosure receipt; publish and change the keys that sign."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from renrakucho.lib.message_text import BothLanguages
from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.mover.disclosure_key import rotate_disclosure_key
from renrakucho.receipt.disclosure_receipt import published_keys
from renrakucho.standard.disclosure_check import NotADisclosure, check_disclosure, read_keys
from renrakucho.standard.disclosure_signature import public_jwk


class Command(NounCommand):
    """verify needs no database and no network: it is for whoever holds a receipt."""

    help = bilingual("開示記録", "disclosure receipts")

    def add_verbs(self) -> None:
        """verify, keys, rotate."""
        verify = self.add_verb(
            "verify",
            self._verify,
            bilingual(
                "開示記録が本物か確かめる", "whether a receipt is genuine; ends with 1 if not, 2 without a trusted key"
            ),
        )
        verify.add_argument("file", type=Path, help=bilingual("開示記録のJSONファイル", "the receipt, a JSON file"))
        verify.add_argument(
            "--key", type=Path, help=bilingual("窓口の公開鍵 (/standard/keys.json)", "the portal's published keys")
        )
        verify.add_argument(
            "--earlier",
            type=Path,
            help=bilingual("前に受け取った開示記録", "a receipt had before, whose events all have to be there"),
        )
        self.add_verb("keys", self._keys, bilingual("公開鍵を出す", "print the public keys, as published"))
        self.add_verb(
            "rotate",
            self._rotate,
            bilingual("署名の鍵を新しくする", "sign with a new key; old ones stay published"),
        )

    def _verify(self, *, file: Path, key: Path | None, earlier: Path | None, **options: Any) -> None:
        try:
            check = check_disclosure(
                _content(file), read_keys(_content(key)) if key else None, _content(earlier) if earlier else None
            )
        except NotADisclosure as error:
            raise CommandError(
                bilingual("開示記録か公開鍵のファイルではありません。", "This is no disclosure receipt, or no key.")
            ) from error
        for mistake in check.mistakes:
            self.stdout.write(str(mistake))
        if check.mistakes:
            raise CommandError(bilingual("この開示記録は信用できません。", "This receipt is not to be trusted."))
        self.stdout.write(
            bilingual(
                f"記録{check.events}件は、署名されたときのままです。",
                f"All {check.events} events are as they were signed.",
            )
        )
        if not check.trusted:
            raise CommandError(
                bilingual(
                    f"署名した鍵が窓口のものかは、確かめていません。--keyで公開鍵を渡してください（鍵: {check.key}）。",
                    f"Whose key signed is not known. Give the portal's published keys with --key (key: {check.key}).",
                ),
                returncode=2,
            )
        self.stdout.write(bilingual("署名は、渡された公開鍵のものです。", "The signature is by one of the keys given."))

    def _keys(self, **options: Any) -> None:
        self.stdout.write(json.dumps(published_keys(), indent=2))

    def _rotate(self, **options: Any) -> None:
        made = public_jwk(bytes.fromhex(rotate_disclosure_key().public_key))
        self.stdout.write(
            str(BothLanguages(f"これからは鍵{made['kid']}で署名します。", f"The key {made['kid']} signs from now on."))
        )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
