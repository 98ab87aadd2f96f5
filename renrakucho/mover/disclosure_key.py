"""Signing keys of disclosure receipts: Ed25519, made when the first receipt is signed, and rotated by command.

The private key is sealed with the master key. A key that was replaced signs no more; its public key stays published,
for somebody may hold a receipt that it signed.
"""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction
from django.utils import timezone

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.master_keyring import master_key, open_bytes_with_master_key
from renrakucho.lib.sealing import wrap_key
from renrakucho.mover.models import DisclosureKey


def disclosure_signing_key() -> bytes:
    """The private key that signs now, 32 bytes; made where there is none."""
    row = _present_key()
    if row is None:
        try:
            with transaction.atomic():
                row = _make_key()
        except IntegrityError:  # another process has made it meanwhile
            row = DisclosureKey.objects.get(signs=True)
    return open_bytes_with_master_key(bytes(row.sealed_key), row.id.bytes)


def rotate_disclosure_key() -> DisclosureKey:
    """Make a new key that signs from now on; the one before stays published."""
    with transaction.atomic():
        DisclosureKey.objects.filter(signs=True).update(signs=False)
        return _make_key()


def disclosure_public_keys() -> list[bytes]:
    """Every public key that ever signed, 32 bytes each, the present one first."""
    rows: Any = DisclosureKey.objects.order_by("-id").values_list("public_key", flat=True)
    return [bytes.fromhex(text) for text in rows]


def _present_key() -> DisclosureKey | None:
    return DisclosureKey.objects.filter(signs=True).first()


def _make_key() -> DisclosureKey:
    key, row_id = Ed25519PrivateKey.generate(), new_uuid7()
    return DisclosureKey.objects.create(
        id=row_id,
        public_key=key.public_key().public_bytes_raw().hex(),
        sealed_key=wrap_key(key.private_bytes_raw(), master=master_key(), aad=row_id.bytes),
        made_at=timezone.now(),
    )
