"""Sealing at rest: AES-256-GCM under a data key, and the data key itself under the master key.

A sealed blob is: version byte 1, 12 byte nonce, ciphertext with its 16 byte tag. The additional data (aad)
names the place the blob belongs to, such as a row's key: copied to another row, it does not open there.
Dropping a wrapped data key erases everything that was sealed with it.
"""

import base64
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from renrakucho.lib.errors import RenrakuchoError

VERSION = b"\x01"
NONCE = 12  # bytes; NIST SP 800-38D's size for random nonces
KEY = 32  # bytes


class SealBroken(RenrakuchoError):
    """The blob is not what was sealed: another key, another place, another version, or changed bytes."""


def new_data_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(KEY)


def seal_bytes(plain: bytes, *, key: bytes, aad: bytes) -> bytes:
    """29 bytes longer than `plain`, different each time. ValueError: `key` is not of 32 bytes."""
    nonce = secrets.token_bytes(NONCE)
    return VERSION + nonce + _cipher(key).encrypt(nonce, plain, VERSION + aad)


def open_bytes(blob: bytes, *, key: bytes, aad: bytes) -> bytes:
    """What was sealed with the same key and aad; Tampered otherwise. ValueError: `key` is not of 32 bytes."""
    cipher = _cipher(key)
    nonce, ciphertext = blob[1 : 1 + NONCE], blob[1 + NONCE :]
    if blob[:1] != VERSION or len(nonce) != NONCE:
        raise SealBroken
    try:
        return cipher.decrypt(nonce, ciphertext, VERSION + aad)
    except InvalidTag:
        raise SealBroken from None


def wrap_key(data_key: bytes, *, master: bytes, aad: bytes) -> bytes:
    """The data key sealed under the master key: this may lie in the database."""
    return seal_bytes(data_key, key=master, aad=aad)


def unwrap_key(wrapped: bytes, *, master: bytes, aad: bytes) -> bytes:
    """The data key; Tampered when the master key or the aad is another."""
    return open_bytes(wrapped, key=master, aad=aad)


def seal_json(value: Any, *, key: bytes, aad: bytes) -> bytes:
    """Seals `value` as JSON. TypeError: it is not JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate can be typed into a form and has no UTF-8: it is kept, since names are stored as typed.
    return seal_bytes(text.encode("utf-8", "surrogatepass"), key=key, aad=aad)


def open_json(blob: bytes, *, key: bytes, aad: bytes) -> Any:
    """What seal_json sealed; Tampered when the blob is not that."""
    plain = open_bytes(blob, key=key, aad=aad)
    try:
        return json.loads(plain.decode("utf-8", "surrogatepass"))
    except ValueError:
        raise SealBroken from None


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY:  # AESGCM would take 16 bytes too, and be AES-128
        raise ValueError(f"a key has {KEY} bytes")
    return AESGCM(key)


def master_key() -> bytes:
    """32 bytes, kept outside the database."""
    return bytes.fromhex(settings.MASTER_KEY)


def seal_with_master_key(value: Any, place: bytes) -> bytes:
    """A JSON value, sealed for one place, as a row and what is kept in it."""
    return seal_json(value, key=master_key(), aad=place)


def open_with_master_key(sealed: bytes | memoryview, place: bytes) -> Any:
    """The JSON value again. Raises lib.seal.Tampered where it was sealed for another place."""
    return open_json(bytes(sealed), key=master_key(), aad=place)


def seal_as_text(value: Any, place: bytes) -> str:
    """The same as text, for a session: a session table that leaks tells nothing."""
    return base64.b64encode(seal_with_master_key(value, place)).decode()


def open_text(text: str, place: bytes) -> Any:
    """What was sealed; None for anything else."""
    try:
        return open_with_master_key(base64.b64decode(text), place)
    except (SealBroken, ValueError):
        return None
