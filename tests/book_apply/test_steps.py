"""Steps of the application: skipping ahead, going back, reloading, and expired sessions."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from renrakucho.faces.book.saved_forms import save_form, saved_form
from renrakucho.lib.session_store import SessionStore
from renrakucho.mover.book import key_mark
from renrakucho.mover.models import Book
from tests.book.opened import open_book_of
from tests.book_apply.flow import USUAL, Applicant, read, typed

pytestmark = pytest.mark.django_db

PAGES = ("", "addresses", "providers", "items", "check")


@pytest.mark.parametrize("page", PAGES[1:])
def test_a_later_page_redirects_to_the_first(applicant: Applicant, page: str) -> None:
    response = applicant.get(page)
    assert (response.status_code, response.headers["Location"]) == (302, "/apply/")


def test_a_later_page_redirects_to_the_first_incomplete_one(applicant: Applicant) -> None:
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


def test_errors_are_shown_by_redirect_until_the_form_is_valid(applicant: Applicant) -> None:
    applicant.to_items()
    wrong = typed(person__family_name="勅使河原", contact__email="")
    assert applicant.client.post("/apply/items", wrong).status_code == 303
    for _reload in range(2):
        page = applicant.get("items")
        assert page.status_code == 422
        assert 'value="勅使河原"' in page.content.decode()
        assert "メールアドレスを入れてください" in read(page)
    assert applicant.post("items", typed()).headers["Location"] == "/apply/check"
    assert applicant.get("items").status_code == 200
    assert 'value="髙﨑"' in applicant.get("items").content.decode()


def test_saved_forms_are_sealed_in_the_session(applicant: Applicant) -> None:
    applicant.to_items()
    applicant.post("items", typed(person__family_name="勅使河原", contact__email=""))
    assert not any("勅使河原" in str(row.get_decoded()) for row in Session.objects.all())


def test_an_oversized_form_is_shown_but_not_saved(applicant: Applicant) -> None:
    applicant.to_items()
    response = applicant.post("items", typed(person__family_name="あ" * 30_000))
    assert response.status_code == 422
    assert "あ" * 30_000 in response.content.decode()


def test_a_form_can_be_sent_twice(applicant: Applicant) -> None:
    applicant.to_items()
    for _time in range(2):
        assert applicant.post("items", typed()).headers["Location"] == "/apply/check"
    assert Book.objects.count() == 1


def test_form_input_is_kept_when_the_session_has_expired(applicant: Applicant) -> None:
    applicant.to_items()
    applicant.client.cookies.clear()
    response = applicant.post("items", typed(person__family_name="勅使河原"))
    assert response.headers["Location"] == "/apply/"
    assert "取ってあります" in read(applicant.get(""))
    applicant.to_items()
    page = applicant.get("items").content.decode()
    assert 'value="勅使河原"' in page
    assert 'value="髙﨑"' not in page


def test_form_input_of_a_closed_book_is_kept_until_the_login(directory: str, client: Client) -> None:
    open_book_of(client)
    client.cookies.clear()
    late = typed(person__given_name="次郎") | {"in_book": "1"}
    assert client.post("/apply/items", late).headers["Location"] == "/book/login"
    book = Book.objects.get()
    session = client.session
    session.update({"book": str(book.id), "key_mark": key_mark(book)})
    session.save()
    assert 'value="次郎"' in client.get("/apply/items").content.decode()


def test_a_day_that_is_no_longer_accepted_redirects_to_the_items(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    applicant.to_check()
    later = now() + timedelta(days=200)
    monkeypatch.setattr("renrakucho.faces.book.apply.items_form.timezone", SimpleNamespace(now=lambda: later))
    assert applicant.get("check").headers["Location"] == "/apply/items"


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_light(applicant: Applicant, page: str) -> None:
    applicant.to_check()
    assert len(applicant.get(page).content) < 62_000


@pytest.mark.parametrize("page", ["items", "providers"])
def test_a_page_queries_only_session_and_draft(
    applicant: Applicant, page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    applicant.to_check()
    applicant.get(page)
    with django_assert_max_num_queries(3):
        applicant.get(page)


def test_preselected_wishes_can_be_sent_unchanged(applicant: Applicant) -> None:
    applicant.to_addresses(USUAL)
    assert set(applicant.entries.wishes) == {"electricity", "gas", "water"}


def test_a_draft_is_resumed_when_its_session_has_expired(applicant: Applicant) -> None:
    applicant.to_check()
    belongs = carried(applicant.get("items"))
    applicant.client.cookies.clear()
    late = typed(person__given_name="次郎") | {"belongs": belongs}
    assert applicant.post("items", late).headers["Location"] == "/apply/check"
    page = read(applicant.get("check"))
    assert "次郎" in page
    assert "東京ガス" in page


def test_a_form_of_a_draft_does_not_open_the_registered_book(applicant: Applicant) -> None:
    applicant.to_check()
    belongs = carried(applicant.get("check"))
    applicant.post("check", {"belongs": belongs})
    applicant.client.cookies.clear()
    assert "メールに届いた番号を入れてください" in read(applicant.client.post("/apply/check", {"belongs": belongs}))
    assert applicant.client.get("/book/").status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_a_form_of_one_book_does_not_change_another(directory: str, client: Client, page: str) -> None:
    applicant = Applicant(client)
    applicant.to_check()
    belongs = carried(applicant.get(page))
    book = open_book_of(client)
    before = Book.objects.get(id=book.id).entries
    late = typed(person__family_name="別人") | {"wishes": USUAL, "chosen": ["x"], "belongs": belongs}
    assert applicant.post(page, late).headers["Location"] == "/book/"
    assert "別のお申込みの画面から" in read(client.get("/book/"))
    assert Book.objects.get(id=book.id).entries == before


def test_the_first_form_of_a_new_draft_does_not_change_an_open_book(directory: str, client: Client) -> None:
    book = open_book_of(client)
    before = Book.objects.get(id=book.id).entries
    assert client.post("/apply/", {"wishes": USUAL}).headers["Location"] == "/book/"
    assert Book.objects.get(id=book.id).entries == before


def test_a_saved_form_of_one_book_is_not_shown_in_another(directory: str, client: Client) -> None:
    open_book_of(client)
    applicant = Applicant(client)
    late = typed(person__given_name="次郎") | {"in_book": "1", "belongs": carried(applicant.get("items"))}
    client.cookies.clear()
    assert applicant.post("items", late).headers["Location"] == "/book/login"
    open_book_of(client)
    assert "次郎" not in applicant.get("items").content.decode()


def carried(page: HttpResponse) -> str:
    """Return the hidden field that says to whom the page's form belongs."""
    found = re.search(r'name="belongs" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize(("characters", "saved"), [(2_200, True), (2_700, False)])
def test_a_form_of_eight_kilobytes_is_saved(applicant: Applicant, characters: int, saved: bool) -> None:
    applicant.to_items()
    data = typed(person__family_name="あ" * characters, contact__email="")
    response = applicant.client.post("/apply/items", data)
    assert response.status_code == (303 if saved else 422)


def test_eight_forms_are_saved_at_most(rf: RequestFactory) -> None:
    session = SessionStore()
    for page in range(9):
        request = rf.post(f"/page/{page}", {"name": "text"})
        request.session = session
        assert save_form(request)
    kept = []
    for page in range(9):
        request = rf.get(f"/page/{page}")
        request.session = session
        kept.append(saved_form(request) is not None)
    assert kept == [False, *[True] * 8]
