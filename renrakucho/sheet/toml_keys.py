"""Schema check of a sheet's TOML: unknown keys, missing keys and values of another kind, each with its place.

The schema is a TypedDict (toml_tables.py), so that one type tells the keys to the reader, to mypy and to this check.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from types import UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.message_text import BothLanguages, did_you_mean
from renrakucho.lib.toml_lines import Place

T = TypeVar("T")

_KIND_NAMES: Mapping[tuple[Any, ...], BothLanguages] = {
    (str,): BothLanguages('"…"で囲んだ文字列', "a text"),
    (int,): BothLanguages("数字", "a number"),
    (bool,): BothLanguages("trueかfalse", "true or false"),
    (date,): BothLanguages("2026-11-22のような日付", "a date like 2026-11-22"),
    (time,): BothLanguages("17:00:00のような時刻", "a time like 17:00:00"),
    (list,): BothLanguages("[…]の一覧", "a list"),
    (dict,): BothLanguages("[…]の表", "a table"),
    (list[str],): BothLanguages('["…"]のような文字列の一覧', "a list of texts"),
    (list[date],): BothLanguages("2026-11-22のような日付の一覧", "a list of dates like 2026-11-22"),
    (dict, str): BothLanguages("表か、表の名前", "a table or the name of one"),
    (list, str): BothLanguages("一覧か、一覧の名前", "a list or the name of one"),
    (str, list): BothLanguages('"…"で囲んだ文字列か、その一覧', "a text or a list of texts"),
}


class BadSheet(InvalidInput):
    """A form cannot be read; the message says what is wrong, `place` where. Errors of keys say it in Japanese too."""

    def __init__(self, message: str, place: Place = (), japanese: str = "") -> None:
        super().__init__(message)
        self.place = place
        self.japanese = japanese


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
    missing = [key for key in hints if key in required and key not in source]
    yield from (BadSheet(f"{key!r} is missing", (), f"{key}がありません") for key in missing)


def key_errors(source: Mapping[str, Any], hints: Mapping[str, Any], where: str) -> Iterator[BadSheet]:
    """An error for each key that has no type hint, and for each value that is not of its hint."""
    for key, value in source.items():
        if key not in hints:
            message = f"{where} has no {key!r}; {did_you_mean(key, sorted(hints))}"
            yield BadSheet(message, (key,), f"{key}という項目はありません。あるのは{'、'.join(sorted(hints))}です")
        elif fault := _fault(key, value, hints[key]):
            yield BadSheet(fault.english, (key,), fault.japanese)


def read_nested(source: Mapping[str, Any], key: str, read: Callable[[Mapping[str, Any]], T]) -> T | None:
    """The nested table under `key`, read; None where it is left out. Its errors tell the key and the place."""
    if key not in source:
        return None
    try:
        return read(source[key])
    except BadSheet as error:
        raise BadSheet(f"{key}: {error}", (key, *error.place)) from error


def _fault(key: str, value: object, hint: Any) -> BothLanguages | None:
    """The sentence on a value that is not of the type hint; None where it is."""
    if get_origin(hint) is Literal:
        allowed = get_args(hint)
        if not isinstance(value, str):
            return _not_of_kind(key, str)
        names = ", ".join(allowed)
        words = BothLanguages(f"{key}は{names}のどれかです", f"{key} = {value!r} is not one of {names}")
        return None if value in allowed else words
    kinds = tuple(get_origin(each) or each for each in (get_args(hint) if isinstance(hint, UnionType) else (hint,)))
    if not any(_is(value, kind) for kind in kinds):
        return _not_of_kind(key, *kinds)
    if hint in (list[str], list[date]) and isinstance(value, list):
        (kind,) = get_args(hint)
        return None if all(_is(each, kind) for each in value) else _not_of_kind(key, hint)
    return None


def _not_of_kind(key: str, *kinds: Any) -> BothLanguages:
    name = _KIND_NAMES[kinds]
    return BothLanguages(f"{key}は{name.japanese}です", f"{key} is not {name.english}")


def _is(value: object, kind: type) -> bool:
    # To Python, true is a number and a moment is a date.
    return type(value) is kind if isinstance(value, bool | datetime) else isinstance(value, kind)
