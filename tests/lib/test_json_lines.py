"""Lines of values in JSON."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.json_lines import json_pointer, lines_by_pointer

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda within: st.lists(within, max_size=3) | st.dictionaries(st.text(max_size=3), within, max_size=3),
    max_leaves=12,
)


def places(value: Any, path: str = "") -> list[str]:
    """Every place in the order in which it is written."""
    below: list[tuple[object, Any]] = []
    if isinstance(value, dict):
        below = list(value.items())
    elif isinstance(value, list):
        below = list(enumerate(value))
    return [path, *(found for step, one in below for found in places(one, path + json_pointer(step)))]


def test_every_value_has_its_line() -> None:
    text = '{\n "a": [1,\n  {"b~/c": "x\\n{"}],\n\n "d": {} , "e": []\n}'
    assert lines_by_pointer(text) == {"": 1, "/a": 2, "/a/0": 2, "/a/1": 3, "/a/1/b~0~1c": 3, "/d": 5, "/e": 5}


def test_values_without_spaces_between_have_their_lines() -> None:
    text = '\n{"a":[1,2],\n"b":3,"c":{}}'
    assert lines_by_pointer(text) == {"": 2, "/a": 2, "/a/0": 2, "/a/1": 2, "/b": 3, "/c": 3}


@given(VALUES)
def test_every_value_has_exactly_one_pointer(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert list(lines_by_pointer(text)) == places(value)


@given(VALUES)
def test_a_value_begins_in_its_line(value: Any) -> None:
    text = json.dumps(value, indent=1)
    for place, line in lines_by_pointer(text).items():
        last = place.rpartition("/")[2]
        if last and not last.isdigit() and last.isalpha() and last.isascii():
            assert f'"{last}": ' in text.splitlines()[line - 1]
