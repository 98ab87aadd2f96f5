"""The keys of a sheet's TOML: which there are, and of which kind."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from types import UnionType
from typing import Any

from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.message_text import did_you_mean
from renrakucho.lib.toml_lines import Place

Kinds = Mapping[str, type | UnionType]

_KIND_WORDS: Mapping[type | UnionType, str] = {
    str: "a text",
    int: "a number",
    bool: "true or false",
    date: "a date like 2026-11-22",
    time: "a time like 17:00:00",
    list: "a list",
    dict: "a table",
    dict | str: "a table or the name of one",
    list | str: "a list or the name of one",
}


class BadSheet(InvalidInput):
    """A form cannot be read; the message says what is wrong, `place` where."""

    def __init__(self, message: str, place: Place = ()) -> None:
        super().__init__(message)
        self.place = place


def require_known_keys(source: Mapping[str, Any], allowed: Kinds, where: str, needed: str = "") -> None:
    """Raises BadSheet for the first that is `wrong`."""
    for error in key_errors(source, allowed, where, needed):
        raise error


def key_errors(source: Mapping[str, Any], allowed: Kinds, where: str, needed: str = "") -> Iterator[BadSheet]:
    """An error for each key that there is not, is of another kind, or is `needed` and missing."""
    for key, value in source.items():
        if key not in allowed:
            yield BadSheet(f"{where} has no {key!r}; {did_you_mean(key, sorted(allowed))}", (key,))
        elif not _is(value, allowed[key]):
            yield BadSheet(f"{key} is not {_KIND_WORDS[allowed[key]]}", (key,))
    yield from (BadSheet(f"{key!r} is missing") for key in needed.split() if key not in source)


def text_list(source: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of texts, empty where there is none. Raises BadSheet."""
    found = source.get(key, ())
    if not all(isinstance(text, str) for text in found):
        raise BadSheet(f"{key} is not a list of texts", (key,))
    return tuple(found)


def one_of(source: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> Any:
    """A text that is one of `allowed`. Raises BadSheet."""
    if source[key] not in allowed:
        raise BadSheet(f"{key} = {source[key]!r} is not one of {', '.join(allowed)}", (key,))
    return source[key]


def _is(value: object, kind: type | UnionType) -> bool:
    # To Python, true is a number and a moment is a date.
    if isinstance(value, bool | datetime):
        return type(value) is kind
    return isinstance(value, kind)
