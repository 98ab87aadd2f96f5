"""Single sign-on: whose account a login at the issuer opens, and what opens none.

A defence in brackets was taken out to see the test fail.
"""

import base64
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from renrakucho.lib.oidc.issuer_metadata import forget_issuers
from renrakucho.lib.period_keyring import open_text
from renrakucho.provider.audit_log import AuditAction
from renrakucho.provider.single_sign_on import SignOnLink, require_sign_on
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_administration import close_account, require_two_factor
from renrakucho.provider.two_factor import enable_two_factor
from tests.account.sign_on_cast import (
    SLUG,
    address_of,
    come_back,
    connected,
    deeds,
    invited,
    is_in,
    leave,
    linked,
    signed_on,
)
from tests.bureau.cast import at_bureau
from tests.desk.cast import AKISHIMA, PASSWORD, YOKOSUKA, administrator, clerk, seated
from tests.forged_issuer import ForgedIssuer, after

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


# --- the way in


def test_a_linked_person_logs_in(forged: ForgedIssuer) -> None:
    linked(clerk(), forged.address)
    browser, back = signed_on(forged, next="/desk/take")
    assert (back.status_code, back["Location"]) == (302, "/desk/take")
    assert is_in(browser)
    assert deeds()[-2:] == [AuditAction.SIGN_ON_LINKED, AuditAction.SIGN_ON_USED]


def test_the_way_to_the_issuer_asks_what_a_login_needs(forged: ForgedIssuer) -> None:
    page = Client().post(f"/desk/sso/{SLUG}")
    asked = dict(parse_qsl(urlsplit(address_of(page)).query))
    assert asked["redirect_uri"] == f"http://localhost:8000/desk/sso/{SLUG}/callback"
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == ("code", "S256", "openid")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) == 43
    assert "no-store" in page["Cache-Control"]


def test_an_unknown_login_makes_no_account(forged: ForgedIssuer) -> None:
    before = Staff.objects.count()
    browser, back = signed_on(forged)
    assert (back.status_code, is_in(browser), Staff.objects.count()) == (403, False, before)
    assert "つながっていません" in back.content.decode()


def test_the_same_mail_address_or_name_opens_nothing(forged: ForgedIssuer) -> None:
    staff = clerk("sato-1", name="佐藤")
    staff.set_mail_address("sato@example.jp")
    staff.save()
    browser = Client()
    answer = leave(browser, forged)
    forged.token = with_claims(forged, email="sato@example.jp", email_verified=True, name="佐藤")
    assert come_back(browser, answer).status_code == 403


def test_a_closed_account_stays_closed(forged: ForgedIssuer) -> None:
    """(is_active in _signed_on)"""
    staff = linked(clerk(), forged.address)
    close_account(staff, by=administrator())
    browser, back = signed_on(forged)
    assert (back.status_code, is_in(browser)) == (403, False)


def test_a_desk_that_the_issuer_is_not_named_for_stays_shut(forged: ForgedIssuer) -> None:
    """(serves)"""
    linked(clerk(provider=YOKOSUKA), forged.address)
    browser, back = signed_on(forged)
    assert (back.status_code, is_in(browser)) == (403, False)


def test_a_clerk_gets_not_into_the_bureau_and_the_other_way_round(forged: ForgedIssuer) -> None:
    """(the realm in _signed_on)"""
    linked(clerk(), forged.address)
    browser = Client()
    back = come_back(browser, leave(browser, forged, f"/bureau/sso/{SLUG}"), "bureau")
    assert (back.status_code, is_in(browser, "/bureau/me")) == (403, False)
    SignOnLink.objects.all().delete()
    linked(at_bureau(factor=False), forged.address)
    browser, back = signed_on(forged)
    assert (back.status_code, is_in(browser)) == (403, False)


# --- second factors


