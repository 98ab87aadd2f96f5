"""Identifiers."""

import time
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.identifiers import (
    ALPHABET,
    LETTERS,
    cleaned_access_key,
    first_uuid7_at,
    in_fours,
    is_plausible_receipt_number,
    new_access_key,
    new_readable_code,
    new_uuid7,
    uuid7_at,
)
from renrakucho.lib.width import to_full_width

KEY = "0123456789ABCDEFGHJKMNPQ"


def test_uuid7_keys_are_version_7_and_differ() -> None:
    keys = [new_uuid7() for _ in range(1000)]
    assert len(set(keys)) == 1000
    assert {key.version for key in keys} == {7}


def test_a_later_uuid7_sorts_later() -> None:
    keys = [new_uuid7().hex for _ in range(1000)]
    assert keys == sorted(keys)


def test_a_uuid7_begins_with_its_time_in_milliseconds() -> None:
    earliest = time.time_ns() // 1_000_000
    made = new_uuid7().int >> 80
    assert earliest <= made <= time.time_ns() // 1_000_000


def test_uuid7_keys_of_given_moments_sort_by_these_and_then_by_their_making() -> None:
    moment = datetime(2026, 12, 1, 3, 0, 0, 999_000, tzinfo=UTC)
    moments = [moment + timedelta(microseconds=each // 2) for each in range(4000)]  # two at each
    keys = [uuid7_at(each) for each in moments]
    assert keys == sorted(keys)
    assert {(key.version, key.variant) for key in keys} == {(7, RFC_4122)}
    assert keys[0] > first_uuid7_at(moment)
    assert keys[-1] < first_uuid7_at(moments[-1] + timedelta(milliseconds=1))


def test_the_first_uuid7_of_a_moment_sorts_between_earlier_and_later_keys() -> None:
    before = new_uuid7()
    first = first_uuid7_at(datetime.now(UTC) + timedelta(milliseconds=5))
    assert before < first < first_uuid7_at(datetime.now(UTC) + timedelta(seconds=1))


def test_the_first_uuid7_of_a_moment_has_nothing_after_its_time() -> None:
    """The moment of RFC 9562, appendix A.6."""
    moment = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    assert first_uuid7_at(moment) == UUID("017f22e2-79b0-7000-8000-000000000000")


def test_an_access_key_has_120_bits_in_characters_that_are_hard_to_misread() -> None:
    keys = [new_access_key() for _ in range(500)]
    assert len(set(keys)) == 500
    assert {len(key) for key in keys} == {24}
    assert set("".join(keys)) == set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)
    assert len(ALPHABET) ** 24 == 2**120


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("", ""),
        ("123", "123"),
        ("12345", "1234-5"),
        ("123456789012", "1234-5678-9012"),
        (KEY, "0123-4567-89AB-CDEF-GHJK-MNPQ"),
    ],
)
def test_a_text_is_shown_in_groups_of_four(text: str, grouped: str) -> None:
    assert in_fours(text) == grouped


@given(st.text(ALPHABET, min_size=24, max_size=24))
def test_a_shown_access_key_is_read_in_any_width_and_case(key: str) -> None:
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
def test_usual_slips_in_a_typed_access_key_are_forgiven(typed: str) -> None:
    assert cleaned_access_key(typed) == KEY


@pytest.mark.parametrize("typed", ["", KEY[:-1], KEY + "0", KEY[:-1] + "U", KEY[:-1] + "あ", KEY[:-1] + "*"])
def test_a_text_that_cannot_be_an_access_key_gives_none(typed: str) -> None:
    assert cleaned_access_key(typed) is None


def test_a_readable_code_has_no_characters_that_look_alike() -> None:
    assert set("01loi").isdisjoint(LETTERS)
    code = new_readable_code(1000)
    assert len(code) == 1000
    assert set(code) == set(LETTERS)


@pytest.mark.parametrize("number", ["1", "Y-7794", "第12号", "受付 1/2 #3", "9" * 40])
def test_a_usual_receipt_number_is_plausible(number: str) -> None:
    assert is_plausible_receipt_number(number)


@pytest.mark.parametrize("number", ["", "9" * 41, "<b>1</b>", "1\n2", "https:", "うけつけ"])
def test_a_receipt_number_with_other_characters_or_over_40_is_not_plausible(number: str) -> None:
    assert not is_plausible_receipt_number(number)
