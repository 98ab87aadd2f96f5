"""Changing the language in the middle of a form: nothing that was typed is lost."""

import re

import pytest
from django.test import Client

from tests.book_apply.flow import USUAL, Applicant, read, typed


def switched(applicant: Applicant, page: str, data: dict[str, object], language: str = "en") -> str:
    """The page after its switch was pressed, with `data` typed in its form."""
    applicant.get(page)
    response = applicant.client.post(f"/language?next=/apply/{page}&language={language}", data)
    assert response.headers["Location"] == f"/apply/{page}"
    shown = applicant.get(page)
    assert shown.status_code == 200
    html: str = shown.content.decode()
    assert f'<html lang="{language}">' in html
    return html


def test_typed_items_are_there_in_the_other_language_and_nobody_is_blamed(applicant: Applicant) -> None:
    applicant.to_items()
    html = switched(applicant, "items", {"person.family_name": "勅使河原", "move.leave_on_0": "2026"})
    assert 'value="勅使河原"' in html
    assert 'value="2026"' in html
    assert "has-error" not in html
    assert "Please tell us about your move" in html


def test_the_form_is_checked_as_usual_when_it_is_sent(applicant: Applicant) -> None:
    applicant.to_items()
    switched(applicant, "items", {"person.family_name": "勅使河原"})
    page = applicant.post("items", {"person.family_name": "勅使河原"})
    assert page.status_code == 422
    assert "Please enter “Given name” (The person who moves)." in read(page)
    assert applicant.post("items", typed(person__family_name="勅使河原")).headers["Location"] == "/apply/check"
    assert applicant.entries.items["person.family_name"] == "勅使河原"


def test_ticks_are_there_in_the_other_language(applicant: Applicant) -> None:
    html = switched(applicant, "", {"wishes": ["gas:leaving", "bank"]})
    assert set(re.findall(r'value="([a-z:_]+)"[^>]* checked', html)) == {"gas:leaving", "bank"}


def test_an_address_half_typed_is_there_in_the_other_language(applicant: Applicant) -> None:
    applicant.to_addresses(USUAL)
    html = switched(applicant, "addresses", {"origin-postal_code": "102", "destination-town": "昭和町"})
    assert 'value="102"' in html
    assert 'value="昭和町"' in html
    assert "has-error" not in html


def test_postal_codes_of_the_first_page_go_along(directory: str, client: Client) -> None:
    client.get("/")
    client.post("/language?next=/&language=en", {"origin": "102-00", "destination": ""})
    page = client.get("/")
    assert page.status_code == 200
    assert 'value="102-00"' in page.text
    assert "has-error" not in page.text


def test_a_later_login_does_not_lead_to_a_form_that_was_not_sent(applicant: Applicant) -> None:
    applicant.to_items()
    switched(applicant, "items", {"person.family_name": "勅使河原"})
    assert "入力した内容は取ってあります" not in applicant.client.get("/book/login?language=ja").text


def test_without_cookies_the_page_is_read_by_its_address(directory: str) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/language?next=/apply/&language=en", {"wishes": "bank"})
    assert response.headers["Location"] == "/apply/?language=en"
    assert "sessionid" not in response.cookies


def test_nobody_elses_page_can_put_words_into_a_form(directory: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/")
    assert client.post("/language?next=/apply/&language=en", {"wishes": "bank"}).status_code == 403


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "/\\example.com", "javascript:x", ""])
def test_the_way_leads_to_no_other_site(directory: str, client: Client, elsewhere: str) -> None:
    client.get("/")
    response = client.post("/language", {"next": elsewhere}, query_params={"next": elsewhere, "language": "en"})
    assert response.headers["Location"] == "/"


def test_enter_presses_the_forms_own_button(applicant: Applicant) -> None:
    """The first button of a form is the one that Enter presses, wherever it stands in the page."""
    applicant.to_items()
    html = applicant.get("items").content.decode()
    first, second, *_others = re.findall(r'<button[^>]*form="typed"[^>]*>', html)
    assert "formaction" not in first
    assert 'formaction="/language?next=/apply/items&amp;language=en"' in second
