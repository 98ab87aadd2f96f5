"""Encryption at rest: AES-256-GCM under a data key, which is itself encrypted (wrapped) under the master key.

A sealed blob is: version byte 1, 12 byte nonce, ciphertext with its 16 byte tag. The additional data (aad)
names the blob's place, such as a row's key: copied to another row, the blob does not open.
Deleting a wrapped data key erases everything that was sealed with it.

What is sealed is looked up by a keyed hash of it, a blind index. The keys themselves are in `master_keyring`.
"""

import hashlib
import hmac
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from renrakucho.lib.errors import RenrakuchoError

VERSION = b"\x01"
NONCE = 12  # bytes; NIST SP 800-38D's size for random nonces
KEY = 32  # bytes


class SealBroken(RenrakuchoError):
    """The blob does not open: other key, other place, other version, or changed bytes."""


def new_data_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(KEY)


def seal_bytes(plain: bytes, *, key: bytes, aad: bytes) -> bytes:
    """Seal bytes: the result is 29 bytes longer, and different each time. ValueError: `key` has not 32 bytes."""
    nonce = secrets.token_bytes(NONCE)
    return VERSION + nonce + _cipher(key).encrypt(nonce, plain, VERSION + aad)


def open_bytes(blob: bytes, *, key: bytes, aad: bytes) -> bytes:
    """Open what was sealed with this key and aad. Raises SealBroken. ValueError: `key` has not 32 bytes."""
    cipher = _cipher(key)
    nonce, ciphertext = blob[1 : 1 + NONCE], blob[1 + NONCE :]
    if blob[:1] != VERSION or len(nonce) != NONCE:
        raise SealBroken
    try:
        return cipher.decrypt(nonce, ciphertext, VERSION + aad)
    except InvalidTag:
        raise SealBroken from None


def wrap_key(data_key: bytes, *, master: bytes, aad: bytes) -> bytes:
    """The data key, sealed under the master key, as it is stored in the database."""
    return seal_bytes(data_key, key=master, aad=aad)


def unwrap_key(wrapped: bytes, *, master: bytes, aad: bytes) -> bytes:
    """The data key. Raises SealBroken for another master key or aad."""
    return open_bytes(wrapped, key=master, aad=aad)


def seal_json(value: Any, *, key: bytes, aad: bytes) -> bytes:
    """Seal a value as JSON. TypeError: it is not JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate can be typed into a form but has no UTF-8: it is kept, since names are stored as typed.
    return seal_bytes(text.encode("utf-8", "surrogatepass"), key=key, aad=aad)


def open_json(blob: bytes, *, key: bytes, aad: bytes) -> Any:
    """Open what seal_json sealed. Raises SealBroken."""
    plain = open_bytes(blob, key=key, aad=aad)
    try:
        return json.loads(plain.decode("utf-8", "surrogatepass"))
    except ValueError:
        raise SealBroken from None


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY:  # with 16 bytes AESGCM would be AES-128
        raise ValueError(f"a key has {KEY} bytes")
    return AESGCM(key)


def keyed_hash(secret: str, text: str) -> str:
    """A hash of the text that nobody can compute without the secret: 64 hex digits.

    Its key differs from that of `signing.sign_parts`: under one secret, a hash never equals a signature.
    """
    return hmac.new(f"keyed hash\n{secret}".encode(), text.encode(), hashlib.sha256).hexdigest()
