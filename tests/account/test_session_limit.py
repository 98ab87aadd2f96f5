"""A login ends after twelve hours, whatever is done meanwhile, and its session is dead once it has ended."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from renrakucho.account import staff_session
from renrakucho.provider.staff import Staff
from renrakucho.provider.two_factor import totp_code
from tests.bureau.cast import SECRET, at_bureau
from tests.desk.cast import PASSWORD, clerk, seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
MORNING = datetime(2026, 11, 28, 0, 0, tzinfo=UTC)


def at(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    now = MORNING + timedelta(minutes=minutes)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def busy_until(browser: Client, page: str, monkeypatch: pytest.MonkeyPatch, minutes: int) -> int:
    """Look at the page every twenty minutes. Returns the status of the last look."""
    status = 0
    for minute in range(20, minutes + 1, 20):
        at(monkeypatch, minute)
        status = browser.get(page).status_code
    return status


def desk_browser() -> Client:
    clerk()
    browser = Client()
    browser.post("/desk/login", {"login_id": "akishima-1", "password": PASSWORD})
    return browser


def bureau_browser() -> Client:
    at_bureau()
    browser = Client()
    browser.post("/bureau/login", {"login_id": "bureau-operator", "password": PASSWORD})
    browser.post("/bureau/code", {"code": totp_code(SECRET, MORNING)})
    return browser


@pytest.mark.parametrize(("browser_of", "page"), [(desk_browser, "/desk/"), (bureau_browser, "/bureau/me")])
def test_twelve_hours_after_the_login_it_ends(browser_of, page: str, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    at(monkeypatch, 0)
    browser = browser_of()
    assert busy_until(browser, page, monkeypatch, 12 * 60 - 20) == 200
    at(monkeypatch, 12 * 60)
    assert browser.get(page).status_code == 302
    at(monkeypatch, 12 * 60 + 1)
    assert browser.get(page).status_code == 302


def test_the_mutant_without_the_limit_stays_logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff_session, "LONGEST_SECONDS", 10**9)
    at(monkeypatch, 0)
    assert busy_until(desk_browser(), "/desk/", monkeypatch, 13 * 60) == 200


def test_what_was_typed_is_kept_when_the_twelve_hours_end(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 0)
    browser = desk_browser()
    busy_until(browser, "/desk/", monkeypatch, 12 * 60 - 20)
    at(monkeypatch, 12 * 60)
    login = browser.post("/desk/me/mail", {"address": "sato@example.jp", "mail_password": PASSWORD})["Location"]
    assert "入力した内容は取ってあります" in browser.get(login).content.decode()
    browser.post("/desk/login", {"login_id": "akishima-1", "password": PASSWORD})
    page = browser.get("/desk/me").content.decode()
    assert ('value="sato@example.jp"' in page, PASSWORD in page) == (True, False)


def test_the_session_of_before_the_login_and_after_the_logout_are_dead() -> None:
    browser = desk_browser()
    open_key = browser.session.session_key
    browser.post("/desk/logout")
    stolen = Client()
    stolen.cookies["sessionid"] = str(open_key)
    assert stolen.get("/desk/").status_code == 302


def test_a_password_alone_is_another_session_than_the_whole_login(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 0)
    at_bureau()
    browser = Client()
    browser.post("/bureau/login", {"login_id": "bureau-operator", "password": PASSWORD})
    halfway = browser.session.session_key
    browser.post("/bureau/code", {"code": totp_code(SECRET, MORNING)})
    assert browser.session.session_key != halfway
    stolen = Client()
    stolen.cookies["sessionid"] = str(halfway)
    assert stolen.get("/bureau/").status_code == 302


@pytest.mark.parametrize(
    ("password", "says"), [("", "いまのパスワードをご入力ください"), ("wrong", "パスワードとちがいます")]
)
def test_mail_goes_elsewhere_with_the_password_only(password: str, says: str) -> None:
    staff = clerk()
    answer = seated(staff).post("/desk/me/mail", {"address": "thief@example.jp", "mail_password": password})
    page = answer.content.decode()
    assert (answer.status_code, says in page, 'value="thief@example.jp"' in page) == (422, True, True)
    assert Staff.objects.get(id=staff.id).mail_address() == ""


def test_the_password_for_mail_may_be_tried_five_times() -> None:
    browser = seated(clerk())
    form = {"address": "thief@example.jp", "mail_password": "wrong"}
    assert [browser.post("/desk/me/mail", form).status_code for _try in range(6)] == [422] * 5 + [429]
