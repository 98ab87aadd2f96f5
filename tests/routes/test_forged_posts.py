"""Forged posts: without the token of a page of ours, no route that changes something does it (CSRF)."""

from typing import Any

import pytest
from django.test import Client

from tests.routes.access_table import ACCESS, UNNAMED, Guard
from tests.routes.portal_routes import Route, portal_routes
from tests.routes.visitors import VISITORS, Objects, Visitor, mover, objects_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

# An issuer's signed word; and what changes nothing but the language, or looks something up.
WITHOUT_TOKEN = {"desk:sign_on_ended", "bureau:sign_on_ended", "book:language", "directory:search"}
MACHINES = (Guard.SYSTEM, Guard.PEER)
LOGGED_IN = {Guard.DESK: "administrator", Guard.BUREAU: "operator"}


def posted_routes() -> list[Route]:
    named = [route for route in portal_routes() if route.name not in UNNAMED | WITHOUT_TOKEN]
    return [each for each in named if "POST" in ACCESS[each.name].methods and ACCESS[each.name].guard not in MACHINES]


def forged(visitor: Visitor, route: Route, objects: Objects) -> Any:
    """The answer to a post that another site has this visitor's browser send."""
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = visitor.client.cookies
    return browser.post(route.path(objects), {"number": "1", "reason": "理由"})


def test_every_forged_post_is_refused() -> None:
    owner, notice = mover()
    objects = objects_of(notice)
    visitors = {guard: VISITORS[name]() for guard, name in LOGGED_IN.items()}
    answers = {
        route.name: forged(visitors.get(ACCESS[route.name].guard, owner), route, objects).status_code
        for route in posted_routes()
    }
    assert len(answers) > 80
    assert {name: status for name, status in answers.items() if status != 403} == {}
    notice.refresh_from_db()
    assert notice.status == "sent"


def test_a_view_without_the_guard_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: Django's guard is switched off for every view."""
    _owner, notice = mover()
    visitor, objects = VISITORS["administrator"](), objects_of(notice)
    [route] = [each for each in portal_routes() if each.name == "desk:accept"]
    assert forged(visitor, route, objects).status_code == 403
    monkeypatch.setattr("django.middleware.csrf.CsrfViewMiddleware.process_view", lambda *_given: None)
    assert forged(visitor, route, objects).status_code != 403
