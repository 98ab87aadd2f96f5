"""Page of the addresses (②-2)."""

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
        ("あ", "数字7けたで入れてください"),
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
        ({"prefecture": "", "municipality": "千代田区", "town": "二番町"}, "都道府県をお選びください"),
        ({"prefecture": "東京都", "municipality": "", "town": "二番町"}, "市区町村を入れてください"),
        ({"prefecture": "東京都", "municipality": "千代田区", "town": ""}, "町名を入れてください"),
        ({"prefecture": "東京都", "municipality": "千代田区", "town": "二番\u202e町"}, "目に見えない文字"),
        ({"prefecture": "東京都", "municipality": "千代田区", "town": "二" * 61}, "60文字まで"),
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
    gone = {"prefecture": "東京都", "municipality": "田無市", "town": "本町"}
    response = at_addresses.post("addresses", ends(**gone))
    assert response.headers["Location"] == "/apply/addresses#origin"
    page = at_addresses.get("addresses").content.decode()
    assert "東京都西東京市" in page
    assert 'value="田無市"' in page
    unpicked = at_addresses.post("addresses", ends(**gone, asked="|東京都田無市"))
    assert "いまの市区町村をお選びください" in read(unpicked)
    picked = at_addresses.post("addresses", ends(**gone, asked="|東京都田無市", municipality_code="13229"))
    assert picked.headers["Location"] == "/apply/providers"
    assert at_addresses.entries.origin.municipality == "西東京市"


def test_a_city_of_wards_asks_for_the_ward(at_addresses: Applicant) -> None:
    city = {"prefecture": "神奈川県", "municipality": "横浜市", "town": "本町"}
    at_addresses.post("addresses", ends(**city))
    page = at_addresses.get("addresses").content.decode()
    assert "神奈川県横浜市中区" in page
    assert "神奈川県横浜市西区" in page
