"""The security log tells what was refused and which book was opened, and nothing of a person."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from renrakucho.config.private_logging import PrivateJsonFormatter
from renrakucho.lib.identifiers import new_uuid7
from renrakucho.mover.models import Book
from renrakucho.page.security_log import SecurityEvent, log_security_event
from renrakucho.provider.staff import StaffRole
from tests import cast
from tests.bureau.cast import at_bureau
from tests.desk.cast import PASSWORD, clerk, seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
PERSONAL = (cast.EMAIL, "akishima-1", "203.0.113.7", PASSWORD, "wrong", "髙﨑")


class LogLines(logging.Handler):
    """What stands in the log, as JSON lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(PrivateJsonFormatter())
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))

    def events(self) -> list[dict[str, str]]:
        return [json.loads(text) for text in self.texts]

    def only(self) -> dict[str, str]:
        (event,) = self.events()
        return event


@pytest.fixture(name="lines")
def _lines() -> Iterator[LogLines]:
    handler = LogLines()
    logger = logging.getLogger("renrakucho.security")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)
    assert not [each for each in PERSONAL if any(each in text for text in handler.texts)]


def logged_in(client: Client, password: str = PASSWORD) -> HttpResponse:
    return client.post("/desk/login", {"login_id": "akishima-1", "password": password}, REMOTE_ADDR="203.0.113.7")  # type: ignore[return-value]


def test_a_wrong_password_is_one_line_without_a_name(client: Client, lines: LogLines) -> None:
    clerk()
    logged_in(client, "wrong")
    event = lines.only()
    assert (event["event"], event["level"], event["route"]) == ("login_failed", "warning", "desk:login")
    assert (len(event["client"]), len(event["account"])) == (16, 16)


def test_a_right_password_is_logged_for_the_same_account_and_client(client: Client, lines: LogLines) -> None:
    clerk()
    logged_in(client, "wrong")
    logged_in(client)
    failed, opened = lines.events()
    assert (opened["event"], opened["level"]) == ("logged_in", "info")
    assert (opened["account"], opened["client"]) == (failed["account"], failed["client"])


def test_a_wrong_code_is_a_line_of_its_own(client: Client, lines: LogLines) -> None:
    at_bureau()
    client.post("/bureau/login", {"login_id": "bureau-operator", "password": PASSWORD})
    client.post("/bureau/code", {"code": "000000"})
    assert [event["event"] for event in lines.events()] == ["factor_failed"]


def test_opening_a_book_and_a_wrong_access_key_are_logged(client: Client, lines: LogLines) -> None:
    draft = cast.draft(["water:start:akishima-water"])
    access_key = cast.access_key_of(draft)
    login = reverse("book:login")
    client.post(login, {"email": cast.EMAIL, "access_key": "wrong"})
    client.post(login, {"email": cast.EMAIL, "access_key": access_key})
    failed, opened = lines.events()
    assert (failed["event"], opened["event"]) == ("login_failed", "book_opened")
    assert str(Book.objects.get().id) not in "".join(lines.texts)


def test_another_ones_page_is_logged_by_its_route_and_not_its_path(lines: LogLines) -> None:
    stranger = new_uuid7()
    assert seated(clerk()).get(f"/desk/notices/{stranger}/").status_code == 404
    event = lines.only()
    assert (event["event"], event["status"], event["route"]) == ("refused", "404", "desk:notice")
    assert str(stranger) not in lines.texts[0]


def test_what_a_role_may_not_do_is_logged(lines: LogLines) -> None:
    assert seated(clerk(role=StaffRole.READER)).get("/desk/staff").status_code == 403
    assert lines.only()["status"] == "403"


def test_a_forged_form_is_logged(lines: LogLines) -> None:
    assert seated(clerk(), careful=True).post("/desk/logout").status_code == 403
    assert lines.only()["status"] == "403"


def test_a_system_without_a_key_is_logged(client: Client, lines: LogLines) -> None:
    assert client.get(reverse("systems:list")).status_code == 401
    assert lines.only()["status"] == "401"


def test_a_page_that_nobody_owns_is_not_logged(client: Client, lines: LogLines) -> None:
    assert client.get("/nothing-here").status_code == 404
    assert lines.events() == []


def test_a_client_has_another_hash_on_another_day(lines: LogLines, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 28, 3, tzinfo=UTC)
    request = RequestFactory().get("/desk/", REMOTE_ADDR="203.0.113.7")
    request.resolver_match = None  # Django sets it while it answers
    for moment in (now, now + timedelta(hours=1), now + timedelta(days=1)):
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        log_security_event(request, SecurityEvent.LOGGED_IN)
    first, second, next_day = (event["client"] for event in lines.events())
    assert first == second != next_day


def test_a_line_break_in_a_login_id_begins_no_line(client: Client, lines: LogLines) -> None:
    client.post("/desk/login", {"login_id": "x\n{}", "password": "y"})
    assert all("\n" not in text for text in lines.texts)
