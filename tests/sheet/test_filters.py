from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.sheet.filters import FILTERS
from renrakucho.sheet.phrase import FactReference


@pytest.mark.parametrize(
    ("way", "typed", "said"),
    [
        ("katakana", "たかざき ｼﾞﾝ", "タカザキ ジン"),
        ("hiragana", "タカザキ", "たかざき"),
        ("half_kana", "タカザキ　ジン", "ﾀｶｻﾞｷ ｼﾞﾝ"),
        ("wide", "1-2-3 ABC ｺｰﾎﾟ", "１－２－３　ＡＢＣ　コーポ"),
        ("wide", "ｺﾟﾞ", "コ゜゛"),
        ("narrow", "１−２ー３　Ａ棟", "1-2-3 A棟"),
        ("large_kana", "キャッシュ・ヶヵ", "キヤツシユ・ケカ"),
        ("large_kana", "ｼﾞｮﾝ", "ｼﾞﾖﾝ"),
        ("hyphens_wide", "1-2ー3 コーポ－タワー", "1－2－3 コーポ－タワー"),
        ("hyphens_long", "１−２-３", "１ー２ー３"),
        ("hyphens_no", "１−２-３ ザ・タワー", "１の２の３ ザ・タワー"),
        ("chome_kanji", "九段南１丁目2-3", "九段南一丁目2-3"),
        ("chome_kanji", "南20条西12丁目", "南20条西十二丁目"),
        ("chome_kanji", "1-2-3", "1-2-3"),
        ("chome_digits", "九段南二十三丁目2-3", "九段南23丁目2-3"),
        ("chome_digits", "三丁目", "3丁目"),
        ("chome_digits", "六丁の目町", "六丁の目町"),
        ("bare_room", "203号室", "203"),
        ("bare_room", "Ａ棟１２０３号", "Ａ棟１２０３"),
        ("bare_room", "三号室", "三号室"),
        ("mail_user", "taro@kita@example.jp", "taro@kita"),
        ("mail_domain", "taro@example.jp", "example.jp"),
        ("digits", "〒１０２－００７４", "1020074"),
        ("phone", "０４６７８８１１１１", "0467-88-1111"),
        ("phone_digits", "+81 3-1234-5678", "0312345678"),
        ("phone_brackets", "０４６７−８８−１１１１", "0467(88)1111"),
        ("phone1", "0467881111", "0467"),
        ("phone2", "0467881111", "88"),
        ("phone3", "0467881111", "1111"),
        ("postal", "1020074", "102-0074"),
        ("postal1", "1020074", "102"),
        ("postal2", "1020074", "0074"),
        ("year", "2026-12-05", "2026"),
        ("year2", "2026-12-05", "26"),
        ("month", "2026-02-05", "2"),
        ("day", "2026-12-05", "5"),
        ("month2", "2026-02-05", "02"),
        ("day2", "2026-12-05", "05"),
        ("era", "2026-12-05", "令和"),
        ("era_letter", "2026-12-05", "R"),
        ("era_year", "2019-05-01", "1"),
        ("era_year", "2026-12-05", "8"),
        ("era_year2", "2026-12-05", "08"),
        ("era_year_word", "2019-05-01", "元"),
        ("era_year_word", "2020-01-01", "2"),
        ("era_year_word", "2026-12-05", "8"),
        ("weekday", "2026-12-05", "土"),
        ("ymd", "2026-12-05", "20261205"),
        ("slash", "2026-02-05", "2026/02/05"),
        ("slash1", "2026-02-05", "2026/2/5"),
    ],
)
def test_a_filter_gives_the_expected_text(way: str, typed: str, said: str) -> None:
    assert FILTERS[way](typed) == said


@pytest.mark.parametrize("way", FILTERS)
def test_every_filter_leaves_the_empty_text_empty(way: str) -> None:
    assert FactReference("origin.room", (way,)).text({"origin.room": ""}) == ""


DAYS = st.dates(date(1873, 1, 1), date(2100, 12, 31))
PHONES = st.sampled_from(["0312345678", "0467881111", "09012345678", "0120123456", "0997221111", "05012345678"])
MARKED = st.text("0123456789０１２９ABabＡｂ-‐−－ーの丁目一二十九〒（）() ワヶッｯｬ", max_size=30)


@given(PHONES, st.booleans())
def test_the_three_parts_of_a_phone_number_join_to_the_whole(digits: str, wide: bool) -> None:
    typed = FILTERS["wide"](digits) if wide else digits
    parts = [FILTERS[f"phone{n}"](typed) for n in (1, 2, 3)]
    assert "".join(parts) == FILTERS["phone_digits"](typed) == digits
    assert FILTERS["phone"](typed) == "-".join(parts)
    assert FILTERS["digits"](FILTERS["phone_brackets"](typed)) == digits


@given(st.from_regex("[0-9]{7}", fullmatch=True))
def test_the_two_parts_of_a_postal_code_join_to_the_whole(code: str) -> None:
    assert FILTERS["postal1"](code) + FILTERS["postal2"](code) == code == FILTERS["digits"](FILTERS["postal"](code))


@given(DAYS)
def test_the_three_parts_of_a_day_give_the_day_in_either_calendar(on: date) -> None:
    said = {way: FILTERS[way](on.isoformat()) for way in ("year", "month", "day", "ymd", "slash1", "era", "era_year")}
    assert date(int(said["year"]), int(said["month"]), int(said["day"])) == on
    assert said["slash1"] == f"{said['year']}/{said['month']}/{said['day']}"
    first = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}[said["era"]]
    assert first + int(said["era_year"]) - 1 == on.year
    assert FILTERS["weekday"](on.isoformat()) == FILTERS["weekday"]((on + timedelta(days=7)).isoformat())


@given(st.from_regex("[a-z.+@]{1,10}@[a-z.]{1,10}", fullmatch=True))
def test_the_two_parts_of_a_mail_address_join_to_the_whole(address: str) -> None:
    assert f"{FILTERS['mail_user'](address)}@{FILTERS['mail_domain'](address)}" == address


@given(MARKED, st.sampled_from(["hyphens_wide", "hyphens_long", "hyphens_no"]))
def test_hyphen_filters_change_hyphens_only(text: str, way: str) -> None:
    said = FILTERS[way](text)
    assert len(said) == len(text)
    assert all(before == after or before in "-‐−－ー" for before, after in zip(text, said, strict=True))


@given(st.integers(1, 99))
def test_a_chome_survives_kanji_and_digits(n: int) -> None:
    kanji = FILTERS["chome_kanji"](f"西{n}丁目")
    assert not any(char.isdecimal() for char in kanji)
    assert FILTERS["chome_digits"](kanji) == f"西{n}丁目"


@given(MARKED)
def test_large_kana_keep_their_count(text: str) -> None:
    said = FILTERS["large_kana"](text)
    assert len(said) == len(text)
    assert not set("ヶッｯｬ") & set(said)
