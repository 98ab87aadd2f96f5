from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.japanese_numbers import (
    JapaneseYear,
    chome_in_digits,
    chome_in_kanji,
    digits_for_kanji,
    japanese_year,
    western_year,
)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 12, 5), JapaneseYear("令和", "R", 8)),
        (date(2019, 5, 1), JapaneseYear("令和", "R", 1)),
        (date(2019, 4, 30), JapaneseYear("平成", "H", 31)),
        (date(1989, 1, 8), JapaneseYear("平成", "H", 1)),
        (date(1989, 1, 7), JapaneseYear("昭和", "S", 64)),
        (date(1926, 12, 25), JapaneseYear("昭和", "S", 1)),
        (date(1926, 12, 24), JapaneseYear("大正", "T", 15)),
        (date(1912, 7, 30), JapaneseYear("大正", "T", 1)),
        (date(1912, 7, 29), JapaneseYear("明治", "M", 45)),
        (date(1873, 1, 1), JapaneseYear("明治", "M", 6)),
    ],
)
def test_an_era_changes_on_its_first_day(on: date, expected: JapaneseYear) -> None:
    assert japanese_year(on) == expected


def test_a_day_before_the_gregorian_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="Gregorian"):
        japanese_year(date(1872, 12, 31))


@given(st.dates(min_value=date(1873, 1, 2), max_value=date(2200, 12, 31)))
def test_within_an_era_the_year_changes_at_new_year_only(on: date) -> None:
    before, after = japanese_year(date.fromordinal(on.toordinal() - 1)), japanese_year(on)
    if before.name == after.name:
        assert after.year - before.year == (on.month == on.day == 1)
    else:
        assert after.year == 1


@pytest.mark.parametrize(
    ("digits", "kanji"),
    [("1", "一"), ("9", "九"), ("10", "十"), ("11", "十一"), ("20", "二十"), ("21", "二十一"), ("99", "九十九")],
)
def test_the_number_before_chome_is_written_in_kanji_or_digits(digits: str, kanji: str) -> None:
    assert chome_in_kanji(f"九段南{digits}丁目2番") == f"九段南{kanji}丁目2番"
    assert chome_in_digits(f"九段南{kanji}丁目2番") == f"九段南{digits}丁目2番"


@pytest.mark.parametrize("text", ["0丁目", "1-2-3", "一番町", "百丁目"])
def test_other_numbers_stay_as_they_are_written(text: str) -> None:
    assert chome_in_kanji(text) == chome_in_digits(text) == text


@pytest.mark.parametrize(
    ("era", "year", "western"),
    [("令和", 8, 2026), ("R", 1, 2019), ("平成", 31, 2019), ("H", 1, 1989), ("昭和", 64, 1989), ("M", 6, 1873)],
)
def test_a_year_of_an_era_is_a_western_year(era: str, year: int, western: int) -> None:
    assert western_year(era, year) == western


def test_kanji_digits_become_digits() -> None:
    assert digits_for_kanji("十二月五日") == "12月5日"
