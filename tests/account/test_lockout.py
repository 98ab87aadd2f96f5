"""A stranger's wrong passwords slow the stranger and not the clerk, and the clerk is told of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from renrakucho.account import device_cookie, rate_limits
from renrakucho.account.device_cookie import known_device
from renrakucho.lib.throttle.rate_limit import AttemptTally
from renrakucho.monitoring.check_result import CheckState
from renrakucho.monitoring.installation_checks import run_checks
from renrakucho.provider.login_failures import count_login_failure, login_failures
from renrakucho.provider.staff import Staff
from renrakucho.provider.two_factor import enable_two_factor, new_totp_secret, totp_code
from tests.desk.cast import PASSWORD, administrator, clerk, seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
NOW = datetime(2026, 11, 28, 1, 1, tzinfo=UTC)
OFFICE, ELSEWHERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def knock(browser: Client, password: str = PASSWORD, *, login_id: str = "akishima-1", by: str = OFFICE) -> Any:
    return browser.post("/desk/login", {"login_id": login_id, "password": password}, REMOTE_ADDR=by)


def hammer(times: int, *, by: Iterable[str] = (ELSEWHERE,), login_id: str = "akishima-1") -> list[int]:
    networks = list(by)
    return [
        knock(Client(), "wrong", login_id=login_id, by=networks[each % len(networks)]).status_code
        for each in range(times)
    ]


def known(login_id: str = "akishima-1") -> Client:
    """A browser that has been logged in from, and is no longer."""
    browser = Client()
    assert knock(browser, login_id=login_id).status_code == 302
    browser.post("/desk/logout")
    return browser


def test_a_stranger_is_stopped_after_ten_tries_and_the_clerk_is_not() -> None:
    clerk()
    browser = known()
    assert hammer(12) == [422] * 10 + [429] * 2
    assert knock(browser).status_code == 302


def test_a_known_device_gets_in_from_the_very_network_of_the_stranger() -> None:
    clerk()
    browser = known()
    hammer(61, by=[OFFICE])
    assert knock(browser, by=OFFICE).status_code == 302


def test_a_new_device_gets_in_from_another_network_while_a_hundred_others_are_tried_from() -> None:
    clerk()
    hammer(110, by=[f"203.0.113.{each}" for each in range(55)])
    assert knock(Client()).status_code == 302


def test_an_account_under_attack_has_three_tries_for_each_network() -> None:
    clerk()
    hammer(51, by=[f"203.0.113.{each}" for each in range(51)])
    assert [knock(Client(), "wrong").status_code for _try in range(4)] == [422, 422, 422, 429]


def test_one_line_of_ipv6_is_one_network() -> None:
    clerk()
    assert hammer(11, by=[f"2001:db8:0:1::{each:x}" for each in range(1, 12)])[-1] == 429


def test_a_known_device_is_stopped_after_ten_wrong_passwords_of_its_own() -> None:
    clerk()
    browser, other = known(), known()
    assert [knock(browser, "wrong").status_code for _try in range(11)] == [422] * 10 + [429]
    assert knock(browser).status_code == 429
    assert knock(other).status_code == 302


def test_the_device_of_a_colleague_is_unknown_to_the_account() -> None:
    """Whoever has an account could hammer on a colleague's with their own cookie under the colleague's name."""
    clerk()
    clerk("akishima-2")
    browser = known("akishima-2")
    renamed(browser, "akishima-2", "akishima-1")
    hammer(10, by=[OFFICE])
    assert knock(browser).status_code == 429


def test_the_mutant_of_an_unbound_cookie_lets_the_colleague_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_cookie, "_owner_mark", lambda staff: "anybody")
    clerk()
    clerk("akishima-2")
    browser = known("akishima-2")
    renamed(browser, "akishima-2", "akishima-1")
    hammer(10, by=[OFFICE])
    assert knock(browser).status_code == 302


def renamed(browser: Client, mine: str, theirs: str) -> None:
    cookie = browser.cookies[device_cookie._cookie_name(mine)].value
    browser.cookies.clear()
    browser.cookies[device_cookie._cookie_name(theirs)] = cookie


def test_the_mutant_without_limits_lets_a_stranger_try_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGIN", "LOGIN_FROM", "LOGIN_ANYWHERE"):
        monkeypatch.setattr(rate_limits, name, replace(getattr(rate_limits, name), limit=10_000))
    clerk()
    assert set(hammer(20)) == {422}


@pytest.mark.parametrize("cookie", ["", "x", "eyJvZiI6IngifQ:1vO:abc"])
def test_an_invented_cookie_makes_nothing_known(cookie: str) -> None:
    clerk()
    browser = Client()
    browser.cookies[device_cookie._cookie_name("akishima-1")] = cookie
    hammer(10, by=[OFFICE])
    assert knock(browser).status_code == 429


def test_logging_out_everywhere_makes_every_device_unknown() -> None:
    staff = clerk()
    browser = known()
    seated(staff).post("/desk/logout-everywhere")
    hammer(10, by=[OFFICE])
    assert knock(browser).status_code == 429


def request_of(rf: Any, browser: Client) -> Any:
    """A request for the login page with this browser's cookies."""
    request = rf.get("/desk/login")
    request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
    return request


