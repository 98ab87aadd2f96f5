"""Jumping, going back, reloading, and coming too late."""

import pytest
from django.test import Client

from renrakucho.mover.models import Book
from tests.book.opened import opened
from tests.book_apply.flow import USUAL, Applicant, in_days, read, typed

pytestmark = pytest.mark.django_db

PAGES = ("", "addresses", "providers", "items", "check")


@pytest.mark.parametrize("page", PAGES[1:])
def test_who_jumps_ahead_is_led_to_the_first_page(applicant: Applicant, page: str) -> None:
    response = applicant.get(page)
    assert (response.status_code, response.headers["Location"]) == (302, "/apply/")


def test_who_jumps_is_led_to_the_page_that_lacks_something(applicant: Applicant) -> None:
    applicant.to_addresses()
    assert applicant.get("check").headers["Location"] == "/apply/addresses"
    applicant.to_providers()
    assert applicant.get("items").headers["Location"] == "/apply/providers"
    applicant.to_items()
    assert applicant.get("check").headers["Location"] == "/apply/items"
    assert applicant.post("check").headers["Location"] == "/apply/items"
    assert not Book.objects.exclude(registered_at=None).exists()


@pytest.mark.parametrize("page", PAGES)
def test_back_and_reload_show_what_was_entered(applicant: Applicant, page: str) -> None:
    applicant.to_check()
    first, again = applicant.get(page), applicant.get(page)
    assert first.status_code == 200
    assert read(first) == read(again)
    assert first.headers["Cache-Control"] == "no-store"


def test_sending_a_page_twice_is_as_sending_it_once(applicant: Applicant) -> None:
    applicant.to_items()
    for _time in range(2):
        assert applicant.post("items", typed()).headers["Location"] == "/apply/check"
    assert Book.objects.count() == 1


def test_what_came_after_the_session_had_ended_is_there_again(applicant: Applicant) -> None:
    applicant.to_items()
    applicant.client.cookies.clear()
    response = applicant.post("items", typed(person__family_name="勅使河原"))
    assert response.headers["Location"] == "/apply/"
    assert "取ってあります" in read(applicant.get(""))
    applicant.to_items()
    page = applicant.get("items").content.decode()
    assert 'value="勅使河原"' in page
    assert 'value="髙﨑"' not in page


def test_what_came_after_an_opened_book_had_closed_is_there_after_logging_in(directory: str, client: Client) -> None:
    opened(client)
    client.cookies.clear()
    late = typed(person__given_name="次郎") | {"in_book": "1"}
    assert client.post("/apply/items", late).headers["Location"] == "/book/login"
    book = Book.objects.get()
    session = client.session
    session["book"] = str(book.id)
    session.save()
    assert 'value="次郎"' in client.get("/apply/items").content.decode()


def test_a_window_that_has_passed_meanwhile_leads_back_to_the_items(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    applicant.to_check()
    later = in_days(200)
    monkeypatch.setattr("renrakucho.faces.book.apply.items_form.timezone.localdate", lambda: later)
    assert applicant.get("check").headers["Location"] == "/apply/items"


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_light(applicant: Applicant, page: str) -> None:
    applicant.to_check()
    assert len(applicant.get(page).content) < 60_000


@pytest.mark.parametrize("page", ["items", "providers"])
def test_a_page_asks_the_database_only_for_session_and_draft(
    applicant: Applicant, page: str, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    applicant.to_check()
    applicant.get(page)
    with django_assert_max_num_queries(3):
        applicant.get(page)


def test_usual_wishes_are_sent_as_they_stand(applicant: Applicant) -> None:
    applicant.to_addresses(USUAL)
    assert set(applicant.entries.wishes) == {"electricity", "gas", "water"}
