"""The municipality of an address: named in part, by a former name, or not at all; and several that fit."""

import pytest

from renrakucho.address.written.address_table import AddressTable
from renrakucho.address.written.parse import parse_address

# (written, JIS code, municipality, town)
ONE = {
    "ward without its city": ("港北区大豆戸町17", "14109", "横浜市港北区", "大豆戸町"),
    "ward, city without 市": ("横浜港北区大豆戸町17", "14109", "横浜市港北区", "大豆戸町"),
    "city without its ward": ("横浜市大豆戸町17", "14109", "横浜市港北区", "大豆戸町"),
    "ward's name in several cities": ("中央区銀座4-1-2", "13102", "中央区", "銀座"),
    "city's name ends in 市 twice": ("四日市市西浜田町3-4", "24202", "四日市市", "西浜田町"),
    "city's name holds 日市": ("廿日市市宮内1500", "34213", "廿日市市", "宮内"),
    "city's name begins with 市": ("市川市市川南1-2-3", "12203", "市川市", "市川南"),
    "city's name begins with 町": ("町田市原町田4-5-6", "13209", "町田市", "原町田"),
    "city's name holds 町": ("大町市平2000", "20212", "大町市", "平"),
    "city's name holds 村": ("村山市楯岡二日町7-8", "06208", "村山市", "楯岡二日町"),
    "city's name holds 郡": ("郡山市朝日1-2-3", "07203", "郡山市", "朝日"),
    "city's name ends in 郡 and 市": ("蒲郡市旭町17-1", "23214", "蒲郡市", "旭町"),
    "city named as a prefecture": ("山形市旅篭町2-3-4", "06201", "山形市", "旅篭町"),
    "prefecture and city begin alike": ("京都京都市左京区吉田本町36", "26103", "京都市左京区", "吉田本町"),
    "same city in two prefectures, by town": ("府中市上下町上下800", "34208", "府中市", "上下町上下"),
    "same city in two prefectures, by prefecture": ("広島県府中市府川町300", "34208", "府中市", "府川町"),
    "same town name, by town": ("池田町会染5000", "20481", "北安曇郡池田町", "会染"),
    "prefecture's short name before a city that looks like another": (
        "千葉市川市大野町3-100",
        "12203",
        "市川市",
        "大野町",
    ),
    "variant of one kanji, exact": ("鹿嶋市宮中1000", "08222", "鹿嶋市", "宮中"),
    "island without its county": ("東京都八丈町三根300", "13401", "八丈島八丈町", "三根"),
    "island with its name before": ("東京都八丈島八丈町三根300", "13401", "八丈島八丈町", "三根"),
    "only a town, one in Japan": ("紀尾井町3-4", "13101", "千代田区", "紀尾井町"),
    "only a town, one in the prefecture": ("東京都六本木6-7-8", "13103", "港区", "六本木"),
    "other text before": ("送り先：東京都港区六本木6-7-8", "13103", "港区", "六本木"),
    "merged city": ("埼玉県浦和市常盤6-4-5", "11107", "さいたま市浦和区", "常盤"),
    "merged twice": ("静岡県清水市三保100", "22103", "静岡市清水区", "三保"),
    "merged, its name in the town's": ("宮城県古川市大崎20", "04215", "大崎市", "古川大崎"),
    "merged town, its name in the town's": ("佐賀県神埼郡三瀬村藤原100", "41201", "佐賀市", "三瀬村藤原"),
    "merged village, county written": ("岩手県紫波郡都南村津志田1-2", "03201", "盛岡市", "津志田"),
    "ward made new": ("静岡県浜松市北区三方原町300", "22138", "浜松市中央区", "三方原町"),
    "ward made new, split": ("浜松市北区引佐町井伊谷600", "22139", "浜松市浜名区", "引佐町井伊谷"),
    "town made a city": ("千葉県印旛郡白井町根200", "12232", "白井市", "根"),
    "written twice": ("茨城県稲敷市稲敷市柏木4番地", "08229", "稲敷市", "柏木"),
    "ward, not a town like it in another ward": ("千葉市若葉区若松町400", "12104", "千葉市若葉区", "若松町"),
    "postal code in words": ("郵便番号206-0041 愛宕4-5", "13224", "多摩市", "愛宕"),
    "postal code decides": ("〒183-0022 府中市宮西町2-24", "13206", "府中市", "宮西町"),
    "postal code in place of a municipality": ("206-0041 愛宕4-5", "13224", "多摩市", "愛宕"),
}


