"""Strict JSON: refuse documents that two parsers may read differently."""

import json
from typing import Any, NoReturn

from renrakucho.lib.errors import InvalidInput


class AmbiguousJson(InvalidInput):
    """Parsers may differ over this JSON (RFC 8259, 4). The message says where."""


def parse_strict_json(text: str) -> Any:
    """Parse JSON. Raises json.JSONDecodeError, RecursionError, and AmbiguousJson: a name stands twice in one object, or
    a number is NaN or Infinity.
    """
    return json.loads(text, object_pairs_hook=_unique_members, parse_constant=_refuse_constant)


def parse_json_object(raw: bytes) -> dict[str, Any] | None:
    """Parse a JSON object leniently; None for anything else."""
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise AmbiguousJson(f"«{name}» stands twice in one object, and nobody can tell which of the two is meant")
        members[name] = value
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise AmbiguousJson(f"{name} is no number of JSON")
