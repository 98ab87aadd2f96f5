"""Schema check of a sheet's TOML: unknown keys, missing keys and values of another kind, each with its place.

The schema is a TypedDict (toml_tables.py), so that one type tells the keys to the reader, to mypy and to this check.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from types import UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.message_text import did_you_mean
from renrakucho.lib.toml_lines import Place

T = TypeVar("T")

_KIND_NAMES: Mapping[Any, str] = {
    str: "a text",
    int: "a number",
    bool: "true or false",
    date: "a date like 2026-11-22",
    time: "a time like 17:00:00",
    list: "a list",
    dict: "a table",
    list[str]: "a list of texts",
    list[date]: "a list of dates like 2026-11-22",
    (dict, str): "a table or the name of one",
    (list, str): "a list or the name of one",
}


class BadSheet(InvalidInput):
    """A form cannot be read; the message says what is wrong, `place` where."""

    def __init__(self, message: str, place: Place = ()) -> None:
        super().__init__(message)
        self.place = place


def checked_table(source: Mapping[str, Any], schema: type[T], where: str) -> T:
    """`source` as the TypedDict `schema`. Raises BadSheet for the first of its errors."""
    for error in table_errors(source, schema, where):
        raise error
    return cast(T, source)


def table_errors(source: Mapping[str, Any], schema: type[Any], where: str) -> Iterator[BadSheet]:
    """An error for each key that is unknown, is of another kind, or is required and missing."""
    hints = get_type_hints(schema)
    yield from key_errors(source, hints, where)
    required = schema.__required_keys__
    yield from (BadSheet(f"{key!r} is missing") for key in hints if key in required and key not in source)


def key_errors(source: Mapping[str, Any], hints: Mapping[str, Any], where: str) -> Iterator[BadSheet]:
    """An error for each key that has no type hint, and for each value that is not of its hint."""
    for key, value in source.items():
        if key not in hints:
            yield BadSheet(f"{where} has no {key!r}; {did_you_mean(key, sorted(hints))}", (key,))
        elif fault := _fault(key, value, hints[key]):
            yield BadSheet(fault, (key,))


def read_nested(source: Mapping[str, Any], key: str, read: Callable[[Mapping[str, Any]], T]) -> T | None:
    """The nested table under `key`, read; None where it is left out. Its errors tell the key and the place."""
    if key not in source:
        return None
    try:
        return read(source[key])
    except BadSheet as error:
        raise BadSheet(f"{key}: {error}", (key, *error.place)) from error


def _fault(key: str, value: object, hint: Any) -> str:
    """The sentence on a value that is not of the type hint; empty where it is."""
    if get_origin(hint) is Literal:
        if not isinstance(value, str):
            return f"{key} is not {_KIND_NAMES[str]}"
        allowed = get_args(hint)
        return "" if value in allowed else f"{key} = {value!r} is not one of {', '.join(allowed)}"
    kinds = tuple(get_origin(each) or each for each in (get_args(hint) if isinstance(hint, UnionType) else (hint,)))
    if not any(_is(value, kind) for kind in kinds):
        return f"{key} is not {_KIND_NAMES[kinds if len(kinds) > 1 else kinds[0]]}"
    if hint in (list[str], list[date]) and isinstance(value, list):
        (kind,) = get_args(hint)
        return "" if all(_is(each, kind) for each in value) else f"{key} is not {_KIND_NAMES[hint]}"
    return ""


def _is(value: object, kind: type) -> bool:
    # To Python, true is a number and a moment is a date.
    return type(value) is kind if isinstance(value, bool | datetime) else isinstance(value, kind)
