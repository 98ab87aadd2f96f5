"""Sealing under this installation's master key: for what belongs to no mover's book."""

import base64
from typing import Any

from django.conf import settings

from renrakucho.lib.seal import Tampered, open_json, seal_json


def master_key() -> bytes:
    """32 bytes, kept outside the database."""
    return bytes.fromhex(settings.MASTER_KEY)


def seal_here(value: Any, place: bytes) -> bytes:
    """A JSON value, sealed for one place, as a row and what is kept in it."""
    return seal_json(value, key=master_key(), aad=place)


def open_here(sealed: bytes | memoryview, place: bytes) -> Any:
    """The JSON value again. Raises lib.seal.Tampered where it was sealed for another place."""
    return open_json(bytes(sealed), key=master_key(), aad=place)


def sealed_text(value: Any, place: bytes) -> str:
    """The same as text, for a session: a session table that leaks tells nothing."""
    return base64.b64encode(seal_here(value, place)).decode()


def opened_text(text: str, place: bytes) -> Any:
    """What was sealed; None for anything else."""
    try:
        return open_here(base64.b64decode(text), place)
    except (Tampered, ValueError):
        return None
