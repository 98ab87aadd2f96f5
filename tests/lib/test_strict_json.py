"""JSON from elsewhere."""

import json

import pytest

from renrakucho.lib.strict_json import AmbiguousJson, parse_json_object, parse_strict_json


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '[{"b": {"a": 1, "a": 1}}]', "NaN", '{"a": -Infinity}'])
def test_ambiguous_json_is_refused(text: str) -> None:
    with pytest.raises(AmbiguousJson):
        parse_strict_json(text)


def test_unambiguous_json_is_parsed() -> None:
    assert parse_strict_json('{"a": [1, "𠮷", null], "b": {"a": 1}}') == {"a": [1, "𠮷", None], "b": {"a": 1}}
    with pytest.raises(json.JSONDecodeError):
        parse_strict_json("{")


@pytest.mark.parametrize("raw", [b"", b"[]", b"1", b"\xff", b"{", b"[" * 100_000])
def test_bytes_that_are_no_json_object_give_none(raw: bytes) -> None:
    assert parse_json_object(raw) is None


def test_a_json_object_is_parsed() -> None:
    assert parse_json_object('{"a": "髙"}'.encode()) == {"a": "髙"}
