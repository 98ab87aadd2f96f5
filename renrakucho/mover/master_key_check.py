"""Master key check: the database holds the key's fingerprint, and nothing starts that would seal with another key.

With a lost or exchanged key everything that is sealed looks broken, and what is written meanwhile is lost as soon as
the right key is back.
"""

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.errors import NotInstalled
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.master_keyring import (
    derived_index_key,
    key_fingerprint,
    keyring_texts,
    open_bytes_with_master_key,
    sealing_key_text,
    use_sealing_key,
)
from renrakucho.lib.noun_command import bilingual
from renrakucho.lib.sealing import SealBroken, seal_bytes
from renrakucho.mover.book import entries_of
from renrakucho.mover.models import Book, MasterKeyFingerprint
from renrakucho.mover.period_key_rotation import PeriodKeysLost, check_period_keys

INDEX_KEY_PLACE = b"index key"
KEY_CHECK_SECONDS = 10.0  # how often a running process asks the database which key seals


class WrongMasterKey(NotInstalled):
    """The database was sealed with another master key. The message says what to do, in Japanese and English."""


def master_key_fingerprint() -> str:
    """Fingerprint of the master key that seals in this process."""
    return key_fingerprint(sealing_key_text())


def check_master_key() -> None:
    """Compare the master keys with the database's, and store what is not there yet: fingerprint and index key.

    From then on this process seals with the database's key. A database from before fingerprints is known by its newest
    book. Raises WrongMasterKey, also where keys of weeks that books hang on are missing.
    """
    texts = {key_fingerprint(text): text for text in keyring_texts()}
    with transaction.atomic():
        row = MasterKeyFingerprint.objects.first()
        if row is None:
            _open_newest_book()
            first = {"fingerprint": next(iter(texts)), "stored_at": timezone.now()}
            row = MasterKeyFingerprint.objects.get_or_create(id=1, defaults=first)[0]
        if row.fingerprint not in texts:
            found = ", ".join(in_fours(each) for each in texts)
            raise WrongMasterKey(_message(f"{in_fours(row.fingerprint)} ≠ {found}"))
        if row.index_key is None:
            _store_index_key(texts[row.fingerprint])
    use_sealing_key(row.fingerprint)
    try:
        check_period_keys()
    except PeriodKeysLost as error:
        raise WrongMasterKey(str(error)) from None


def load_index_key() -> bytes:
    """The key of blind indexes, from the database. Raises WrongMasterKey."""
    row, texts = MasterKeyFingerprint.objects.first(), keyring_texts()
    if row is None or row.index_key is None:
        known = [text for text in texts if row and key_fingerprint(text) == row.fingerprint]
        return derived_index_key((known or list(texts))[0])
    try:
        return open_bytes_with_master_key(bytes(row.index_key), INDEX_KEY_PLACE)
    except SealBroken:
        raise WrongMasterKey(_message(in_fours(row.fingerprint))) from None


def _store_index_key(text: str) -> None:
    sealed = seal_bytes(derived_index_key(text), key=bytes.fromhex(text), aad=INDEX_KEY_PLACE)
    MasterKeyFingerprint.objects.filter(id=1, index_key=None).update(index_key=sealed)


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
