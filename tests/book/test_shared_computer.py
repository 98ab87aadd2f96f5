"""A shared computer: nothing is stored, ten idle minutes end it, and 「終わる」 leaves nothing of anybody."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from renrakucho.mover.book import begin_draft
from renrakucho.mover.models import Book
from renrakucho.page import device_use
from renrakucho.page.device_use import RULES, DeviceUse
from tests import cast
from tests.book_apply.flow import Applicant, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
WATER = "water:start:akishima-water"


def shared(next_page: str = "/") -> Client:
    browser = Client()
    assert browser.post("/shared-computer", {"next": next_page})["Location"] == next_page
    return browser


def opened(browser: Client) -> Book:
    book = cast.draft([WATER])
    key = cast.access_key_of(book)
    assert browser.post("/book/login", {"email": cast.EMAIL, "access_key": key}).status_code == 302
    return book


def begun(browser: Client) -> Applicant:
    applicant = Applicant(browser)
    applicant.to_check()
    return applicant


def pass_time(minutes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    then = timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr("renrakucho.lib.session_store.timezone.now", lambda: then)


def lenient(monkeypatch: pytest.MonkeyPatch, **change: Any) -> None:
    """The mutant: the rule of a shared computer without one of its parts."""
    rule = replace(RULES[DeviceUse.SHARED], **change)
    monkeypatch.setattr(device_use, "RULES", {**RULES, DeviceUse.SHARED: rule})


@pytest.mark.parametrize("page", ["/", "/apply/", "/book/login", "/hidden-move/"])
def test_it_is_offered_where_a_mover_begins_and_not_again(page: str) -> None:
    assert "共用のパソコンです</button>" in Client().get(page).content.decode()
    chosen = shared(page).get(page).content.decode()
    assert "共用のパソコンです</button>" not in chosen
    assert "終わる</button>" in chosen


def test_the_whole_rule_of_each_device() -> None:
    assert {use.value: (rule.idle_seconds, rule.draft_idle_seconds) for use, rule in RULES.items()} == {
        "usual": (1800, None),
        "kept": (1800, None),
        "unremembered": (1800, None),
        "shared": (600, 600),
    }


@pytest.mark.parametrize(
    "page", ["/", "/apply/", "/apply/items", "/search", "/links", "/todo", "/book/", "/book/login"]
)
def test_every_page_is_unstored_and_has_the_button_that_ends_it(page: str) -> None:
    browser = shared()
    if page == "/book/":
        opened(browser)
    else:
        begun(browser)
    answer = browser.get(page)
    assert "no-store" in answer["Cache-Control"]
    assert "終わる</button>" in answer.content.decode()


def purposes(page: str) -> set[str]:
    return set(re.findall(r'autocomplete="([^"]*)"', page))


@pytest.mark.parametrize("page", ["/", "/apply/addresses", "/apply/items", "/book/login", "/search"])
def test_no_field_is_remembered(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = shared()
    begun(browser)
    shown = browser.get(page).content.decode()
    assert purposes(shown) == {"off"}
    assert shown.count("<form") == shown.count('<form autocomplete="off"')
    assert purposes(begun(Client()).client.get(page).content.decode()) - {"off"}
    lenient(monkeypatch, remembers=True)
    assert purposes(browser.get(page).content.decode()) - {"off"}  # the mutant
    assert "<form autocomplete" not in browser.get(page).content.decode()


def test_the_browser_of_a_confidential_move_remembers_no_field_and_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant: without the rule, the form history has the new address."""
    browser = Client()
    begun(browser)
    browser.post("/hidden-move/", {"confidential": "yes"})
    assert not browser.cookies["device"]["max-age"]
    answer = browser.get("/apply/items")
    assert purposes(answer.content.decode()) == {"off"}
    assert "no-store" in browser.get("/links")["Cache-Control"]
    assert "終わる</button>" not in answer.content.decode()
    rule = replace(RULES[DeviceUse.UNREMEMBERED], remembers=True)
    with monkeypatch.context() as changed:
        changed.setattr(device_use, "RULES", {**RULES, DeviceUse.UNREMEMBERED: rule})
        assert purposes(browser.get("/apply/items").content.decode()) - {"off"}
    browser.post("/hidden-move/", {"confidential": "no"})
    assert purposes(browser.get("/apply/items").content.decode()) - {"off"}


def test_a_confidential_book_that_is_opened_again_is_not_remembered_either() -> None:
    for confidential in (True, False):
        browser, book = Client(), begin_draft(replace(cast.entries([WATER]), confidential=confidential))
        key = cast.access_key_of(book)
        browser.post("/book/login", {"email": cast.EMAIL, "access_key": key})
        assert (purposes(browser.get("/apply/items").content.decode()) == {"off"}) == confidential


