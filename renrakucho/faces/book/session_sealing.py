"""What must outlive a page lies sealed in the session: a session table that leaks tells nothing of a mover."""

from typing import Any

from renrakucho.lib.sealing import open_text, seal_as_text

_PLACE = b"session"


def seal_for_session(value: dict[str, Any]) -> str:
    """As text."""
    return seal_as_text(value, _PLACE)


def open_from_session(text: str | None) -> dict[str, Any]:
    """What was sealed; empty for anything else."""
    return open_text(text or "", _PLACE) or {}
