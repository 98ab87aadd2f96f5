"""Name search: a town is found by a part of its name."""

import re
from itertools import pairwise

import pytest
from django.test import Client

from renrakucho.address.name_search import name_index, prefecture_choices
from tests.directory_face.pages import Page

ATAGO = "13224:愛宕"


@pytest.mark.parametrize(
    "typed",
    [
        "多摩市愛宕",
        "多摩市 愛宕",
        "東京都多摩市愛宕",
        "たましあたご",
        "たま あたご",
        "多摩 愛宕",
        "tama atago",
        "タマシ アタゴ",
        "tama-shi atago",
        "TAMASHI ATAG",
        "ﾀﾏｼｱﾀｺﾞ",
    ],
)
def test_a_town_is_found_however_its_name_is_typed(directory: str, typed: str) -> None:
    assert name_index().find(typed, 5)[0].town_id == ATAGO


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("oota", "太田市"),
        ("Ōta", "太田市"),
        ("ota", "太田市"),
        ("toukyouto", None),
        ("chuo", "中央区"),
        ("ちゅうおう", "中央区"),
        ("shimotsuke", "下野市"),
        ("茅ヶ崎", "茅ヶ崎市"),
        ("茅ケ崎", "茅ヶ崎市"),
        ("愛川町", "愛甲郡愛川町"),
        ("こうほくく", "横浜市港北区"),
        ("あいかわまち", "愛甲郡愛川町"),
        ("shibuya", "渋谷区"),
        ("天竜区", "浜松市天竜区"),
    ],
)
def test_municipalities_come_first_the_shortest_name_before_longer_ones(
    directory: str, typed: str, first: str | None
) -> None:
    found = name_index().find(typed, 3)
    assert (found[0].municipality if found and not found[0].town else None) == first


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("港北 大豆戸", "14109:大豆戸町"),
        ("こうほく まめど", "14109:大豆戸町"),
        ("あいかわ なかつ", "14401:中津"),
        ("愛川 中津", "14401:中津"),
        ("aikawa nakatsu", "14401:中津"),
        ("おおしままち もとまち", "13361:元町"),
    ],
)
def test_a_short_name_of_the_municipality_may_stand_before_the_town(directory: str, typed: str, first: str) -> None:
    assert name_index().find(typed, 5)[0].town_id == first


def test_a_towns_own_name_comes_before_a_short_municipality(directory: str) -> None:
    assert name_index().find("つきじ", 1)[0].kana == "ツキジ"


@pytest.mark.parametrize("typed", ["", " ", "k", "zzz", "<script>", "\x00", "'; --", "ん" * 1000, "\ud800"])
def test_a_text_without_a_name_finds_nothing(directory: str, typed: str) -> None:
    assert name_index().find(typed, 5) == []


def test_results_narrow_with_each_letter(directory: str) -> None:
    found = [[town.town_id for town in name_index().find("tamashiatago"[:length], 10_000)] for length in range(8, 13)]
    assert all(set(later) <= set(sooner) for sooner, later in pairwise(found))
    assert found[-1] == [ATAGO]


def test_results_are_distinct_and_limited(directory: str) -> None:
    found = [town.town_id for town in name_index().find("渋谷区", 30)]
    assert len(found) == len(set(found)) == 30


def test_all_prefectures_are_choices(directory: str) -> None:
    assert len(prefecture_choices()) == 47
    assert prefecture_choices()["13"] == "東京都"


def test_the_towns_page_is_a_list_of_links(client: Client, directory: str) -> None:
    page = client.get("/search/towns", {"q": "たましあたご"})
    assert "東京都多摩市愛宕" in page.text
    assert any("municipality=13224" in link and "town=" in link for link in Page(page.text, "/search/towns").own)


def test_a_name_in_the_search_field_redirects_to_the_towns_page(client: Client, directory: str) -> None:
    assert client.post("/search", {"q": "atago"}).headers["Location"] == "/search/towns?q=atago"


def test_a_name_that_is_not_found_says_what_to_try(client: Client, directory: str) -> None:
    page = client.get("/search/towns", {"q": "<b>zzz</b>\x07"})
    assert page.status_code == 200
    assert "見つかりません" in page.text
    assert "<b>zzz" not in page.text
    assert "\x07" not in page.text


def test_an_unknown_municipality_code_is_not_found(client: Client, directory: str) -> None:
    assert client.get("/search/towns?municipality=99999").status_code == 404


def test_forty_characters_of_a_query_are_read(directory: str) -> None:
    read, cut = "たま" + " " * 35 + "あたご", "たま" + " " * 38 + "あたご"
    assert len(read) == 40
    assert name_index().find(read, 1)[0].town_id == ATAGO
    assert ATAGO not in [town.town_id for town in name_index().find(cut, 20)]


def test_the_towns_page_lists_thirty_places(client: Client, directory: str) -> None:
    page = client.get("/search/towns", {"q": "本町"}).text
    [places] = re.findall('<ul class="choose">.*?</ul>', page, re.DOTALL)
    assert places.count("<li>") == 30
    assert "まだほかにもあります" in page
