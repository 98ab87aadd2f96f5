"""Where the directory does not know who serves a place, the pages say so before anything else is asked."""

import pytest

from renrakucho.address.place_lookup import towns_at
from renrakucho.coverage.provider_lookup import providers_at
from renrakucho.notice.offer import find_offers
from tests.book_apply.flow import ORIGIN, Applicant, read

pytestmark = pytest.mark.django_db

SAPPORO = "060-0001"
UNKNOWN = "の事業者は、こちらではわかりません。"


def test_the_providers_page_says_first_what_cannot_be_found(applicant: Applicant) -> None:
    (town,) = towns_at(SAPPORO)
    status = {
        name: providers_at(town.municipality_code, town.town, name).status for name in ("electricity", "gas", "water")
    }
    assert status["water"] == "not_known"
    applicant.client.post("/", {"origin": ORIGIN, "destination": SAPPORO})
    page = read(applicant.get("providers"))
    said = page.partition(UNKNOWN)[0].rpartition("新しい住まい（北海道札幌市中央区）の")[2]
    labels = {"electricity": "電気", "gas": "ガス", "water": "水道"}
    assert said == "・".join(labels[name] for name in labels if status[name] == "not_known")
    assert page.index(UNKNOWN) < page.index("くわしい決まりと出典")
    assert "いまの住まい（東京都" not in page
    assert "大家さんか不動産会社に聞いて" in page
    assert "会社がわかったら、「ほかの会社」に名前を入れてください。" in page


def test_the_bill_names_the_company_of_the_home_that_is_left(applicant: Applicant) -> None:
    applicant.client.post("/", {"origin": SAPPORO, "destination": ORIGIN})
    page = read(applicant.get("providers"))
    assert "いまの住まい（北海道札幌市中央区）の" in page
    assert "検針票や請求書に書いてある会社へ" in page


def test_the_industries_are_chosen_with_that_in_mind(applicant: Applicant) -> None:
    assert UNKNOWN not in read(applicant.get(""))
    applicant.client.post("/", {"origin": SAPPORO, "destination": ""})
    page = read(applicant.get(""))
    assert page.index(UNKNOWN) < page.index("住まいごとの手続")


def test_nothing_is_said_where_everybody_is_known(applicant: Applicant) -> None:
    applicant.to_providers()
    assert {one.status for one in find_offers(applicant.entries)}.isdisjoint({"not_known"})
    assert UNKNOWN not in read(applicant.get("providers"))
    assert UNKNOWN not in read(applicant.get(""))
