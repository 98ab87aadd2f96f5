"""Where two places fit the text, the parser says so, and does not choose."""

from collections import defaultdict

import pytest

from renrakucho.address.written.address_table import AddressTable
from renrakucho.address.written.parse import parse_address
from renrakucho.address.written.town_list import ListedTown


@pytest.fixture(scope="module")
def shared_names(table: AddressTable) -> dict[str, set[str]]:
    """Names that towns of five or more municipalities have, and where."""
    found: dict[str, set[str]] = defaultdict(set)
    for place in table.municipalities.values():
        for listed in place.entries():
            found[ListedTown.of(listed.partition("=")[0]).name].add(place.code)
    return {name: codes for name, codes in found.items() if len(codes) >= 5}


def test_no_shared_town_name_comes_back_as_one_place(table: AddressTable, shared_names: dict[str, set[str]]) -> None:
    assert len(shared_names) > 2500
    decided = {
        text: f"{said.municipality}{said.town}"
        for name in shared_names
        for text in (f"{name}1-1", f"{name}12番地", name)
        if (said := parse_address(text, table)).municipality_code and len(said.alternatives) < 2
    }
    assert decided == {}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("泉町1-1", {"仙台市泉区", "帯広市泉町"}),
        ("千葉県栄町1-1", {"印旛郡栄町", "千葉市中央区栄町", "船橋市栄町"}),
        ("広島県府中町1-1", {"安芸郡府中町", "府中市府中町"}),
        ("栄1-1", {"常呂郡置戸町栄一"}),
        ("山口1-1", {"所沢市山口"}),
    ],
)
def test_a_name_of_two_places_has_both_as_alternatives(table: AddressTable, text: str, places: set[str]) -> None:
    said = parse_address(text, table)
    assert places <= {one.municipality + one.town for one in said.alternatives}
    assert said.municipality_code == ""


@pytest.mark.parametrize(
    ("text", "municipality", "town"),
    [
        ("栄町安食1-1", "印旛郡栄町", "安食"),
        ("日の出町平井1", "西多摩郡日の出町", "平井"),
        ("安芸郡府中町本町1-1", "安芸郡府中町", "本町"),
        ("新宿区西新宿2-8-1", "新宿区", "西新宿"),
        ("広島県安芸郡府中町大通1-1", "安芸郡府中町", "大通"),
    ],
)
def test_a_town_of_the_named_municipality_decides(table: AddressTable, text: str, municipality: str, town: str) -> None:
    said = parse_address(text, table)
    assert (said.municipality, said.town, said.alternatives) == (municipality, town, ())


@pytest.mark.parametrize(
    "text",
    [
        "東京都千代田区千代田区二番町5-6",
        "東京都千代田区東京都千代田区二番町5-6",
        "千代田区千代田区二番町5-6",
        "千代田区 千代田区 二番町5-6",
    ],
)
def test_a_doubled_municipality_is_read_before_a_shorter_town(table: AddressTable, text: str) -> None:
    said = parse_address(text, table)
    assert (said.municipality_code, said.town, said.block, said.number) == ("13101", "二番町", "5", "6")


def test_a_real_town_of_the_municipalitys_name_is_read_as_the_town(table: AddressTable) -> None:
    assert parse_address("北海道留萌郡小平町小平町216", table).town == "小平町"
    assert parse_address("群馬県吾妻郡中之条町大字中之条町1091", table).town == "中之条町"
