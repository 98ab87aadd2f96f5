import pytest

from renrakucho.address import japan_post
from renrakucho.address.town_index import PostalEntry


@pytest.fixture(scope="module")
def entries() -> set[PostalEntry]:
    return set(japan_post.postal_entries())


def test_a_town_has_name_and_reading(entries: set[PostalEntry]) -> None:
    assert PostalEntry("2060041", "13224", "愛宕", "アタゴ") in entries


def test_several_towns_on_one_line_are_split(entries: set[PostalEntry]) -> None:
    assert PostalEntry("4411324", "23221", "奥井道", "オクイミチ") in entries
    assert {e.town for e in entries if e.postal_code == "7614103"} == {"甲", "乙"}


def test_land_numbers_are_cut_from_the_town(entries: set[PostalEntry]) -> None:
    assert PostalEntry("0295503", "03366", "穴明", "アナアケ") in entries
    assert PostalEntry("0295514", "03366", "湯川", "ユガワ") in entries
    assert not [e for e in entries if "地割" in e.town]


def test_a_number_straight_after_the_municipality_has_no_town(entries: set[PostalEntry]) -> None:
    assert PostalEntry("4090142", "19442", "", "") in entries
    assert PostalEntry("7660001", "37403", "", "") in entries
    assert not [e for e in entries if "場合" in e.town]


def test_a_large_office_has_its_town(entries: set[PostalEntry]) -> None:
    assert [e.town for e in entries if e.postal_code == "1008111"] == ["千代田"]


def test_a_large_office_in_a_town_that_is_written_otherwise_has_its_municipality(entries: set[PostalEntry]) -> None:
    assert [e for e in entries if e.postal_code == "0608602"] == [PostalEntry("0608602", "01101", "", "")]
