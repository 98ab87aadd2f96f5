import random

from renrakucho.address.town_index import PostalEntry, TownIndex, freeze_index, pack_towns, thaw_index

ENTRIES = [
    PostalEntry("2060041", "13224", "愛宕", "アタゴ"),
    PostalEntry("2060000", "13224", "", ""),
    PostalEntry("2060042", "13224", "山王下", "サンノウシタ"),
    PostalEntry("2060042", "13224", "山王下", "サンノウシタ"),
    PostalEntry("0640804", "01101", "南四条西", "ミナミ４ジョウニシ"),
    PostalEntry("2060042", "14130", "山王下", "サンノウシタ"),
]


def index(entries: list[PostalEntry]) -> TownIndex:
    return thaw_index(freeze_index(pack_towns(entries)))


def test_the_order_of_the_lines_does_not_matter() -> None:
    shuffled = random.sample(ENTRIES, len(ENTRIES))
    towns = index(shuffled)
    found = [(towns.municipality_code(n), *towns.town_and_kana(n)) for n in towns.at("2060042")]
    assert found == [("13224", "山王下", "サンノウシタ"), ("14130", "山王下", "サンノウシタ")]
    assert [towns.town(n) for n in towns.at("2060000")] == [""]
    assert len(towns) == 5


def test_a_postal_code_may_begin_with_zero() -> None:
    towns = index(ENTRIES)
    (number,) = towns.at("0640804")
    assert towns.postal_codes(number) == ["0640804"]


def test_an_unknown_code_has_no_towns() -> None:
    towns = index(ENTRIES)
    assert list(towns.at("0000000")) == []
    assert list(towns.at("9999999")) == []
    assert list(towns.within("13225")) == []
    assert list(towns.within("99999")) == []


def test_towns_of_a_municipality_are_in_order_of_reading() -> None:
    towns = index(ENTRIES)
    assert [towns.town(n) for n in towns.within("13224")] == ["", "愛宕", "山王下"]


def test_a_town_has_all_its_postal_codes() -> None:
    towns = index([*ENTRIES, PostalEntry("2069999", "13224", "愛宕", "アタゴ")])
    (number,) = towns.at("2060041")
    assert towns.postal_codes(number) == ["2060041", "2069999"]
