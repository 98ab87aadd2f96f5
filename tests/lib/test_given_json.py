"""JSON from elsewhere."""

import json

import pytest

from renrakucho.lib.strict_json import AmbiguousJson, parse_json_object, parse_strict_json


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '[{"b": {"a": 1, "a": 1}}]', "NaN", '{"a": -Infinity}'])
def test_what_readers_differ_over_is_not_read(text: str) -> None:
    with pytest.raises(AmbiguousJson):
        parse_strict_json(text)


def test_what_all_read_alike_is_read() -> None:
    assert parse_strict_json('{"a": [1, "𠮷", null], "b": {"a": 1}}') == {"a": [1, "𠮷", None], "b": {"a": 1}}
    with pytest.raises(json.JSONDecodeError):
        parse_strict_json("{")


@pytest.mark.parametrize("raw", [b"", b"[]", b"1", b"\xff", b"{", b"[" * 100_000])
def test_no_table(raw: bytes) -> None:
    assert parse_json_object(raw) is None


def test_a_table() -> None:
    assert parse_json_object('{"a": "髙"}'.encode()) == {"a": "髙"}
