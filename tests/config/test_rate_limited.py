"""Every rate limit of every face says how long to wait: the time that is really left, whichever limit it is."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import renrakucho
from renrakucho.lib.throttle import rate_limit
from renrakucho.lib.throttle.rate_limit import Attempt, RateLimit
from renrakucho.notice import notice_caps
from renrakucho.notice.notice_form import keep_draft
from renrakucho.provider.two_factor import enable_two_factor
from tests import cast
from tests.book.opened import confirm, open_book_of, own_items
from tests.book_apply.flow import Applicant
from tests.desk.cast import PASSWORD, clerk, seated
from tests.systems.cast import System

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

NOW = datetime(2026, 11, 24, 5, 31, 7, tzinfo=UTC)  # 14:31:07 in Japan
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
DESK_LOGIN = {"login_id": "akishima-1", "password": PASSWORD}


def book_login(client: Client) -> Any:
    return client.post("/book/login", {"email": cast.EMAIL, "access_key": "A" * 24})


def lost_key(client: Client) -> Any:
    return client.post("/book/lost-key", {"email": cast.EMAIL})


def desk_login(client: Client) -> Any:
    clerk()
    return client.post("/desk/login", DESK_LOGIN)


def desk_code(client: Client) -> Any:
    enable_two_factor(clerk(), SECRET, 0)
    client.post("/desk/login", DESK_LOGIN)
    return client.post("/desk/code", {"code": "000000"})


def factor_setup(_client: Client) -> Any:
    browser = seated(clerk())
    browser.get("/desk/me/factor")
    return browser.post("/desk/me/factor", {"code": "000000"})


def own_password(_client: Client) -> Any:
    new = {"old_password": "wrong", "password": "x", "again": "x"}
    return seated(clerk()).post("/desk/me/password", new)


def end_factor(_client: Client) -> Any:
    staff = clerk()
    enable_two_factor(staff, SECRET, 0)
    return seated(staff).post("/desk/me/factor/end", {"old_password": "wrong"})


def known_desk_login(client: Client) -> Any:
    clerk()
    client.post("/desk/login", DESK_LOGIN)  # from now on the browser is known for this account
    client.post("/desk/logout")
    return client.post("/desk/login", DESK_LOGIN)


def identity_login(client: Client) -> Any:
    open_book_of(client)
    return client.get("/book/identity/nobody/callback")


def registration(client: Client) -> Any:
    """Register: a mail with a code goes to the address."""
    applicant = Applicant(client)
    applicant.to_check(["water:start:akishima-water"])
    return client.post("/apply/check")


def send_notice(client: Client) -> Any:
    """Send a notice, and then a change of it: that has one cap more."""
    book = open_book_of(client, ["water:start:akishima-water"])
    notice = book.notices.get()
    keep_draft(notice, answers=own_items(notice))
    response = confirm(client, f"/book/notices/{notice.id}/check")
    return confirm(client, f"/book/notices/{notice.id}/check") if response.status_code == 302 else response


FACES: list[tuple[str, int, Callable[[Client], Any]]] = [
    ("new-session", 600, lambda client: client.post("/", {"origin": "1020084", "destination": "1960015"})),
    ("book-login", 900, book_login),
    ("book-login-from", 900, book_login),
    ("lost-key", 3600, lost_key),
    ("lost-key-from", 3600, lost_key),
    *((f"mailbox-codes-{whose}", 3600, registration) for whose in ("to", "from")),
    ("mailbox-link", 900, lambda client: client.post("/book/confirm", {"text": "A" * 24})),
    ("key-link", 900, lambda client: client.get("/book/new-key/nothing")),
    ("desk-login", 900, desk_login),
    ("desk-login-from", 900, desk_login),
    ("desk-login-device", 900, known_desk_login),
    ("desk-code", 900, desk_code),
    ("desk-factor", 900, factor_setup),
    ("desk-own-password", 900, own_password),
    ("desk-own-password", 900, end_factor),
    ("desk-sign-on-from", 900, lambda client: client.get("/desk/sso/nobody/callback")),
    ("identity-login", 900, identity_login),
    ("identity-login-from", 900, identity_login),
    ("desk-join-from", 900, lambda client: client.get("/desk/join/nothing")),
    *((f"send-{what}", 24 * 3600, send_notice) for what in ("mailbox", "network", "address")),
    ("send-provider", 3600, send_notice),
    ("send-changes", 3600, send_notice),
    ("answer-code", 900, lambda client: client.get("/a/nothing")),
    ("return-link", 900, lambda client: client.get("/return/nothing")),
    ("calendar-feed", 900, lambda client: client.get("/calendar/nothing")),
    ("system", 60, lambda _client: System().get()),
    ("system-key", 60, lambda _client: System(key="rk_guessed").get()),
    ("api", 60, lambda client: client.get("/api/v1/towns?q=atago")),
    ("relay_listing", 60, lambda client: client.get("/relay/v1/providers")),
    ("relay_form", 60, lambda client: client.get("/relay/v1/sheets/osaka-water/stop/1")),
]
# These refuse nobody by themselves: one leaves fewer tries (tests/account/test_lockout.py), two are told on their pages
# (tests/book/test_mailbox_page.py, tests/book/test_openings.py).
NO_REFUSAL = {"desk-login-anywhere", "mailbox-code-from", "email-change"}
# Seconds until 15:00:00, 14:45:00, 14:40:00 and 14:32:00, and what a page says.
LEFT = {24 * 3600: 18 * 3600 + 28 * 60 + 53, 3600: 28 * 60 + 53, 900: 13 * 60 + 53, 600: 8 * 60 + 53, 60: 53}
CLOCK = {24 * 3600: "9:00になったら", 3600: "15:00になったら", 900: "14:45になったら", 600: "14:40になったら"}
MACHINES = {"system", "system-key", "api", "relay_listing", "relay_form"}


@pytest.mark.parametrize(("name", "window", "visit"), FACES)
def test_who_is_refused_is_told_the_time_that_is_left(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str, window: int, visit: Callable[[Client], Any]
) -> None:
    counted = rate_limit.count_attempts

    def refuse_one(limits: Sequence[tuple[RateLimit, str]]) -> list[Attempt]:
        refused = [limit.name == name for limit, _who in limits]
        attempts = zip(counted(limits), refused, strict=True)
        return [replace(attempt, allowed=False) if is_refused else attempt for attempt, is_refused in attempts]

    monkeypatch.setattr(rate_limit, "count_attempts", refuse_one)
    monkeypatch.setattr(notice_caps, "count_attempts", refuse_one)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    response = visit(client)
    assert (response.status_code, response.headers.get("Retry-After")) == (429, str(LEFT[window])), response.content[
        :300
    ]
    if name not in MACHINES:
        page = response.content.decode()
        assert CLOCK[window] in page
        assert "分ほどたって" not in page


def test_no_limit_is_left_out_here() -> None:
    package = Path(renrakucho.__file__).parent
    limits = {
        found for path in package.rglob("*.py") for found in re.findall(r'RateLimit\(\s*"([^"]+)"', path.read_text())
    }
    assert limits == {name for name, _window, _visit in FACES} | NO_REFUSAL
