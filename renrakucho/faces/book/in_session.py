"""What must outlive a page lies sealed in the session: a session table that leaks tells nothing of a mover."""

import base64
from typing import Any

from django.conf import settings

from renrakucho.lib.seal import Tampered, open_json, seal_json


def sealed(value: dict[str, Any]) -> str:
    """As text."""
    return base64.b64encode(seal_json(value, key=_master(), aad=b"session")).decode()


def opened(text: str | None) -> dict[str, Any]:
    """What was sealed; empty for anything else."""
    try:
        value: dict[str, Any] = open_json(base64.b64decode(text or ""), key=_master(), aad=b"session")
    except (Tampered, ValueError):
        return {}
    return value


def _master() -> bytes:
    return bytes.fromhex(settings.MASTER_KEY)