def test_ones_own_second_factor_is_asked_for_where_the_issuer_names_none(forged: ForgedIssuer) -> None:
    """(has_second_factor in _signed_on)"""
    enable_two_factor(linked(clerk(), forged.address), SECRET, 0)
    browser, back = signed_on(forged, next="/desk/take")
    assert back["Location"] == "/desk/code?next=/desk/take"
    assert not is_in(browser)


def test_the_issuers_second_factor_counts_as_configured(forged: ForgedIssuer) -> None:
    enable_two_factor(linked(clerk(), forged.address), SECRET, 0)
    for methods, location in ((["pwd", "otp"], "/desk/"), (["pwd"], "/desk/code"), ("otp", "/desk/code")):
        browser = Client()
        answer = leave(browser, forged)
        forged.token = with_claims(forged, amr=methods)
        assert come_back(browser, answer)["Location"] == location


def with_claims(forged: ForgedIssuer, **more: Any) -> Any:
    """A token for the login that the browser has begun, with other claims."""
    claims = claims_of(forged.token())
    return lambda: forged.signed({**claims, **more})


def claims_of(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


def test_a_desk_that_requires_a_second_factor_takes_the_issuers(forged: ForgedIssuer) -> None:
    """(_FACTOR_SEEN)"""
    staff = linked(clerk(), forged.address)
    require_two_factor(True, by=administrator())
    browser, _back = signed_on(forged)
    assert browser.get("/desk/")["Location"] == "/desk/me/factor"  # none of one's own, and none of the issuer's
    browser = Client()
    answer = leave(browser, forged)
    forged.token = with_claims(forged, amr=["otp"])
    come_back(browser, answer)
    assert is_in(browser, "/desk/")
    assert not staff.has_second_factor()


def test_a_login_by_an_issuer_ends_after_twelve_hours(forged: ForgedIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    linked(clerk(), forged.address)
    browser, _back = signed_on(forged)
    session = browser.session
    session["desk_since"] -= 60 * 60 * 12
    session.save()
    assert not is_in(browser)


# --- answers that are another's


def test_an_answer_opens_once(forged: ForgedIssuer) -> None:
    """Replayed state (take_pending_login forgets it)."""
    browser = Client()
    answer = leave(browser, forged)
    assert come_back(browser, answer).status_code == 403  # a login of nobody here
    linked(clerk(), forged.address)
    assert come_back(browser, answer).status_code == 422
    assert not is_in(browser)


def test_nobody_is_logged_in_with_a_strangers_login(forged: ForgedIssuer) -> None:
    """Login CSRF: the attacker's own answer in the victim's browser (the state: looked for, and compared)."""
    linked(clerk(), forged.address)
    answer = leave(Client(), forged)
    victim = Client()
    assert come_back(victim, answer).status_code == 422
    assert not is_in(victim)
    leave(victim, forged)  # also where the victim has begun a login of their own
    assert come_back(victim, answer).status_code == 422
    assert not is_in(victim)


def test_an_answer_comes_back_to_the_address_of_its_issuer(forged: ForgedIssuer) -> None:
    """Mix-up: an issuer's answer at another one's address, and at the other realm's (redirect_uri and issuer of the
    pending login).
    """
    other = f"""
[issuers.other-id]
name = "別のログイン"
issuer = "{forged.address}"
client_id = "other"
secret = "another-secret-of-the-tests-and-long"
desks = ["{AKISHIMA}"]
bureau = true
allow = ["127.0.0.0/8"]
"""
    linked(clerk(), forged.address)
    with connected(forged.address, other):
        for realm, slug in (("desk", "other-id"), ("bureau", SLUG)):
            browser = Client()
            answer = leave(browser, forged)
            assert come_back(browser, answer, realm, slug).status_code == 422
            assert not is_in(browser)


def test_pending_logins_are_few_and_sealed(forged: ForgedIssuer) -> None:
    """(MOST_PENDING, seal_as_text)"""
    linked(clerk(), forged.address)
    browser = Client()
    answers = [leave(browser, forged) for _tab in range(4)]
    kept = browser.session["issuer_logins"]
    assert all(answer["state"] not in kept for answer in answers)
    assert len(open_text(kept, b"issuer logins")) == 3
    assert come_back(browser, answers[0]).status_code == 422
    assert come_back(browser, answers[3]).status_code == 302


def test_nobody_is_led_to_another_site(forged: ForgedIssuer) -> None:
    """Open redirect (safe_next_url)."""
    linked(clerk(), forged.address)
    for wanted in ("https://evil.example/", "//evil.example/desk/", "/desk/../../evil", "/bureau/"):
        _browser, back = signed_on(forged, next=wanted)
        assert back["Location"] == "/desk/"


def test_a_login_that_took_too_long_begins_anew(forged: ForgedIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    linked(clerk(), forged.address)
    browser = Client()
    answer = leave(browser, forged)
    after(monkeypatch, minutes=10, seconds=5)
    back = come_back(browser, answer)
    assert back.status_code == 422
    assert "時間がたったか" in back.content.decode()


# --- an issuer that is down, and none


def test_an_issuer_that_is_down_leaves_the_password(forged: ForgedIssuer) -> None:
    forget_issuers()
    forged.status = 500
    page = Client().post(f"/desk/sso/{SLUG}")
    said = page.content.decode()
    assert page.status_code == 503
    assert "いまつながりません" in said
    assert 'name="password"' in said
    assert forged.address not in said


def test_a_document_cannot_send_the_portal_into_its_own_network(
    forged: ForgedIssuer, caplog: pytest.LogCaptureFixture
) -> None:
    """SSRF by jwks_uri, in an installation that names no private network (safe_request)."""
    linked(clerk(), forged.address)
    browser = Client()
    answer = leave(browser, forged)
    forget_issuers()
    forged.document = {"jwks_uri": "https://10.0.0.1/keys"}
    back = come_back(browser, answer)
    assert back.status_code == 503
    assert "not of the open internet" in caplog.text
    assert not is_in(browser)


def test_an_issuer_that_nobody_named_is_not_there(forged: ForgedIssuer) -> None:
    assert Client().post("/desk/sso/other-id").status_code == 404
    assert Client().get("/desk/sso/other-id/callback", {"state": "x"}).status_code == 404


# --- joining by an invitation


def test_an_invited_person_joins_without_a_password(forged: ForgedIssuer) -> None:
    browser, token = Client(), invited()
    path = f"/desk/join/{token}"
    assert "水道局の職員ログイン" in browser.get(path).content.decode()
    answer = leave(browser, forged, path, name="佐藤", login_id="sato", issuer=SLUG)
    assert come_back(browser, answer)["Location"] == "/desk/"
    staff = Staff.objects.get(login_id="sato")
    assert (staff.name, staff.has_usable_password(), staff.provider) == ("佐藤", False, AKISHIMA)
    assert deeds() == [
        AuditAction.INVITED,
        AuditAction.JOINED,
        AuditAction.SIGN_ON_LINKED,
        AuditAction.SIGN_ON_USED,
    ]
    assert "ここのパスワードはありません" in browser.get("/desk/me").content.decode()
    browser.post("/desk/me/password", {"password": PASSWORD, "again": PASSWORD})
    staff.refresh_from_db()
    assert not staff.has_usable_password()


def test_an_invitation_is_used_once_by_single_sign_on(forged: ForgedIssuer) -> None:
    path, first, second = f"/desk/join/{invited()}", Client(), Client()
    late = leave(second, forged, path, name="鈴木", login_id="suzuki", issuer=SLUG)
    answer = leave(first, forged, path, name="佐藤", login_id="sato", issuer=SLUG)
    assert come_back(first, answer).status_code == 302
    SignOnLink.objects.all().delete()
    forged.token = with_claims(forged, nonce=nonce_of(second, late))
    assert come_back(second, late).status_code == 404
    assert not Staff.objects.filter(login_id="suzuki").exists()


def nonce_of(browser: Client, answer: dict[str, str]) -> str:
    kept = open_text(browser.session["issuer_logins"], b"issuer logins")
    return str(next(each[0]["nonce"] for each in kept if each[0]["state"] == answer["state"]))


def test_an_administrators_link_connects_a_colleague(forged: ForgedIssuer) -> None:
    staff, chief = clerk(), administrator()
    desk = seated(chief)
    desk.post(f"/desk/staff/{staff.id}/password")
    link = desk.get("/desk/staff/link").content.decode()
    token = link.split("/desk/join/")[1].split("<")[0]
    browser = Client()
    answer = leave(browser, forged, f"/desk/join/{token}", issuer=SLUG)
    assert come_back(browser, answer)["Location"] == "/desk/"
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)
    assert "つながっています" in desk.get(f"/desk/staff/{staff.id}/").content.decode()
    desk.post(f"/desk/staff/{staff.id}/unlink")
    assert not is_in(browser)
    assert deeds()[-1] == AuditAction.SIGN_ON_UNLINKED
    _browser, back = signed_on(forged)
    assert back.status_code == 403


def test_one_login_opens_one_account(forged: ForgedIssuer) -> None:
    linked(clerk(), forged.address)
    browser = Client()
    answer = leave(browser, forged, f"/desk/join/{invited()}", name="鈴木", login_id="suzuki", issuer=SLUG)
    back = come_back(browser, answer)
    assert (back.status_code, Staff.objects.filter(login_id="suzuki").exists()) == (409, False)


def test_an_invitation_of_another_desk_is_not_joined_by_the_issuer(forged: ForgedIssuer) -> None:
    browser = Client()
    path = f"/desk/join/{invited(provider=YOKOSUKA)}"
    assert SLUG not in browser.get(path).content.decode()
    answer = leave(browser, forged, path, name="鈴木", login_id="suzuki", issuer=SLUG)
    assert come_back(browser, answer).status_code == 404
    assert not Staff.objects.filter(login_id="suzuki").exists()


# --- a desk that asks for it


def test_a_desk_can_ask_for_single_sign_on_and_keeps_one_password(forged: ForgedIssuer) -> None:
    """(may_use_password)"""
    staff, chief = linked(clerk(), forged.address), administrator()
    desk = seated(chief)
    assert "シングルサインオンを求める" in desk.get("/desk/staff").content.decode()
    desk.post("/desk/staff/require-sign-on", {"required": "yes"})
    refused = Client().post("/desk/login", {"login_id": staff.login_id, "password": PASSWORD})
    assert refused.status_code == 422
    assert "シングルサインオンでログインします" in refused.content.decode()
    assert Client().post("/desk/login", {"login_id": chief.login_id, "password": PASSWORD}).status_code == 302
    assert signed_on(forged)[1]["Location"] == "/desk/"
    desk.post("/desk/staff/require-sign-on", {"required": "no"})
    assert Client().post("/desk/login", {"login_id": staff.login_id, "password": PASSWORD}).status_code == 302
    wanted = {AuditAction.SIGN_ON_REQUIRED, AuditAction.SIGN_ON_OPTIONAL}
    assert {each for each in deeds() if each in wanted} == wanted


def test_the_emergency_account_stays_closed_where_it_was_closed(forged: ForgedIssuer) -> None:
    chief, other = administrator(), administrator("second-chief")
    require_sign_on(True, by=chief)
    close_account(chief, by=other)
    assert Client().post("/desk/login", {"login_id": chief.login_id, "password": PASSWORD}).status_code == 422


def test_whoever_has_no_password_cannot_ask_for_single_sign_on(forged: ForgedIssuer) -> None:
    chief = administrator()
    chief.set_unusable_password()
    chief.save()
    page = seated(chief).post("/desk/staff/require-sign-on", {"required": "yes"}, follow=True)
    assert "パスワードがないため" in page.content.decode()
    assert AuditAction.SIGN_ON_REQUIRED not in deeds()
