import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InternalError, OperationalError
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
    (errors.database_busy, 503),
    (errors.database_down, 503),
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


def busy(request: HttpRequest) -> HttpResponse:
    """The answer to a request that met a lock, as Django makes it."""
    try:
        raise OperationalError("database is locked")
    except OperationalError:
        return errors.server_error(request)


def test_what_was_typed_can_be_sent_again_from_the_page_that_says_busy() -> None:
    typed = {"csrfmiddlewaretoken": "t", "number": "W-1 <髙﨑>", "postal_code": "1020084", "several": ["1", "2"]}
    response = busy(RequestFactory().post("/desk/n/1/accept?tab=new", typed))
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "no-transform" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
    page = Page(response.content.decode())
    [form] = page.all("form")
    assert form.attributes["action"] == "/desk/n/1/accept?tab=new"
    kept = [(field.attributes["name"], field.attributes["value"]) for field in page.all("input")]
    assert kept == [
        ("csrfmiddlewaretoken", "t"),
        ("number", "W-1 <髙﨑>"),
        ("postal_code", "1020084"),
        ("several", "1"),
        ("several", "2"),
    ]


@pytest.mark.parametrize(
    "typed", [{"access_key": "ABCD"}, {"password": "x"}, {"code": "123456"}, {"text": "x" * 20_001}]
)
def test_nothing_secret_and_nothing_endless_is_repeated(typed: dict[str, str]) -> None:
    page = busy(RequestFactory().post("/book/login", {"email": "mover@example.jp", **typed})).content.decode()
    assert "<form" not in page
    assert "mover@example.jp" not in page


def test_a_page_that_was_only_asked_for_has_nothing_to_send_again() -> None:
    assert "<form" not in busy(RequestFactory().get("/book/")).content.decode()


def test_a_program_gets_problem_details_when_a_row_is_held() -> None:
    response = busy(RequestFactory().post("/api/v1/notices/1/accept"))
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["reason"] == "busy"


def down(request: HttpRequest, state: str | None) -> HttpResponse:
    """The answer to a request that met a server which is not there, as Django makes it."""
    refused = psycopg.OperationalError("connection to server at 10.0.0.1 failed")
    refused.sqlstate = state
    try:
        raise OperationalError(str(refused)) from refused
    except OperationalError:
        return errors.server_error(request)


@pytest.mark.parametrize("state", [None, "57P01", "57P03", "53300", "08006"])
def test_without_a_database_a_page_says_so_and_keeps_what_was_typed(state: str | None) -> None:
    response = down(RequestFactory().post("/apply/items", {"postal_code": "1020084"}), state)
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    text = response.content.decode()
    assert "いま、このサイトをお使いいただけません" in text
    assert 'value="1020084"' in text
    assert "10.0.0.1" not in text


@pytest.mark.parametrize("path", ["/api/v1/notices", "/api/v1/coverage", "/relay/v1/providers"])
def test_without_a_database_a_program_gets_problem_details(path: str) -> None:
    response = down(RequestFactory().get(path), None)
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["reason"] == "database_down"


@pytest.mark.parametrize(("module", "status"), [("psycopg.waiting", 503), ("psycopg_binary._psycopg", 503), ("x", 500)])
def test_a_socket_that_breaks_under_the_driver_is_a_database_that_is_down(module: str, status: int) -> None:
    names: dict[str, Any] = {"__name__": module}
    exec("def wait(): raise OSError(9, 'Bad file descriptor')", names)  # a frame of that module
    try:
        names["wait"]()
    except OSError:
        assert errors.server_error(RequestFactory().get("/book/")).status_code == status


@pytest.mark.parametrize(("state", "status"), [("25006", 503), ("25001", 500)])
def test_a_standby_that_becomes_the_leader_is_a_database_that_is_down(state: str, status: int) -> None:
    """Seen in the deploy test: PostgreSQL answers a write with read_only_sql_transaction until it is promoted."""
    refused = psycopg.errors.ReadOnlySqlTransaction()
    refused.sqlstate = state
    try:
        raise InternalError("cannot execute UPDATE in a read-only transaction") from refused
    except InternalError:
        assert errors.server_error(RequestFactory().post("/apply/items", {})).status_code == status


def test_a_wrong_statement_is_a_fault_and_not_a_database_that_is_down() -> None:
    assert down(RequestFactory().get("/"), "42P01").status_code == 500


def test_another_error_of_the_database_is_a_fault() -> None:
    try:
        raise OperationalError("no such table")
    except OperationalError:
        assert errors.server_error(RequestFactory().get("/")).status_code == 500


def test_a_session_that_an_outage_keeps_from_being_saved_is_no_bad_request() -> None:
    outage = OperationalError("server closed the connection unexpectedly")
    outage.__cause__ = psycopg.OperationalError()
    interrupted = SessionInterrupted("as Django's middleware raises it")
    interrupted.__context__ = UpdateError()
    interrupted.__context__.__context__ = outage
    request = RequestFactory().get("/book/")
    assert errors.bad_request(request, interrupted).status_code == 503
    outage.__cause__ = psycopg.errors.UniqueViolation()
    assert errors.bad_request(request, interrupted).status_code == 400
