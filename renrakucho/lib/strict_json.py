"""JSON from elsewhere, read so that no two readers see two things in it."""

import json
from typing import Any, NoReturn

from renrakucho.lib.errors import InvalidInput


class AmbiguousJson(InvalidInput):
    """It is JSON to most readers, and they may differ over it (RFC 8259, 4). The message says what is wrong."""


def parse_strict_json(text: str) -> Any:
    """The value. Raises AmbiguousJson where a name stands twice in one object, and for NaN and Infinity;
    json.JSONDecodeError, RecursionError.
    """
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)


def parse_json_object(raw: bytes) -> dict[str, Any] | None:
    """One object, by whichever reader; None for anything else."""
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise AmbiguousJson(f"«{name}» stands twice in one object, and nobody can tell which of the two is meant")
        made[name] = value
    return made


def _no_number(name: str) -> NoReturn:
    raise AmbiguousJson(f"{name} is no number of JSON")
