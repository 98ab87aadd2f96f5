"""Page of the addresses (②-2)."""

import re

import pytest

from renrakucho.mover.entries import MovePlace
from tests.book_apply.flow import DESTINATION, ORIGIN, Applicant, read

pytestmark = pytest.mark.django_db

# 498-0000 leads to two municipalities in two prefectures, 弥富市 and 木曽岬町.
TWO_MUNICIPALITIES = "498-0000"


def ends(**origin: str) -> dict[str, str]:
    return {f"origin-{name}": text for name, text in origin.items()} | {"destination-postal_code": DESTINATION}


@pytest.fixture
def at_addresses(applicant: Applicant) -> Applicant:
    applicant.to_addresses()
    return applicant


def test_a_postal_code_with_one_town_is_enough(at_addresses: Applicant) -> None:
    response = at_addresses.post("addresses", ends(postal_code=ORIGIN))
    assert (response.status_code, response.headers["Location"]) == (303, "/apply/providers")
    assert at_addresses.entries.origin == MovePlace("1020084", "13101", "東京都", "千代田区", "二番町")
    back = at_addresses.get("addresses").content.decode()
    assert 'value="102-0084"' in back
    assert "東京都千代田区二番町" in back


def test_a_postal_code_with_several_towns_offers_a_choice(at_addresses: Applicant) -> None:
    response = at_addresses.post("addresses", ends(postal_code=TWO_MUNICIPALITIES))
    assert (response.status_code, response.headers["Location"]) == (303, "/apply/addresses#origin")
    page = at_addresses.get("addresses").content.decode()
    assert "<title>エラー" not in page
    assert "弥富市" in page
    assert "木曽岬町" in page
    assert "東京都昭島市昭和町" in page
    unpicked = at_addresses.post("addresses", ends(postal_code=TWO_MUNICIPALITIES, asked="4980000|"))
    assert unpicked.status_code == 422
    assert "町をお選びください" in read(unpicked)
    picked = at_addresses.post("addresses", ends(postal_code=TWO_MUNICIPALITIES, asked="4980000|", pick="24303:"))
    assert picked.headers["Location"] == "/apply/providers"
    assert at_addresses.entries.origin == MovePlace("4980000", "24303", "三重県", "桑名郡木曽岬町", "")
    assert 'value="24303:" checked' in at_addresses.get("addresses").content.decode()


def test_a_town_of_another_code_cannot_be_picked(at_addresses: Applicant) -> None:
    response = at_addresses.post(
        "addresses", ends(postal_code=TWO_MUNICIPALITIES, asked="4980000|", pick="13101:二番町")
    )
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("102-00", "数字7けたです"),
        ("あ", "住所として読めませんでした"),
        ("999-9999", "すぐ下で住所を入れてください"),
        ("", "郵便番号を入れてください"),
    ],
)
def test_a_wrong_postal_code_says_what_to_do(at_addresses: Applicant, code: str, complaint: str) -> None:
    response = at_addresses.post("addresses", ends(postal_code=code))
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>エラー：" in page
    assert page.count(complaint) == 2
    assert f'value="{code}"' in page
    assert f'value="{DESTINATION}"' in page
    assert '<details class="by-hand" open>' in page


def test_an_address_can_be_typed_by_hand(at_addresses: Applicant) -> None:
    response = at_addresses.post("addresses", ends(prefecture="東京都", municipality="千代田区", town="二番町5-6"))
    assert response.headers["Location"] == "/apply/providers"
    assert at_addresses.entries.origin == MovePlace("1020084", "13101", "東京都", "千代田区", "二番町")
    assert at_addresses.entries.items["origin.block"] == "5-6"


def test_an_unknown_postal_code_is_kept_beside_a_typed_address(at_addresses: Applicant) -> None:
    by_hand = {"prefecture": "東京都", "municipality": "千代田区", "town": "二番町"}
    assert at_addresses.post("addresses", ends(postal_code="999-9999", **by_hand)).status_code == 303
    assert at_addresses.entries.origin.postal_code == "9999999"
    assert 'value="千代田区"' in at_addresses.get("addresses").content.decode()


