import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.identifiers import ALPHABET, cleaned_access_key, in_fours, new_access_key
from renrakucho.lib.width import to_full_width

KEY = "0123456789ABCDEFGHJKMNPQ"


def test_a_new_key_has_120_bits_in_characters_that_are_hard_to_misread() -> None:
    keys = [new_access_key() for _ in range(500)]
    assert len(set(keys)) == 500
    assert {len(key) for key in keys} == {24}
    assert set("".join(keys)) == set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)
    assert len(ALPHABET) ** 24 == 2**120


def test_it_is_shown_in_groups_of_four() -> None:
    assert in_fours(KEY) == "0123-4567-89AB-CDEF-GHJK-MNPQ"


@given(st.text(ALPHABET, min_size=24, max_size=24))
def test_what_is_shown_is_understood_in_any_width_and_case(key: str) -> None:
    assert cleaned_access_key(in_fours(key)) == cleaned_access_key(to_full_width(in_fours(key).lower())) == key


@pytest.mark.parametrize(
    "typed",
    [
        " 0123 4567 89ab cdef ghjk mnpq\n",
        "O1234567-89AB-CDEF-GHJK-MNPQ",
        "ol234567-89AB-CDEF-GHJK-MNPQ",
        "0i23ー4567—89AB−CDEF‐GHJK－MNPQ",
        "０１２３　４５６７　８９ａｂ　ｃｄｅｆ　ｇｈｊｋ　ｍｎｐｑ",
    ],
)
def test_how_people_type_is_forgiven(typed: str) -> None:
    assert cleaned_access_key(typed) == KEY


@pytest.mark.parametrize("typed", ["", KEY[:-1], KEY + "0", KEY[:-1] + "U", KEY[:-1] + "あ", KEY[:-1] + "*"])
def test_what_cannot_be_a_key_is_none(typed: str) -> None:
    assert cleaned_access_key(typed) is None
