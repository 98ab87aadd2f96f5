import pytest

from renrakucho.address import place_lookup
from renrakucho.address.place import TownAt, UnknownMunicipality, UnknownTown
from renrakucho.address.place_lookup import BadPostalCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def names(found: tuple[object, ...]) -> list[str]:
    return [one.name for one in found]  # type: ignore[attr-defined]


def test_a_postal_code_gives_its_town() -> None:
    assert place_lookup.towns_at("〒２０６－００４１") == (
        TownAt("13224:愛宕", "13224", "東京都", "多摩市", "愛宕", "アタゴ"),
    )


def test_a_postal_code_gives_all_towns_by_reading() -> None:
    found = place_lookup.towns_at("4520961")
    assert len(found) == 66
    assert [town.kana for town in found] == sorted(town.kana for town in found)


def test_a_postal_code_gives_towns_of_all_municipalities() -> None:
    found = place_lookup.towns_at("498-0000")
    assert [(town.prefecture, town.municipality) for town in found] == [
        ("愛知県", "弥富市"),
        ("三重県", "桑名郡木曽岬町"),
    ]


def test_a_municipality_without_listed_towns_is_one_town_without_a_name() -> None:
    assert [town.town for town in place_lookup.towns_at("1000000")] == [""]


def test_a_village_on_an_island_has_the_islands_name() -> None:
    assert place_lookup.towns_at("1001100")[0].municipality == "三宅島三宅村"


def test_an_unknown_postal_code_raises() -> None:
    with pytest.raises(BadPostalCode) as refused:
        place_lookup.towns_at("0000000")
    assert refused.value.reason == "unknown"


def test_a_town_is_found_by_its_id() -> None:
    (town,) = place_lookup.towns_at("2060041")
    assert place_lookup.town_by_id(town.town_id) == town
    for wrong in ("13224:無い町", "99999:愛宕", "愛宕", ""):
        with pytest.raises(UnknownTown):
            place_lookup.town_by_id(wrong)


def test_a_town_gives_its_postal_codes() -> None:
    assert place_lookup.postal_codes_of("13224", "愛宕") == ("2060041",)
    assert "1006701" not in place_lookup.postal_codes_of("13101", "千代田")
    assert place_lookup.postal_codes_of("13224", "無い町") == ()


def test_a_municipality_is_found_by_its_code() -> None:
    there = place_lookup.municipality_by_code("13207")
    assert (there.name, there.kana, there.url) == ("昭島市", "アキシマシ", "https://www.city.akishima.lg.jp/")
    with pytest.raises(UnknownMunicipality):
        place_lookup.municipality_by_code("99999")


def test_municipalities_of_a_prefecture_end_at_wards() -> None:
    found = names(place_lookup.municipalities_of_prefecture("神奈川県"))
    assert len(found) == 58
    assert "横浜市鶴見区" in found
    assert "横浜市" not in found
    assert place_lookup.municipalities_of_prefecture("カナダ") == ()


@pytest.mark.parametrize(
    ("prefecture", "typed", "meant"),
    [
        ("東京都", "昭島市", ["昭島市"]),
        ("茨城県", "東茨城郡茨城町", ["東茨城郡茨城町"]),
        ("茨城県", "茨城町", ["東茨城郡茨城町"]),
        ("東京都", "三宅村", ["三宅島三宅村"]),
        ("神奈川県", "茅ケ崎市", ["茅ヶ崎市"]),
        ("神奈川県", "川崎市 中原区", ["川崎市中原区"]),
        ("静岡県", "浜松市", ["浜松市中央区", "浜松市浜名区", "浜松市天竜区"]),
        ("静岡県", "浜松市北区", ["浜松市中央区", "浜松市浜名区"]),
        ("奈良県", "大和郡山市", ["大和郡山市"]),
        ("奈良県", "山市", []),
        ("東京都", "どこか市", []),
        ("東京都", "", []),
    ],
)
def test_a_municipality_is_found_by_a_typed_name(prefecture: str, typed: str, meant: list[str]) -> None:
    assert names(place_lookup.municipality_named(prefecture, typed)) == meant


@pytest.mark.parametrize(
    ("prefecture", "old", "now"),
    [
        ("静岡県", "浜松市中区", ["浜松市中央区"]),
        ("静岡県", "天竜市", ["浜松市中央区", "浜松市浜名区", "浜松市天竜区"]),
        ("静岡県", "清水市", ["静岡市葵区", "静岡市駿河区", "静岡市清水区"]),
        ("静岡県", "庵原郡富士川町", ["富士市"]),
        ("静岡県", "芝川町", ["富士宮市"]),
        ("埼玉県", "浦和市", None),
        ("山梨県", "上九一色村", ["甲府市", "南都留郡富士河口湖町"]),
        ("茨城県", "水戸市", ["水戸市"]),
        ("茨城県", "無い市", []),
    ],
)
def test_a_former_municipality_gives_its_successors(prefecture: str, old: str, now: list[str] | None) -> None:
    found = names(place_lookup.successors_of(prefecture, old))
    if now is None:
        assert len(found) == 10
        assert all(name.startswith("さいたま市") for name in found)
    else:
        assert found == now


def test_look_ups_make_no_queries(django_assert_num_queries: object) -> None:
    place_lookup.towns_at("2060041")
    with django_assert_num_queries(0):  # type: ignore[operator]
        place_lookup.towns_at("2060042")
        place_lookup.municipality_named("東京都", "昭島市")


def test_a_town_by_its_index_is_that_of_the_list() -> None:
    towns = place_lookup.towns_in("13224")
    assert [place_lookup.town_in("13224", place) for place in range(len(towns))] == [*towns]
    assert place_lookup.town_in("13224", len(towns)) is None
    assert place_lookup.town_in("99999", 0) is None
