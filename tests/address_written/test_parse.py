"""Any text is parsed without an error or a loss, and the normal form parses to the same address."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renrakucho.address.written.address_table import AddressTable
from renrakucho.address.written.parse import LONGEST, parse_address
from renrakucho.address.written.written_address import WrittenAddress

WORDS = (
    "〒206-0041 東京都 大阪府 北海道 多摩市 府中市 港区 京都市中京区 札幌市北区 永山 本町 六本木 三番町 寺町通御池上る "
    "北24条西 字 大字 一丁目 1丁目 2番 3号 12 - の 番地 甲 ハイツ ビル 101号室 8階 様方"
)
PARTS = [*WORDS.split(), "　", " ", "(", "）", "\U000e0100", "か\u3099", "々", "𠮷", "\0", "\ud800"]
TYPED = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
PLACES = st.sampled_from(("東京都多摩市永山", "大分県大分市大石町", "長野県松本市島内", "横浜市港北区大豆戸町"))
HOUSES = st.sampled_from(
    ("1-2-3", "3丁目4番", "123番地の4", "甲55", "1-2-3 メゾン青葉101号室", "12 青葉ビル8階", "", "番外地")
)

STRANGE = {
    "empty": "",
    "spaces": " 　\t\n",
    "control characters": "".join(map(chr, range(32))),
    "a number": "12345",
    "six digits": "123456",
    "letters": "abcdef",
    "SQL": "'; DROP TABLE towns; --",
    "markup": "<script>alert(1)</script>",
    "abroad": "1600 Pennsylvania Avenue NW, Washington, DC 20500",
    "abroad, in kanji": "中華人民共和国北京市朝陽区建国門外大街1号",
    "emoji": "😀🏠" * 20,
    "lone surrogate": "東京都\ud83d多摩市",
    "long": "東京都" * 4000,
    "long, digits": "1" * 10_000,
    "long, hyphens": "1-" * 5000,
    "long, brackets": "東京都多摩市永山1-2-3" + "(" * 10_000,
    "long, kanji digits": "東京都多摩市永山" + "一" * 10_000,
}


def whole(said: WrittenAddress) -> str:
    return "".join(piece.typed for piece in said.pieces)


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_strange_input_is_parsed_and_kept(table: AddressTable, text: str) -> None:
    said = parse_address(text, table)
    assert whole(said) == text
    assert said.level in {"exact", "town", "municipality", "prefecture", "none"}


@pytest.mark.parametrize("name", ["letters", "SQL", "abroad", "abroad, in kanji", "empty", "six digits"])
def test_no_address_is_invented(table: AddressTable, name: str) -> None:
    said = parse_address(STRANGE[name], table)
    assert (said.level, said.municipality_code, said.town) == ("none", "", "")
    assert said.rest == STRANGE[name].strip()


def test_text_beyond_the_longest_address_is_left_over(table: AddressTable) -> None:
    said = parse_address("東京都多摩市永山1-2-3" + "あ" * LONGEST + "終", table)
    assert (said.town, said.block) == ("永山", "2")
    assert said.rest.endswith("終")


def test_an_unknown_place_is_left_over(table: AddressTable) -> None:
    said = parse_address("東京都多摩市存在しない町1-2", table)
    assert (said.municipality_code, said.town, said.rest) == ("13224", "", "存在しない町1-2")
    assert said.level == "municipality"


def test_an_unknown_municipality_leaves_the_prefecture(table: AddressTable) -> None:
    said = parse_address("東京都存在しない市1-2", table)
    assert (said.prefecture, said.level, said.rest) == ("東京都", "prefecture", "存在しない市1-2")


def test_the_level_says_how_certain_the_place_is(table: AddressTable) -> None:
    levels = [parse_address(t, table).level for t in ("東京都多摩市永山1-2", "多摩市永山", "多摩市", "東京都", "あ")]
    assert levels == ["exact", "town", "municipality", "prefecture", "none"]


@settings(max_examples=400, deadline=None)
@given(text=TYPED)
def test_parsing_never_raises_and_loses_no_text(table: AddressTable, text: str) -> None:
    said = parse_address(text, table)
    assert whole(said) == text
    assert said.town == "" or said.alternatives or said.municipality_code
    assert (said.level in {"exact", "town"}) == bool(said.town and said.municipality_code and said.prefecture) or (
        said.alternatives
    )


@settings(max_examples=200, deadline=None)
@given(place=PLACES, house=HOUSES, gap=st.sampled_from(("", " ", "　")))
def test_the_normal_form_parses_to_the_same_address(table: AddressTable, place: str, house: str, gap: str) -> None:
    said = parse_address(place + gap + house, table)
    again = parse_address(said.text, table)
    assert replace(again, pieces=()) == replace(said, pieces=())
    assert again.text == said.text