def test_no_cookie_outlives_the_browser_even_where_it_was_asked() -> None:
    browser = shared()
    begun(browser)
    browser.post("/apply/", {"wishes": ["water:leaving"], "keep_on_device": "on"})
    opened(browser)
    browser.get("/?language=en")
    assert {name: morsel["max-age"] for name, morsel in browser.cookies.items() if morsel["max-age"]} == {}
    assert "のこす" not in browser.get("/apply/").content.decode()


def test_a_draft_that_was_kept_on_the_device_is_kept_no_more() -> None:
    browser = Client()
    applicant = Applicant(browser)
    applicant.post("", {"wishes": ["water:leaving"], "keep_on_device": "on"})
    assert browser.cookies["sessionid"]["max-age"]
    browser.post("/shared-computer", {"next": "/"})
    browser.get("/")
    assert not browser.cookies["sessionid"]["max-age"]


@pytest.mark.parametrize("what", ["draft", "book"])
def test_ten_idle_minutes_end_it(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = shared()
    begin, page = {"draft": (begun, "/apply/check"), "book": (opened, "/book/")}[what]
    begin(browser)
    pass_time(8, monkeypatch)
    assert browser.get(page).status_code == 200
    pass_time(11, monkeypatch)
    assert browser.get(page).status_code == 302


def test_a_draft_of_another_device_goes_on_after_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Client()
    begun(browser)
    pass_time(11, monkeypatch)
    assert browser.get("/apply/check").status_code == 200


def test_it_is_extended_by_a_press() -> None:
    browser = shared()
    assert browser.post("/book/stay-open").status_code == 410
    begun(browser)
    page = browser.get("/apply/check").content.decode()
    assert "10分のあいだ操作がないと" in page
    assert 'id="idle"' in page
    assert browser.post("/book/stay-open").status_code == 204


def test_a_page_that_was_left_on_the_screen_resumes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant: with `resumes` the next person goes on where the last one stopped."""
    browser = shared()
    begun(browser)
    belongs = re.findall(r'name="belongs" value="([^"]+)"', browser.get("/apply/items").content.decode())[0]
    left = typed() | {"belongs": belongs}
    pass_time(11, monkeypatch)
    assert browser.post("/apply/items", left)["Location"] == "/shared-computer/ended"
    assert browser.post("/leave?page=/apply/items", left).status_code == 204
    for page in ("/", "/apply/", "/apply/items"):
        assert "髙﨑" not in browser.get(page, follow=True).content.decode()
    lenient(monkeypatch, resumes=True)
    assert browser.post("/apply/items", left)["Location"] == "/apply/check"


def test_a_form_of_a_closed_book_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = shared()
    page = f"/book/notices/{opened(browser).notices.get().id}/answers"
    pass_time(11, monkeypatch)
    assert browser.post(page, {"customer_number": "1234567890"})["Location"] == "/shared-computer/ended"
    assert "1234567890" not in browser.get("/book/login").content.decode()


@pytest.mark.parametrize("what", ["draft", "book"])
def test_the_button_ends_everything(what: str) -> None:
    browser = shared()
    begin, page = {"draft": (begun, "/apply/check"), "book": (opened, "/book/")}[what]
    begin(browser)
    answer = browser.post("/shared-computer/end")
    assert answer["Location"] == "/shared-computer/ended"
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not Session.objects.exists()
    assert Book.objects.exists() == (what == "book")
    assert not browser.cookies["device"].value
    assert browser.get(page).status_code == 302
    ended = browser.get("/shared-computer/ended").content.decode()
    assert "髙﨑" not in ended
    assert browser.post("/shared-computer/end").status_code == 302


def test_the_button_of_a_page_from_elsewhere_ends_no_draft() -> None:
    browser = Client()
    begun(browser)
    browser.post("/shared-computer/end")
    assert Book.objects.exists()


def test_files_are_said_to_stay() -> None:
    sentence = "受け取ったファイルは、このパソコンに残ります"
    browser = shared()
    opened(browser)
    for page in ("/todo", "/book/disclosure"):
        assert sentence in browser.get(page).content.decode()
    other = Client()
    opened(other)
    for page in ("/todo", "/book/disclosure"):
        assert sentence not in other.get(page).content.decode()


def test_without_a_script_the_page_leaves_the_screen_by_itself() -> None:
    refresh = '<noscript><meta http-equiv="refresh" content="600;url=/shared-computer/ended"></noscript>'
    assert refresh in shared().get("/").content.decode()
    assert refresh not in Client().get("/").content.decode()
