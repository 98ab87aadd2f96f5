"""Line numbers in a JSON text, by JSON Pointer: the json module tells them for syntax errors only."""

import json
import re

_SPACE = re.compile(r"\s*")
_read = json.JSONDecoder().raw_decode


def lines_by_pointer(text: str) -> dict[str, int]:
    """The line (from 1) in which each value begins, by its JSON Pointer (RFC 6901). The text must be valid JSON."""
    found: dict[str, int] = {}
    _value(text, 0, "", found)
    return found


def json_pointer(*steps: object) -> str:
    """The JSON Pointer of a path: /blanks/0/name."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def _value(text: str, at: int, path: str, found: dict[str, int]) -> int:
    """Record the value at `at` or after the space there; returns its end."""
    at = _after_space(text, at)
    found[path] = text.count("\n", 0, at) + 1
    if text[at] == "{":
        return _members(text, at + 1, path, found)
    if text[at] == "[":
        return _items(text, at + 1, path, found)
    return _read(text, at)[1]


def _members(text: str, at: int, path: str, found: dict[str, int]) -> int:
    at = _after_space(text, at)
    while text[at] != "}":
        name, at = _read(text, at)
        at = _after_space(text, at) + 1  # the colon
        at = _after_space(text, _value(text, at, path + json_pointer(name), found))
        at = _after_space(text, at + 1) if text[at] == "," else at
    return at + 1


def _items(text: str, at: int, path: str, found: dict[str, int]) -> int:
    at, count = _after_space(text, at), 0
    while text[at] != "]":
        at = _after_space(text, _value(text, at, path + json_pointer(count), found))
        at, count = (_after_space(text, at + 1) if text[at] == "," else at), count + 1
    return at + 1


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
