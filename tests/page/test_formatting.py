from datetime import UTC, date, datetime, time

import pytest

from renrakucho.page import formatting

LATE = datetime(2026, 12, 4, 15, 5, tzinfo=UTC)  # 00:05 on the 5th in Japan


def test_days_are_formatted_with_their_weekday() -> None:
    assert formatting.format_day(date(2026, 12, 5)) == "12月5日(土)"
    assert formatting.format_long_day(date(2027, 1, 1)) == "2027年1月1日(金)"
    assert formatting.weekday_name(date(2026, 12, 6)) == "日"


@pytest.mark.parametrize(
    ("said", "shown"), [("2026-08-16", "2026年8月16日"), ("2022-03", "2022年3月"), ("2025", "2025年")]
)
def test_a_day_is_formatted_as_far_as_it_is_known(said: str, shown: str) -> None:
    assert formatting.format_as_of(said) == shown


def test_a_moment_is_formatted_in_the_portals_time_zone() -> None:
    assert formatting.format_day(LATE) == "12月5日(土)"
    assert formatting.format_clock(LATE) == "00:05"
    assert formatting.format_clock(time(9, 30)) == "09:30"


@pytest.mark.parametrize(("code", "shown"), [("2060041", "206-0041"), ("206004", "206004"), ("", "")])
def test_a_postal_code_is_formatted_with_a_hyphen(code: str, shown: str) -> None:
    assert formatting.format_postal_code(code) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [("0312345678", "03-1234-5678"), ("0425437111", "042-543-7111"), ("117", "117")]
)
def test_a_telephone_number_is_formatted_with_hyphens(number: str, shown: str) -> None:
    assert formatting.format_phone(number) == shown


def test_an_address_skips_its_missing_parts() -> None:
    whole = {
        "postal_code": "2060041",
        "prefecture": "東京都",
        "municipality": "多摩市",
        "town": "愛宕",
        "block": "1-2-3",
        "building": "メゾン多摩",
        "room": "101",
    }
    assert formatting.format_address(whole) == "〒206-0041 東京都多摩市愛宕1-2-3 メゾン多摩 101"
    assert formatting.format_address({"prefecture": "東京都", "building": ""}) == "東京都"
