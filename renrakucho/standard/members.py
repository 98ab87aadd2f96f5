"""Members of a document."""

from collections.abc import Mapping
from typing import Any


def without_empty(members: Mapping[str, Any]) -> dict[str, Any]:
    """Those that say something: no empty text or list, nothing that is false or 0."""
    return {name: value for name, value in members.items() if value}