def test_a_postal_code_that_contradicts_the_address_is_an_error(at_addresses: Applicant) -> None:
    by_hand = {"prefecture": "東京都", "municipality": "港区", "town": "芝"}
    response = at_addresses.post("addresses", ends(postal_code=ORIGIN, **by_hand))
    assert response.status_code == 422
    assert "合いません" in read(response)
    assert 'value="港区"' in response.content.decode()


@pytest.mark.parametrize(
    ("by_hand", "complaint"),
    [
        ({"prefecture": "東京都", "municipality": "千代区", "town": "二番町"}, "見つかりません"),
        (
            {"prefecture": "東京都", "municipality": "千代田区", "town": "ほげほげ"},
            "ほげほげ」という町は見つかりません",
        ),
        ({"prefecture": "東京都", "municipality": "千代田区", "town": "港区芝1-2"}, "市区町村と合いません"),
        ({"prefecture": "東京都", "municipality": "", "town": "一丁目1-1"}, "市区町村を入れてください"),
        ({"prefecture": "", "municipality": "", "town": "中央1-2-3"}, "に当てはまる町が、たくさんあります"),
        ({"prefecture": "東京都", "municipality": "千代田区", "town": ""}, "町名を入れてください"),
        ({"prefecture": "東京都", "municipality": "千代田区", "town": "二番\u202e町"}, "目に見えない文字"),
        ({"prefecture": "東京都", "municipality": "千代田区", "town": "二" * 301}, "300"),
        ({"prefecture": "東京国", "municipality": "千代田区", "town": "二番町"}, "東京国"),
    ],
)
def test_an_incomplete_address_is_an_error(at_addresses: Applicant, by_hand: dict[str, str], complaint: str) -> None:
    response = at_addresses.post("addresses", ends(**by_hand))
    assert response.status_code == 422
    assert complaint in read(response)
    for text in (by_hand["municipality"], by_hand["town"]):
        assert f'value="{text}"' in response.content.decode()


def test_an_address_may_have_no_town(at_addresses: Applicant) -> None:
    by_hand = {"prefecture": "東京都", "municipality": "千代田区", "town": "", "no_town": "on"}
    assert at_addresses.post("addresses", ends(**by_hand)).headers["Location"] == "/apply/providers"
    assert at_addresses.entries.origin.municipality_code == "13101"


def test_a_merged_municipality_gives_its_successor(at_addresses: Applicant) -> None:
    gone = {"prefecture": "東京都", "municipality": "田無市", "town": "田無町"}
    assert at_addresses.post("addresses", ends(**gone)).headers["Location"] == "/apply/providers"
    assert at_addresses.entries.origin.municipality == "西東京市"


@pytest.mark.parametrize("field", ["postal_code", "municipality", "town"])
def test_a_whole_address_may_be_pasted_into_any_field(at_addresses: Applicant, field: str) -> None:
    response = at_addresses.post("addresses", ends(**{field: "〒102-0084 東京都千代田区二番町5-6 あいおいビル301"}))
    assert response.headers["Location"] == "/apply/providers"
    entries = at_addresses.entries
    assert entries.origin == MovePlace("1020084", "13101", "東京都", "千代田区", "二番町")
    said = [entries.items[f"origin.{part}"] for part in ("block", "building", "room")]
    assert said == ["5-6", "あいおいビル", "301"]


def test_a_town_that_is_not_found_is_taken_once_it_is_confirmed(at_addresses: Applicant) -> None:
    unknown = {"prefecture": "東京都", "municipality": "千代田区", "town": "ほげほげ", "as_typed": "on"}
    assert at_addresses.post("addresses", ends(**unknown)).headers["Location"] == "/apply/providers"
    assert at_addresses.entries.origin.town == "ほげほげ"


def test_a_postal_code_of_another_town_is_asked_about(at_addresses: Applicant) -> None:
    typed = {"postal_code": ORIGIN, "prefecture": "東京都", "municipality": "千代田区", "town": "一番町3"}
    asked = at_addresses.post("addresses", ends(**typed))
    assert asked.status_code == 422
    assert "合いません" in read(asked)
    assert at_addresses.post("addresses", ends(**typed, pick="13101:一番町")).status_code == 303
    entries = at_addresses.entries
    assert (entries.origin.postal_code, entries.origin.town, entries.items["origin.block"]) == (
        "1020082",
        "一番町",
        "3",
    )