def test_a_device_is_forgotten_after_180_days(rf: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk()
    monkeypatch.setattr("time.time", lambda: NOW.timestamp())
    browser = known()
    assert browser.cookies[device_cookie._cookie_name("akishima-1")]["max-age"] == 15_552_000
    request = request_of(rf, browser)
    monkeypatch.setattr("time.time", lambda: NOW.timestamp() + 15_552_000)
    assert known_device(request, "akishima-1")
    monkeypatch.setattr("time.time", lambda: NOW.timestamp() + 15_552_001)
    assert not known_device(request, "akishima-1")


def test_a_device_stays_the_same_at_its_next_login_and_no_two_are_the_same(rf: Any) -> None:
    clerk()
    browser, other = known(), known()
    first = known_device(request_of(rf, browser), "akishima-1")
    assert knock(browser).status_code == 302
    assert known_device(request_of(rf, browser), "akishima-1") == first
    assert knock(other).status_code == 302
    assert known_device(request_of(rf, other), "akishima-1") != first


def test_the_cookie_of_an_account_that_is_gone_makes_nothing_known(rf: Any) -> None:
    staff = clerk()
    browser = known()
    Staff.objects.filter(id=staff.id).update(login_id="akishima-9")
    assert known_device(request_of(rf, browser), "akishima-1") == ""


def test_the_cookie_comes_with_the_second_factor_and_not_before() -> None:
    secret = new_totp_secret()
    enable_two_factor(clerk(), secret, 0)
    browser = Client()
    knock(browser)
    assert device_cookie._cookie_name("akishima-1") not in browser.cookies
    browser.post("/desk/code", {"code": totp_code(secret, NOW)})
    assert browser.cookies[device_cookie._cookie_name("akishima-1")]["httponly"]


def test_the_cookie_is_a_host_cookie_where_the_portal_is_secure(settings: Any) -> None:
    settings.SECURE = True
    clerk()
    browser = Client()
    knock(browser)
    (cookie,) = (morsel for name, morsel in browser.cookies.items() if name.startswith("__Host-device-"))
    assert (cookie["secure"], cookie["path"], cookie["domain"], cookie["samesite"]) == (True, "/", "", "Lax")


def test_a_browser_keeps_the_cookies_of_five_accounts() -> None:
    browser = Client()
    for each in range(7):
        clerk(f"shift-{each}")
        knock(browser, login_id=f"shift-{each}")
        browser.post("/desk/logout")
    kept = [morsel.value for name, morsel in browser.cookies.items() if name.startswith("device-")]
    assert len([value for value in kept if value]) == 5


def test_the_clerk_and_the_administrator_see_that_somebody_tries(client: Client) -> None:
    staff = clerk()
    browser = known()
    hammer(25)
    assert login_failures(staff) == 25
    assert "入れなかったログインが25回" in _page_after(browser)
    assert "入れなかったログインが25回" in browser.get("/desk/me").content.decode()
    chief = seated(administrator()).get("/desk/staff").content.decode()
    assert "佐藤さん: この7日間に、見知らぬ端末から、入れなかったログインが25回" in chief


def _page_after(browser: Client) -> str:
    return str(browser.get(knock(browser)["Location"]).content.decode())


def test_a_few_mistakes_alarm_nobody() -> None:
    clerk()
    browser = known()
    hammer(19)
    assert "入れなかったログイン" not in _page_after(browser)
    assert run_checks(["logins"])["logins"].state == CheckState.OK


def test_the_bureau_sees_where_somebody_tries_without_a_name() -> None:
    clerk()
    hammer(20)
    found = run_checks(["logins"])["logins"]
    assert (found.state, "akishima-water" in found.said.japanese) == (CheckState.WARNING, True)
    assert "20 回" in found.said.japanese
    assert "akishima-1" not in str(found)
    assert "佐藤" not in str(found)


def test_own_mistakes_at_a_known_device_are_no_attack() -> None:
    staff = clerk()
    browser = known()
    for _try in range(5):
        knock(browser, "wrong")
    assert login_failures(staff) == 0


def test_failures_of_an_id_that_nobody_has_are_counted_too() -> None:
    """Else the time of the answer would tell which IDs there are."""
    hammer(3, login_id="nobody")
    assert login_failures(Staff(login_id="nobody")) == 3


def test_a_tally_forgets_after_its_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    tally = AttemptTally("tried", 60, 3)
    for minute, expected in ((0, 1), (1, 2), (2, 3), (3, 3), (9, 1)):
        monkeypatch.setattr("django.utils.timezone.now", lambda minute=minute: NOW + timedelta(minutes=minute))
        tally.count("a")
        assert tally.totals(["a", "b"]) == {"a": expected, "b": 0}


def test_failures_of_last_week_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    staff = clerk()
    count_login_failure(staff.login_id)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=8))
    assert login_failures(staff) == 0
