"""Master keyring: one master key seals, all of them open, so that the key can be changed while everything runs.

settings.MASTER_KEY holds the keys, each of 64 hex digits, separated by white space or commas; the newest stands last.
The file that they come from (settings.MASTER_KEY_FILE) is read again when it has changed. Which of them seals is the
database's word (`use_sealing_key`), and the first one until it was heard.

Blind indexes are hashed with a key of their own (`index_hash`), which stays when the master key changes: what was
hashed cannot be hashed again. It lies in the database, sealed with the master key; settings.INDEX_KEY_LOADER names the
function that reads it. See docs/decisions/0012.
"""

import hashlib
import hmac
import re
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from renrakucho.lib.sealing import SealBroken, keyed_hash, open_bytes, open_json, seal_json

# What period_keyring.seal_as_text seals lies in sessions: a rotation of the key tries each of these places there.
SESSION_PLACES = (b"session", b"desk", b"desk once", b"issuer logins")
_FINGERPRINT = 16  # hex digits, 64 bits: nobody makes a second key with the same ones by accident
_LOOK_SECONDS = 1.0


class _KeyFile:
    """The text of the keys, read again when their file has changed."""

    def __init__(self) -> None:
        self._first: str | None = None
        self._text = ""
        self._seen: tuple[int, ...] = ()
        self._next_look = 0.0

    def text(self) -> str:
        """The keys; where the setting was changed in this process, as tests do, they are the setting's."""
        path: Path | None = settings.MASTER_KEY_FILE
        if path is None or self._first not in (None, settings.MASTER_KEY):
            return str(settings.MASTER_KEY)
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + _LOOK_SECONDS
            self._look(path)
        return self._text or str(settings.MASTER_KEY)

    def look_again(self) -> None:
        """Look at the file at the next call."""
        self._next_look = 0.0

    def _look(self, path: Path) -> None:
        try:
            found = path.stat()
            seen = (found.st_mtime_ns, found.st_size, found.st_ino)
            if self._first is None:
                self._first = str(settings.MASTER_KEY)
            elif seen != self._seen:
                self._text = path.read_text("utf-8").strip()
            self._seen = seen
        except OSError:
            return  # the keys that are known stay good


_file = _KeyFile()
_sealing = ""  # fingerprint of the key that seals, as the database says
_index_keys: dict[str, bytes] = {}  # by the keys of the setting: tests change it


def keyring_texts() -> tuple[str, ...]:
    """Every master key as 64 hex digits, the newest last."""
    return _texts(_file.text())


@lru_cache(maxsize=8)
def _texts(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,]+", text) if part)


def read_keys_again() -> None:
    """Look at the key's file at the next use: this process has changed it."""
    _file.look_again()


@lru_cache(maxsize=32)
def key_fingerprint(text: str) -> str:
    """Sixteen hex digits that tell master keys apart and give nothing of them away."""
    return keyed_hash(text, "fingerprint")[:_FINGERPRINT]


def use_sealing_key(fingerprint: str) -> None:
    """Seal with the key of this fingerprint from now on, where it is in the keyring."""
    global _sealing
    _sealing = fingerprint


def sealing_key_text() -> str:
    """The master key that seals."""
    texts = keyring_texts()
    return next((text for text in texts if key_fingerprint(text) == _sealing), texts[0])


def seal_with_master_key(value: Any, place: bytes) -> bytes:
    """Seal a JSON value for one place: a row's key and the name of its field, for one."""
    return seal_json(value, key=master_key(), aad=place)


def open_with_master_key(sealed: bytes | memoryview, place: bytes) -> Any:
    """Open what seal_with_master_key sealed for this place. Raises SealBroken."""
    for key in _master_keys():
        try:
            return open_json(bytes(sealed), key=key, aad=place)
        except SealBroken:
            continue
    raise SealBroken


def open_bytes_with_master_key(sealed: bytes, place: bytes) -> bytes:
    """Open what was sealed for this place with one of the master keys. Raises SealBroken."""
    for key in _master_keys():
        try:
            return open_bytes(sealed, key=key, aad=place)
        except SealBroken:
            continue
    raise SealBroken


def master_key() -> bytes:
    """The 32 bytes of the master key that seals. It is kept outside the database."""
    return bytes.fromhex(sealing_key_text())


def _master_keys() -> list[bytes]:
    """Every master key, that which seals first."""
    first = sealing_key_text()
    return [bytes.fromhex(text) for text in (first, *(text for text in keyring_texts() if text != first))]


def index_hash(text: str) -> str:
    """Blind index: a hash of the text that nobody can compute without the installation's index key, 64 hex digits."""
    return hmac.new(_index_key(), text.encode(), hashlib.sha256).hexdigest()


def derived_index_key(master: str) -> bytes:
    """The index key as it began: the effective key of the hashes that were made with the first master key.

    HMAC hashes a key of more than 64 bytes, so these 32 bytes give the same hashes as `keyed_hash(master, …)`, and the
    master key cannot be had from them.
    """
    return hashlib.sha256(f"keyed hash\n{master}".encode()).digest()


def keep_index_key(key: bytes) -> None:
    """Use this index key from now on. It never changes."""
    _index_keys[settings.MASTER_KEY] = key


def _index_key() -> bytes:
    found = _index_keys.get(settings.MASTER_KEY)
    if found is None:
        found = import_string(settings.INDEX_KEY_LOADER)()
        keep_index_key(found)
    return found