def test_what_stands_before_the_town_is_kept_and_shown(at_addresses: Applicant) -> None:
    kyoto = {"prefecture": "京都府", "municipality": "京都市中京区", "town": "寺町通御池上る上本能寺前町488"}
    assert at_addresses.post("addresses", ends(**kyoto)).headers["Location"] == "/apply/providers"
    assert at_addresses.entries.origin.street == "寺町通御池上る"
    assert at_addresses.entries.items["origin.block"] == "488"
    assert 'value="寺町通御池上る上本能寺前町"' in at_addresses.get("addresses").content.decode()


def test_a_corrected_address_asks_the_block_anew_and_offers_the_old_one(applicant: Applicant) -> None:
    applicant.to_check()
    corrected = {"prefecture": "東京都", "municipality": "千代田区", "town": "三番町"}
    assert applicant.post("addresses", ends(**corrected)).status_code == 303
    assert "origin.block" not in applicant.entries.items
    assert applicant.get("check").headers["Location"] == "/apply/items"
    assert "前に入れた住所では「5-6」でした" in read(applicant.get("items"))


def test_the_town_decides_the_ward(at_addresses: Applicant) -> None:
    city = {"prefecture": "神奈川県", "municipality": "横浜市", "town": "みなとみらい2-3-1"}
    assert at_addresses.post("addresses", ends(**city)).headers["Location"] == "/apply/providers"
    assert at_addresses.entries.origin.municipality == "横浜市西区"


def test_a_city_of_wards_asks_for_the_ward(at_addresses: Applicant) -> None:
    city = {"prefecture": "神奈川県", "municipality": "横浜市", "town": ""}
    at_addresses.post("addresses", ends(**city))
    page = at_addresses.get("addresses").content.decode()
    assert "神奈川県横浜市中区" in page
    assert "神奈川県横浜市西区" in page


@pytest.mark.parametrize("field", ["postal_code", "town"])
def test_a_town_without_its_municipality_offers_the_places_that_have_it(at_addresses: Applicant, field: str) -> None:
    typed = {field: "二番町5-6"} | ({"prefecture": ""} if field == "town" else {})
    assert at_addresses.post("addresses", ends(**typed)).headers["Location"] == "/apply/addresses#origin"
    page = at_addresses.get("addresses")
    assert (page.status_code, "読めません" in read(page)) == (200, False)
    assert "入れた住所に当てはまる場所をお選びください 山形県酒田市二番町" in read(page)
    (asked,) = re.findall(r'name="origin-asked" value="([^"]+)"', page.content.decode())
    assert "場所をお選びください" in read(at_addresses.post("addresses", ends(**typed, asked=asked)))
    picked = at_addresses.post("addresses", ends(**typed, asked=asked, pick="13101:二番町"))
    assert picked.headers["Location"] == "/apply/providers"
    entries = at_addresses.entries
    assert (entries.origin.municipality, entries.origin.town, entries.items["origin.block"]) == (
        *("千代田区", "二番町"),
        "5-6",
    )


def test_a_prefecture_alone_makes_the_choice_short(at_addresses: Applicant) -> None:
    at_addresses.post("addresses", ends(prefecture="東京都", town="本町1-1"))
    page = read(at_addresses.get("addresses"))
    assert "東京都渋谷区本町" in page
    assert "群馬県" not in page.partition("お選びください")[2].partition("都道府県")[0]


@pytest.mark.parametrize("typed", ["一丁目1-1", "5-6 あいおいビル301", "１２番地３", "三丁目"])
@pytest.mark.parametrize("where", ["addresses", "top"])
def test_a_house_without_its_town_is_told_what_is_missing(at_addresses: Applicant, typed: str, where: str) -> None:
    if where == "top":
        page = at_addresses.client.post("/", {"origin": typed, "destination": DESTINATION}, follow=True)
    else:
        page = at_addresses.post("addresses", ends(postal_code=typed))
    assert page.status_code == 422
    assert "市区町村と町名がありません。" in read(page)
    assert "読めませんでした" not in read(page)
