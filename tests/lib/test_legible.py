"""Codes as they are read off."""

import pytest

from renrakucho.lib.identifiers import LETTERS, in_fours, new_readable_code


@pytest.mark.parametrize(
    ("text", "read"), [("", ""), ("123", "123"), ("123456789012", "1234-5678-9012"), ("12345", "1234-5")]
)
def test_groups_of_four(text: str, read: str) -> None:
    assert in_fours(text) == read


def test_a_code_has_no_characters_that_look_alike() -> None:
    assert set("01loi").isdisjoint(LETTERS)
    code = new_readable_code(1000)
    assert len(code) == 1000
    assert set(code) == set(LETTERS)
