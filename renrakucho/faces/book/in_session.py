"""What must outlive a page lies sealed in the session: a session table that leaks tells nothing of a mover."""

from typing import Any

from renrakucho.lib.master import opened_text, sealed_text

_PLACE = b"session"


def sealed(value: dict[str, Any]) -> str:
    """As text."""
    return sealed_text(value, _PLACE)


def opened(text: str | None) -> dict[str, Any]:
    """What was sealed; empty for anything else."""
    return opened_text(text or "", _PLACE) or {}
