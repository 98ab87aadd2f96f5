"""The second factor: asked for after the password, each code opens once, and nobody guesses it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from renrakucho.lib.sealing import SealBroken
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.staff import Staff, open_for_owner, two_factor_required
from renrakucho.provider.staff_administration import require_two_factor
from renrakucho.provider.two_factor import RECOVERY_CODES, _totp, enable_two_factor, totp_step
from tests.desk.cast import AKISHIMA, PASSWORD, administrator, clerk, seated

pytestmark = pytest.mark.django_db
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B: «12345678901234567890»
NOW = datetime(2026, 11, 24, 5, 31, 7, tzinfo=UTC)
CREDENTIALS = {"login_id": "akishima-1", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOW)


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def code_at(now: datetime, secret: str = SECRET) -> str:
    return _totp(secret).generate(now.timestamp()).decode()


def guarded() -> tuple[Staff, list[str]]:
    """A clerk with a second factor, and the recovery codes."""
    staff = clerk()
    return staff, enable_two_factor(staff, SECRET, 0)


def halfway(client: Client) -> Client:
    assert client.post("/desk/login", CREDENTIALS)["Location"] == "/desk/code"
    return client


def give(client: Client, code: str) -> tuple[int, str]:
    answer = client.post("/desk/code", {"code": code})
    return answer.status_code, answer.content.decode()


def is_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    assert totp_step(SECRET, code, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


@pytest.mark.parametrize(("apart", "good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_phones_clock_may_be_one_time_step_off(apart: int, good: bool) -> None:
    code = code_at(NOW + timedelta(seconds=apart))
    assert (totp_step(SECRET, code, NOW) is not None) is good


def test_the_password_alone_does_not_log_in(client: Client) -> None:
    guarded()
    halfway(client)
    assert not is_in(client)
    assert client.get("/desk/me").status_code == 302


@pytest.mark.parametrize("typed", [code_at(NOW), f" {code_at(NOW)[:3]} {code_at(NOW)[3:]} "])
def test_password_and_code_log_in(client: Client, typed: str) -> None:
    guarded()
    halfway(client)
    assert give(client, typed)[0] == 302
    assert is_in(client)


def test_a_code_without_a_password_is_sent_to_the_login(client: Client) -> None:
    guarded()
    assert client.post("/desk/code", {"code": code_at(NOW)})["Location"] == "/desk/login"
    assert not is_in(client)


def test_a_code_is_used_up(client: Client) -> None:
    guarded()
    give(halfway(client), code_at(NOW))
    again = halfway(Client())
    status, page = give(again, code_at(NOW))
    assert (status, "もう使われています" in page) == (422, True)
    assert not is_in(again)


def test_an_older_code_is_void_once_a_newer_one_was_used(client: Client) -> None:
    guarded()
    give(halfway(client), code_at(NOW))
    assert give(halfway(Client()), code_at(NOW - timedelta(seconds=30)))[0] == 422


def test_after_five_wrong_codes_the_right_one_is_refused(client: Client) -> None:
    guarded()
    halfway(client)
    wrong = "000000" if code_at(NOW) != "000000" else "111111"
    assert [give(client, wrong)[0] for _try in range(5)] == [422] * 5
    status, page = give(client, code_at(NOW))
    assert (status, "14:45になったら" in page) == (429, True)
    assert not is_in(client)
    assert AuditEntry.objects.filter(deed=AuditAction.CODE_REFUSED).count() == 5


def test_right_codes_do_not_count(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    guarded()
    for each in range(8):
        now = NOW + timedelta(seconds=30 * each)  # all within one window
        at(monkeypatch, now)
        browser = halfway(Client())
        assert give(browser, code_at(now))[0] == 302
        assert is_in(browser)


def test_the_time_between_password_and_code_is_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    guarded()
    halfway(client)
    later = NOW + timedelta(minutes=11)
    at(monkeypatch, later)
    assert client.post("/desk/code", {"code": code_at(later)})["Location"] == "/desk/login"


def test_a_closed_account_does_not_get_past_the_code(client: Client) -> None:
    staff, _codes = guarded()
    halfway(client)
    Staff.objects.filter(id=staff.id).update(is_active=False)
    assert give(client, code_at(NOW))[0] == 302
    assert not is_in(client)


def test_a_recovery_code_is_used_up_and_logged(client: Client) -> None:
    staff, codes = guarded()
    assert len(set(codes)) == RECOVERY_CODES == 10
    assert give(halfway(client), codes[3].upper().replace("-", " "))[0] == 302
    assert "回復コードを1つ使いました。残りは9個です" in client.get("/desk/").content.decode()
    other = halfway(Client())
    assert give(other, codes[3])[0] == 422
    assert give(other, codes[4])[0] == 302
    assert len(Staff.objects.get(id=staff.id).recovery) == 8


def test_secret_and_codes_are_not_readable_in_the_database() -> None:
    staff, codes = guarded()
    row = Staff.objects.filter(id=staff.id).values().get()
    assert SECRET not in str(row)
    assert not any(code in str(row) or code.replace("-", "") in str(row) for code in codes)
    other = clerk("other")
    with pytest.raises(SealBroken):
        open_for_owner(other.id, "factor", row["factor"] or b"")


def secret_on(page: str) -> str:
    found = re.search(r'desk-secret">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


def test_setting_up_the_factor_needs_a_code_and_shows_recovery_codes_once() -> None:
    staff = clerk()
    browser = seated(staff)
    secret = secret_on(browser.get("/desk/me/factor").content.decode())
    assert secret_on(browser.get("/desk/me/factor").content.decode()) == secret  # a reload is the same QR code
    assert secret not in str(browser.session.items())
    wrong = browser.post("/desk/me/factor", {"code": "1"})
    assert (wrong.status_code, "確認コードがちがいます" in wrong.content.decode()) == (422, True)
    assert not Staff.objects.get(id=staff.id).factor
    assert browser.post("/desk/me/factor", {"code": code_at(NOW, secret)})["Location"] == "/desk/me/recovery"
    page = browser.get("/desk/me/recovery").content.decode()
    assert len(re.findall(r"<code>[2-9a-z-]{14}</code>", page)) == 10
    assert browser.get("/desk/me/recovery")["Location"] == "/desk/me/factor"
    outside = Client()
    halfway(outside)
    assert give(outside, code_at(NOW, secret))[0] == 422  # the code that set it up is used up


@pytest.mark.parametrize(("password", "gone"), [(PASSWORD, True), ("wrong", False)])
def test_ending_the_factor_needs_the_password(password: str, gone: bool) -> None:
    staff, _codes = guarded()
    seated(staff).post("/desk/me/factor/end", {"old_password": password})
    assert (Staff.objects.get(id=staff.id).factor is None) is gone


def test_new_recovery_codes_make_the_old_ones_void(client: Client) -> None:
    staff, codes = guarded()
    browser = seated(staff)
    assert browser.post("/desk/me/recovery", {"old_password": "wrong"}).status_code == 422
    browser.post("/desk/me/recovery", {"old_password": PASSWORD})
    assert "<code>" in browser.get("/desk/me/recovery").content.decode()
    assert give(halfway(client), codes[0])[0] == 422


def test_a_desk_that_requires_the_factor_opens_nothing_before() -> None:
    browser = seated(clerk())
    chief = seated(administrator())
    chief.post("/desk/staff/require", {"required": "yes"})
    assert browser.get("/desk/")["Location"] == "/desk/me/factor"
    assert browser.get("/desk/take")["Location"] == "/desk/me/factor"
    secret = secret_on(browser.get("/desk/me/factor").content.decode())
    browser.post("/desk/me/factor", {"code": code_at(NOW, secret)})
    assert is_in(browser)
    assert chief.get("/desk/staff")["Location"] == "/desk/me/factor"  # its administrators are no exception
    assert is_in(seated(clerk("yokosuka-1", provider="yokosuka-water")))


def test_a_lost_phone_is_helped_by_the_administrator(client: Client) -> None:
    staff, _codes = guarded()
    browser = seated(staff)
    chief = seated(administrator())
    chief.post(f"/desk/staff/{staff.id}/reset-factor")
    assert not is_in(browser)
    assert client.post("/desk/login", CREDENTIALS)["Location"] == "/desk/"
    assert AuditEntry.objects.filter(deed=AuditAction.FACTOR_RESET, whom=staff).count() == 1


def test_requiring_the_factor_twice_is_logged_once() -> None:
    chief = administrator()
    for _time in range(2):
        require_two_factor(True, by=chief)
    assert AuditEntry.objects.filter(deed=AuditAction.FACTOR_REQUIRED).count() == 1
    assert two_factor_required(AKISHIMA)
