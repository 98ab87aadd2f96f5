"""Master key check: the database holds the key's fingerprint, and nothing starts that would seal with another key.

With a lost or exchanged key everything that is sealed looks broken, and what is written meanwhile is lost as soon as
the right key is back.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from renrakucho.lib.errors import NotInstalled
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.noun_command import bilingual
from renrakucho.lib.sealing import SealBroken, keyed_hash
from renrakucho.mover.book import entries_of
from renrakucho.mover.models import Book, MasterKeyFingerprint

_DIGITS = 16  # 64 bits: nobody makes a second key with the same ones by accident


class WrongMasterKey(NotInstalled):
    """The database was sealed with another master key. The message says what to do, in Japanese and English."""


def master_key_fingerprint() -> str:
    """Sixteen hex digits that tell master keys apart and give nothing of them away."""
    return keyed_hash(settings.MASTER_KEY, "fingerprint")[:_DIGITS]


def check_master_key() -> None:
    """Compare the master key with that of the database, and store its fingerprint where there is none yet.

    Raises WrongMasterKey. A database from before fingerprints is known by its newest book.
    """
    fingerprint = master_key_fingerprint()
    with transaction.atomic():
        stored = MasterKeyFingerprint.objects.values_list("fingerprint", flat=True).first()
        if stored is None:
            _open_newest_book()
            first = {"fingerprint": fingerprint, "stored_at": timezone.now()}
            stored = MasterKeyFingerprint.objects.get_or_create(id=1, defaults=first)[0].fingerprint
    if stored != fingerprint:
        raise WrongMasterKey(_message(f"{in_fours(stored)} ≠ {in_fours(fingerprint)}"))


def _open_newest_book() -> None:
    newest = Book.objects.order_by("-id").first()
    try:
        if newest:
            entries_of(newest)
    except SealBroken:
        raise WrongMasterKey(_message(str(newest.id) if newest else "")) from None


def _message(found: str) -> str:
    return bilingual(
        f"このデータベースの中身は、別のマスターキーで封をしてあります（{found}）。このままでは何も読めず、"
        "新しく書いたものも失われるため、始めませんでした。RENRAKUCHO_MASTER_KEYか、ファイルmaster_keyを、"
        "控えておいた元の鍵に戻してください。",
        f"This database was sealed with another master key ({found}). Nothing was started: put the key back that was "
        "kept with the backups, into RENRAKUCHO_MASTER_KEY or the file master_key.",
    )
