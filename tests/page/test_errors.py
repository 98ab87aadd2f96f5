from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_NO_CSRF_COOKIE
from django.test import RequestFactory
from django.utils import timezone

from renrakucho.lib.throttle.rate_limit import Attempt
from renrakucho.page import errors
from tests.page.reading import Page
from tests.page.style_sheet import jinja


def too_many(request: HttpRequest) -> HttpResponse:
    return errors.too_many(request, Attempt(False, datetime(2026, 12, 5, 5, 0, tzinfo=UTC)))


VIEWS = [
    (errors.bad_request, 400),
    (errors.forbidden_page, 403),
    (errors.csrf_refused, 403),
    (errors.not_found, 404),
    (too_many, 429),
    (errors.server_error, 500),
]


class Broken(HttpRequest):
    """A request whose session cannot be read, as without a database, which pytest-django refuses here."""

    @property
    def session(self) -> SessionBase:  # type: ignore[override]
        raise AssertionError("the session was read")


@pytest.mark.parametrize(("view", "status"), VIEWS)
def test_an_error_page_needs_no_database_and_no_session(
    view: Callable[[HttpRequest], HttpResponse], status: int
) -> None:
    response = view(Broken())
    assert response.status_code == status
    assert response["Cache-Control"] == "no-store"
    page = Page(response.content.decode())
    [heading] = page.all("h1")
    [title] = page.all("title")
    assert heading.text in title.text
    assert len([advice for advice in page.all("p") if advice.text.endswith("。")]) >= 2
    assert [link.attributes["href"] for link in page.all("a") if link.text == "最初のページへ"] == ["/"]


def test_a_browser_without_cookies_gets_an_explanation() -> None:
    without = errors.csrf_refused(Broken(), reason=REASON_NO_CSRF_COOKIE).content.decode()
    other = errors.csrf_refused(Broken(), reason=REASON_BAD_ORIGIN).content.decode()
    assert "クッキー" in without
    assert "クッキー" not in other


@pytest.mark.parametrize(
    ("seconds", "clock", "said"),
    [(1, "14:00", "あと1分"), (60, "14:01", "あと1分"), (61, "14:01", "あと2分"), (900, "14:15", "あと15分")],
)
def test_too_many_attempts_say_when_to_try_again(
    monkeypatch: pytest.MonkeyPatch, seconds: int, clock: str, said: str
) -> None:
    now = datetime(2026, 12, 5, 5, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    response = errors.too_many(Broken(), Attempt(False, now + timedelta(seconds=seconds)))
    assert response["Retry-After"] == str(seconds)
    assert f"{clock}になったら" in response.content.decode()
    assert said in response.content.decode()


def test_an_error_page_shows_the_contact_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "電話 03-0000-0000 (平日 9時から17時)"
    assert said not in errors.server_error(HttpRequest()).content.decode()
    monkeypatch.setitem(jinja().globals, "contact", said)
    assert said in errors.server_error(HttpRequest()).content.decode()


@pytest.mark.parametrize(("view", "status"), VIEWS)
def test_an_error_page_can_be_read_in_the_other_language(
    view: Callable[[HttpRequest], HttpResponse], status: int
) -> None:
    request = Broken()
    request.path_info = "/search"
    request.GET = QueryDict("q=髙﨑&x=%ff")  # what could not be read, or was typed, is not repeated
    page = Page(view(request).content.decode())
    assert [link.attributes["href"] for link in page.all("a", hreflang="en")] == ["?language=en"]


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://testserver/apply/items?x=1", "/apply/items?language=en"),
        ("", "/?language=en"),
        ("https://elsewhere.example/apply/", "/?language=en"),
    ],
)
def test_the_other_language_after_a_post_is_that_of_the_page_with_the_form(came_from: str, leads_to: str) -> None:
    request = RequestFactory().post("/leave?page=/apply/items", headers={"referer": came_from})
    page = Page(errors.csrf_refused(request).content.decode())
    assert [link.attributes["href"] for link in page.all("a", hreflang="en")] == [leads_to]


def test_an_error_page_of_a_desk_is_in_one_language() -> None:
    request = Broken()
    request.path_info = "/desk/nowhere"
    assert not list(Page(errors.not_found(request).content.decode()).all("a", hreflang="en"))
