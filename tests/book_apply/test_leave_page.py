"""Leaving a page with a form: nothing typed is lost on any way back."""

import re

import pytest
from django.test import Client

from tests.book_apply.flow import Applicant, read, typed

pytestmark = pytest.mark.django_db

GAS, NHK = "gas:stop:tokyo-gas", "broadcasting:change:nhk"


def left(applicant: Applicant, page: str, to: str, data: dict[str, object]) -> str:
    """The page as it is shown again after its «もどる» was pressed, with `data` typed in its form."""
    html = applicant.get(page).content.decode()
    button = re.search(r'<button class="link-button back" formaction="([^"]+)" formnovalidate>もどる', html)
    assert button
    response = applicant.client.post(button[1].replace("&amp;", "&"), data)
    assert response.headers["Location"] == to
    again = applicant.get(page)
    assert again.status_code == 200
    shown: str = again.content.decode()
    assert "has-error" not in shown
    return shown


def test_back_keeps_the_items_as_typed_without_a_script(applicant: Applicant) -> None:
    applicant.to_items()
    html = left(applicant, "items", "/apply/providers", {"person.family_name": "勅使河原", "move.leave_on_1": "13"})
    assert 'value="勅使河原"' in html
    assert 'name="move.leave_on_1" id="id_move.leave_on_1" value="13"' in html
    assert applicant.entries.items == {}


def test_back_keeps_wishes_addresses_and_providers(applicant: Applicant) -> None:
    applicant.to_providers()
    html = left(applicant, "providers", "/apply/addresses", {"chosen": [GAS], "name:electricity:stop:other": "ひかり"})
    assert re.search(rf'value="{GAS}" id="[^"]+" checked', html)
    assert 'value="ひかり"' in html
    html = left(applicant, "addresses", "/apply/", {"origin-postal_code": "102", "destination-town": "昭和町"})
    assert 'value="102"' in html
    assert 'value="昭和町"' in html
    html = left(applicant, "", "/", {"wishes": ["bank"]})
    assert re.findall(r'value="([a-z:_]+)"[^>]* checked', html) == ["bank"]


def test_items_that_other_pages_ask_for_meanwhile_come_from_the_entries(applicant: Applicant) -> None:
    applicant.to_check()
    left(applicant, "items", "/apply/providers", {"person.family_name": "勅使河原"})
    page = applicant.get("items").content.decode()
    assert 'value="勅使河原"' in page
    assert 'value="taro@example.jp"' in page


def test_an_address_typed_for_another_place_is_not_put_to_the_new_one(applicant: Applicant) -> None:
    applicant.to_items()
    page = applicant.get("items").content.decode()
    (place,) = re.findall(r'name="place.origin" value="([^"]+)"', page)
    assert "二番町" in place
    typed_there = {"place.origin": place.replace("二番町", "三番町"), "origin.block": "5-6", "destination.block": "1-1"}
    html = left(applicant, "items", "/apply/providers", typed_there)
    assert 'value="5-6"' not in html
    assert 'value="1-1"' in html


def test_a_script_keeps_what_is_typed_without_leaving(applicant: Applicant) -> None:
    applicant.to_items()
    html = applicant.get("items").content.decode()
    where = re.search(r'data-keep="([^"]+)"', html)
    assert where
    assert applicant.client.post(where[1], {"person.family_name": "勅使河原"}).status_code == 204
    assert 'value="勅使河原"' in applicant.get("items").content.decode()
    assert applicant.post("items", typed()).headers["Location"] == "/apply/check"
    assert 'value="勅使河原"' not in applicant.get("items").content.decode()


def test_the_first_page_and_the_login_keep_what_is_typed_and_no_key(directory: str, client: Client) -> None:
    assert client.post("/leave?page=/", {"origin": "102-00"}).status_code == 204
    assert 'value="102-00"' in client.get("/").text
    assert client.post("/leave?page=/book/login&to=/", {"email": "a@b.jp", "access_key": "ABCD"}).status_code == 302
    page = client.get("/book/login").text
    assert 'value="a@b.jp"' in page
    assert "ABCD" not in page
    assert "has-error" not in page


def test_the_language_switch_of_an_error_page_leads_to_a_page(directory: str) -> None:
    """A form that the CSRF check refuses: its address may take posts only."""
    for address in ("/leave?page=/search", "/book/stay-open"):
        browser = Client(enforce_csrf_checks=True)
        refused = browser.post(address, headers={"referer": "http://testserver/search"})
        assert refused.status_code == 403
        link = re.search(r'href="([^"]*language=en)"', refused.text)
        assert link
        assert browser.get(link[1]).status_code == 200
    assert Client().get("/leave?page=/search").headers["Location"] == "/search"


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(client: Client, to: str) -> None:
    assert client.post(f"/leave?page=/&to={to}", {}).status_code == 204


def test_another_drafts_form_is_not_kept(applicant: Applicant) -> None:
    applicant.to_check()
    applicant.client.post("/apply/check")
    stranger = Applicant(Client())
    stranger.to_items()
    belongs = re.search(r'name="belongs" value="([^"]+)"', stranger.get("items").content.decode())
    assert belongs
    applicant.client.post("/leave?page=/apply/items", {"belongs": belongs[1], "person.family_name": "他人"})
    assert "他人" not in read(applicant.get("items"))


def test_no_field_of_the_mover_refuses_the_browsers_memory(applicant: Applicant) -> None:
    applicant.to_items()
    for page in ("", "addresses", "providers", "items"):
        html = applicant.get(page).content.decode()
        assert 'autocomplete="off"' not in html
    assert 'autocomplete="section-origin postal-code"' in applicant.get("addresses").content.decode()
    items = applicant.get("items").content.decode()
    for purpose in ("family-name", "given-name", "tel", "email", "section-origin address-line1"):
        assert f'autocomplete="{purpose}"' in items
