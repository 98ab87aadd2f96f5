"""Page of the wishes (②-1)."""

import pytest

from renrakucho.mover.models import Book
from tests.book_apply.flow import USUAL, Applicant

pytestmark = pytest.mark.django_db


def ticked(page: str) -> set[str]:
    return {
        part.split('"')[0] for part in page.split('name="wishes" value="')[1:] if " checked>" in part.split("\n")[0]
    }


def test_electricity_gas_and_water_are_ticked_at_both_ends(applicant: Applicant) -> None:
    assert ticked(applicant.get("").content.decode()) == set(USUAL)


def test_wishes_are_saved_by_industry_and_end(applicant: Applicant) -> None:
    response = applicant.post("", {"wishes": ["water:leaving", "telephone:arriving", "broadcasting"]})
    assert (response.status_code, response.headers["Location"]) == (303, "/apply/addresses")
    assert applicant.entries.wishes == {
        "water": ("leaving",),
        "telephone": ("arriving",),
        "broadcasting": ("leaving", "arriving"),
    }
    back = applicant.get("").content.decode()
    assert ticked(back) == {"water:leaving", "telephone:arriving", "broadcasting"}


def test_addresses_that_the_first_page_knew_are_not_asked_again(applicant: Applicant, directory: str) -> None:
    applicant.client.post("/", {"origin": "102-0084", "destination": "196-0015"})
    assert applicant.post("", {"wishes": USUAL}).headers["Location"] == "/apply/providers"
    assert "千代田区二番町" in applicant.get("providers").content.decode()
    assert applicant.get("addresses").status_code == 200  # they can be corrected still


def test_an_address_that_is_not_known_is_asked(applicant: Applicant, directory: str) -> None:
    applicant.client.post("/", {"origin": "102-0084", "destination": ""})
    assert applicant.post("", {"wishes": USUAL}).headers["Location"] == "/apply/addresses"


def test_at_least_one_industry_is_required(applicant: Applicant) -> None:
    response = applicant.post("", {})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>エラー：" in page
    assert page.count("1つ以上お選びください") == 2
    assert 'href="#id_wishes"' in page
    assert 'id="id_wishes"' in page
    assert not Book.objects.exists()


def test_a_choice_that_is_not_on_the_page_is_refused(applicant: Applicant) -> None:
    assert applicant.post("", {"wishes": ["water:both"]}).status_code == 422


def test_a_link_of_another_site_preselects(applicant: Applicant) -> None:
    page = applicant.get("?origin=1020084&destination=1960015&industries=electricity,water,bank").content.decode()
    assert ticked(page) == {
        *("electricity:leaving", "electricity:arriving", "water:leaving", "water:arriving", "bank"),
    }
    applicant.post("", {"wishes": ["bank"], "origin": "1020084", "destination": "1960015"})
    assert (applicant.entries.origin.town, applicant.entries.destination.town) == ("二番町", "昭和町")


@pytest.mark.parametrize(
    "link", ["?industries=cats", "?industries=&origin=x", "?origin=%3Cscript%3E&destination=9999999"]
)
def test_a_wrong_link_is_ignored(applicant: Applicant, link: str) -> None:
    response = applicant.get(link)
    assert response.status_code == 200
    assert ticked(response.content.decode()) == set(USUAL)
    assert "<script>" not in response.content.decode().split("<main")[1]


def test_a_wrong_postal_code_of_a_link_is_ignored(applicant: Applicant) -> None:
    response = applicant.post("", {"wishes": ["bank"], "origin": "9999999", "destination": "x"})
    assert response.status_code == 303
    assert applicant.entries.origin.postal_code == ""