@pytest.mark.parametrize(("written", "code", "name", "town"), ONE.values(), ids=ONE)
def test_a_name_gives_its_municipality(table: AddressTable, written: str, code: str, name: str, town: str) -> None:
    said = parse_address(written, table)
    assert (said.municipality_code, said.municipality, said.town) == (code, name, town)
    assert said.alternatives == ()
    assert said.level in {"exact", "town"}


def test_a_town_in_two_cities_of_one_name_gives_both(table: AddressTable) -> None:
    said = parse_address("府中市府中町1-2", table)
    assert {a.municipality_code for a in said.alternatives} == {"13206", "34208"}
    assert (said.municipality_code, said.municipality, said.town, said.level) == ("", "府中市", "府中町", "none")


def test_a_town_of_many_wards_gives_the_city_for_certain(table: AddressTable) -> None:
    said = parse_address("大阪市本町1", table)
    assert said.prefecture == "大阪府"
    assert said.municipality.startswith("大阪市")


def test_a_city_alone_gives_its_wards(table: AddressTable) -> None:
    said = parse_address("神奈川県川崎市", table)
    assert (said.municipality_code, said.municipality, said.level) == ("14130", "川崎市", "municipality")
    assert len(said.alternatives) == 7


def test_a_ward_of_several_cities_is_not_guessed(table: AddressTable) -> None:
    said = parse_address("緑区", table)
    assert said.municipality_code == ""
    assert said.level == "none"
    assert {"11109", "12105", "14113", "14151", "23114"} >= {a.municipality_code for a in said.alternatives}
    assert len(said.alternatives) > 3


def test_a_former_name_with_two_successors_is_not_guessed(table: AddressTable) -> None:
    said = parse_address("静岡県浜松市北区", table)
    assert {a.municipality_code for a in said.alternatives} == {"22138", "22139"}
    assert said.prefecture == "静岡県"


def test_a_town_of_many_municipalities_gives_them_all(table: AddressTable) -> None:
    said = parse_address("本町1-2-3", table)
    assert said.municipality_code == ""
    assert len(said.alternatives) == 50
    assert (said.block or said.chome) == "1"


def test_a_postal_code_alone_gives_no_place(table: AddressTable) -> None:
    said = parse_address("〒206-0041", table)
    assert (said.postal_code, said.municipality_code, said.level) == ("2060041", "13224", "municipality")


def test_an_unknown_postal_code_is_kept(table: AddressTable) -> None:
    said = parse_address("〒000-0000 東京都多摩市愛宕4-5", table)
    assert (said.postal_code, said.municipality_code) == ("0000000", "13224")


def test_every_municipality_is_found_by_its_name(table: AddressTable) -> None:
    wrong = []
    for municipality in table.municipalities.values():
        full = parse_address(municipality.prefecture + municipality.name, table)
        bare = parse_address(municipality.name, table)
        if full.municipality_code != municipality.code:
            wrong.append(full)
        codes = {a.municipality_code for a in bare.alternatives} or {bare.municipality_code}
        if municipality.code not in codes:
            wrong.append(bare)
    assert wrong == []


def test_every_former_name_gives_a_present_municipality(table: AddressTable) -> None:
    past = [(key, named) for key, several in table.names.items() for named in several if named.old]
    wrong = []
    for key, named in past:
        said = parse_address(named.prefecture + key, table)
        codes = {a.municipality_code for a in said.alternatives} or {said.municipality_code}
        if not codes >= set(named.codes):
            wrong.append((named.prefecture, key, codes))
    assert len(past) > 2000
    assert wrong == []


def test_some_towns_of_every_municipality_are_found(table: AddressTable) -> None:
    """Three towns of each municipality; the benchmark parses all of them."""
    wrong = []
    for municipality in table.municipalities.values():
        towns = list(municipality.towns.exact.values())
        for listed in towns[:: max(1, len(towns) // 3)]:
            town = listed.partition("+")[0]
            said = parse_address(f"{municipality.prefecture}{municipality.name}{town}12番地3", table)
            if (said.municipality_code, said.town, said.block, said.number) != (municipality.code, town, "12", "3"):
                wrong.append(said)
    assert wrong == []
