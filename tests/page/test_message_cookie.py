"""Messages in a cookie: shown once, bound to their session, and none is lost for being long."""

from typing import Any

import pytest
from django.contrib import messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

pytestmark = pytest.mark.django_db
LONG = "連" * 3000


class Visitor:
    """A browser with a session that is asked without any page."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def visit(self, view: Any) -> HttpResponse:
        """One request that this view answers."""
        request = RequestFactory().get("/")
        request.COOKIES = dict(self.cookies)

        def answer(request: HttpRequest) -> HttpResponse:
            view(request)
            return HttpResponse("")

        response = SessionMiddleware(MessageMiddleware(answer))(request)
        assert isinstance(response, HttpResponse)
        for name, morsel in response.cookies.items():
            if morsel.value:
                self.cookies[name] = morsel.value
            else:
                self.cookies.pop(name, None)
        return response

    def read(self) -> list[str]:
        """The messages that a page shows now."""
        found: list[str] = []
        self.visit(lambda request: found.extend(str(message) for message in messages.get_messages(request)))
        return found


def begun() -> Visitor:
    visitor = Visitor()
    visitor.visit(lambda request: request.session.update({"draft": "one"}))
    return visitor


def test_a_message_is_shown_once_and_writes_no_session(django_assert_num_queries: Any) -> None:
    visitor = begun()
    with django_assert_num_queries(0):
        visitor.visit(lambda request: messages.success(request, "お預かりしました。"))
        assert visitor.read() == ["お預かりしました。"]
        assert visitor.read() == []
    assert "messages" not in visitor.cookies


def test_a_message_that_is_too_long_for_a_cookie_is_shown_too() -> None:
    visitor = begun()
    visitor.visit(lambda request: messages.success(request, LONG))
    assert visitor.read() == [LONG]
    assert visitor.read() == []


def test_a_message_of_a_session_that_is_over_is_shown_to_nobody() -> None:
    """Without the comparison of the session's key the next person reads it."""
    visitor = begun()
    visitor.visit(lambda request: messages.success(request, "前の人へ"))
    visitor.visit(lambda request: request.session.flush())
    assert "messages" not in visitor.cookies
    assert visitor.read() == []


def test_a_message_of_an_expired_session_is_shown_to_nobody() -> None:
    visitor = begun()
    visitor.visit(lambda request: messages.success(request, "前の人へ"))
    Session.objects.all().delete()
    found: list[str] = []

    def page(request: HttpRequest) -> None:
        assert "draft" not in request.session
        found.extend(str(message) for message in messages.get_messages(request))

    visitor.visit(page)
    assert not found


def test_what_is_said_when_a_session_ends_is_shown() -> None:
    visitor = begun()

    def close(request: HttpRequest) -> None:
        request.session.flush()
        messages.success(request, "閉じました。")

    visitor.visit(close)
    assert visitor.read() == ["閉じました。"]
