import pytest

from renrakucho.sheet.filters import WAYS
from renrakucho.sheet.phrase import parse


@pytest.mark.parametrize(
    ("way", "typed", "said"),
    [
        ("katakana", "たかざき ｼﾞﾝ", "タカザキ ジン"),
        ("hiragana", "タカザキ", "たかざき"),
        ("half_kana", "タカザキ　ジン", "ﾀｶｻﾞｷ ｼﾞﾝ"),
        ("wide", "1-2-3 ABC ｺｰﾎﾟ", "１－２－３　ＡＢＣ　コーポ"),
        ("wide", "ｺﾟﾞ", "コ゜゛"),
        ("narrow", "１−２ー３　Ａ棟", "1-2-3 A棟"),
        ("digits", "〒１０２－００７４", "1020074"),
        ("phone", "０４６７８８１１１１", "0467-88-1111"),
        ("phone1", "0467881111", "0467"),
        ("phone2", "0467881111", "88"),
        ("phone3", "0467881111", "1111"),
        ("postal", "1020074", "102-0074"),
        ("postal1", "1020074", "102"),
        ("postal2", "1020074", "0074"),
        ("year", "2026-12-05", "2026"),
        ("month", "2026-02-05", "2"),
        ("day", "2026-12-05", "5"),
        ("month2", "2026-02-05", "02"),
        ("day2", "2026-12-05", "05"),
        ("era", "2026-12-05", "令和"),
        ("era_letter", "2026-12-05", "R"),
        ("era_year", "2019-05-01", "1"),
        ("era_year", "2026-12-05", "8"),
        ("ymd", "2026-12-05", "20261205"),
        ("slash", "2026-02-05", "2026/02/05"),
    ],
)
def test_a_way_of_saying(way: str, typed: str, said: str) -> None:
    assert WAYS[way](typed) == said


@pytest.mark.parametrize("way", WAYS)
def test_nothing_said_in_any_way_is_nothing(way: str) -> None:
    assert parse(f"{{origin.room|{way}}}").text({"origin.room": ""}) == ""
