"""Anonymous sessions: how many one network address may begin, and how much they keep."""

from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from renrakucho.faces.book import saved_forms
from renrakucho.lib.throttle.rate_limit import RateLimit
from renrakucho.page import http
from tests.desk.cast import address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
UNKNOWN = "/book/notices/01a221bf-c7ae-740b-ab5f-141ee8eb3829"
DESK = address("accept", UUID(int=7))
KEPT = 30_000  # bytes of a session's row: 8 kB of forms, sealed and written as text, twice over


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "NEW_SESSIONS", RateLimit("new-session", 2, 600))


def post(path: str, fields: dict[str, str], client: Client | None = None, network: str = "192.0.2.1") -> int:
    return (client or Client()).post(path, fields, REMOTE_ADDR=network).status_code


def test_the_limits_are_these() -> None:
    assert RateLimit("new-session", 600, 600) == http.NEW_SESSIONS
    assert http.MOST_ANONYMOUS == 8_000
    assert saved_forms._MOST_BYTES == 60_000


@pytest.mark.usefixtures("few")
def test_one_address_begins_so_many_sessions_and_no_more() -> None:
    begun = Client()
    assert post(DESK, {"a": "b"}, begun) == 302
    assert post(f"{UNKNOWN}/answers", {"a": "b"}) == 302
    assert [post(path, {"a": "b"}) for path in (DESK, f"{UNKNOWN}/answers")] == [302, 302]  # led on, and nothing kept
    assert Session.objects.count() == 2
    assert post("/", {"from": "1020084", "to": "1960015"}) in (422, 429)
    assert post(DESK, {"a": "b"}, begun) == 302  # who has one goes on
    assert post(DESK, {"a": "b"}, network="192.0.2.2") == 302
    assert Session.objects.count() == 3


@pytest.mark.usefixtures("few")
def test_a_made_up_cookie_is_no_session() -> None:
    for _each in range(3):
        made_up = Client()
        made_up.cookies["sessionid"] = "x" * 32
        post(DESK, {"a": "b"}, made_up)
    assert Session.objects.count() == 2


@pytest.mark.parametrize("path", [DESK, f"{UNKNOWN}/answers"])
def test_a_form_of_nobody_is_kept_up_to_a_few_kilobytes(path: str) -> None:
    for size, kept in ((7_000, True), (8_000, False)):
        Session.objects.all().delete()
        post(path, {"reason": "x" * size})
        assert sum(len(session.session_data) > size for session in Session.objects.all()) == kept


def test_many_forms_of_nobody_are_kept_up_to_a_few_kilobytes_together() -> None:
    nobody = Client()
    for number in range(10):
        post(f"{UNKNOWN[:-1]}{number}/answers", {"notes": "長" * 1_000}, nobody)
    (session,) = Session.objects.all()
    assert len(session.session_data) < KEPT
    assert len(saved_forms.open_from_session(nobody.session["held"])["forms"]) == 2
