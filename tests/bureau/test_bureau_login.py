"""The bureau's login is its own: a desk's clerk never opens its pages, nor its people a desk's."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from renrakucho.faces.bureau.urls import urlpatterns
from renrakucho.lib.identifiers import new_uuid7
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.staff import BUREAU, Staff
from renrakucho.provider.staff_invitation import create_invitation
from renrakucho.provider.two_factor import totp_code
from tests.bureau.cast import SECRET, at_bureau
from tests.desk.cast import PASSWORD, administrator, clerk, seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
NOW = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
OPEN = {"login", "code", "code_passkey", "join", "sign_on", "sign_on_callback", "sign_on_ended"}
GIVEN = {
    "staff_id": new_uuid7(),
    "invitation_id": new_uuid7(),
    "notice_id": new_uuid7(),
    "decision_id": new_uuid7(),
    "passkey_id": new_uuid7(),
    "opening_id": new_uuid7(),
    "batch_id": new_uuid7(),
}
GIVEN |= {"token": "x", "issuer": "x", "provider": "akishima-water", "act": "pause"}  # type: ignore[dict-item]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def paths(names: set[str] | None = None) -> list[str]:
    return [
        reverse(f"bureau:{each.name}", args=[GIVEN[name] for name in each.pattern.converters])
        for each in urlpatterns
        if str(each.name) not in (names or OPEN)
    ]


def test_password_and_code_open_the_overview(client: Client) -> None:
    at_bureau()
    answer = client.post("/bureau/login", {"login_id": "bureau-operator", "password": PASSWORD})
    assert answer["Location"] == "/bureau/code"
    assert client.get("/bureau/")["Location"] == "/bureau/login?next=/bureau/"
    assert client.post("/bureau/code", {"code": totp_code(SECRET, NOW)})["Location"] == "/bureau/"
    assert client.get("/bureau/").status_code == 200
    assert AuditEntry.objects.filter(provider=BUREAU, deed=AuditAction.LOGGED_IN).count() == 1


def test_without_a_second_factor_every_page_leads_to_setting_one_up() -> None:
    browser = seated(at_bureau(factor=False))
    free = {
        "login",
        "code",
        "code_passkey",
        "join",
        "sign_on",
        "sign_on_callback",
        "sign_on_ended",
        "logout",
        "logout_everywhere",
        "account",
        "password",
    }
    free |= {"factor", "end_factor", "recovery", "passkeys", "passkey", "remove_passkey"}
    led = {path: browser.get(path).get("Location", "") for path in paths(free)}
    assert set(led.values()) == {"/bureau/me/factor"}, led


def test_a_desks_login_does_not_open_the_bureau(client: Client) -> None:
    clerk()
    answer = client.post("/bureau/login", {"login_id": "akishima-1", "password": PASSWORD})
    assert (answer.status_code, "組み合わせがちがいます" in answer.content.decode()) == (422, True)


def test_the_bureaus_login_does_not_open_a_desk(client: Client) -> None:
    at_bureau()
    answer = client.post("/desk/login", {"login_id": "bureau-operator", "password": PASSWORD})
    assert (answer.status_code, "組み合わせがちがいます" in answer.content.decode()) == (422, True)


def test_a_session_of_a_desk_opens_no_page_of_the_bureau() -> None:
    browser = seated(administrator())
    for path in paths():
        for answer in (browser.get(path), browser.post(path)):
            assert answer.status_code == 405 or answer["Location"].startswith("/bureau/login?next="), path
    assert browser.get("/desk/").status_code == 200


def test_a_session_of_the_bureau_opens_no_page_of_a_desk() -> None:
    browser = seated(at_bureau())
    for path in ("/desk/", "/desk/take", "/desk/staff", "/desk/record", "/desk/me", f"/desk/notices/{new_uuid7()}/"):
        assert browser.get(path)["Location"].startswith("/desk/login?next="), path
    assert browser.get("/bureau/").status_code == 200


def test_a_password_given_at_one_login_is_not_half_a_login_at_the_other(client: Client) -> None:
    at_bureau()
    client.post("/bureau/login", {"login_id": "bureau-operator", "password": PASSWORD})
    assert client.post("/desk/code", {"code": totp_code(SECRET, NOW)})["Location"] == "/desk/login"
    assert client.get("/desk/").status_code == 302


def test_an_invitation_of_one_place_does_not_open_at_the_other(client: Client) -> None:
    _made, to_bureau = create_invitation(BUREAU, "operator", by=None)
    _made, to_desk = create_invitation("akishima-water", "clerk", by=None)
    assert [client.get(f"/desk/join/{to_bureau}").status_code, client.get(f"/bureau/join/{to_desk}").status_code] == [
        404,
        404,
    ]
    typed = {"name": "山本", "login_id": "yamamoto", "password": PASSWORD, "again": PASSWORD}
    assert client.post(f"/bureau/join/{to_bureau}", typed)["Location"] == "/bureau/login"
    made = Staff.objects.get(login_id="yamamoto")
    assert (made.provider, made.role) == (BUREAU, "operator")
    assert client.post("/bureau/login", {"login_id": "yamamoto", "password": PASSWORD})["Location"] == "/bureau/"
    assert client.get("/bureau/")["Location"] == "/bureau/me/factor"


def test_a_movers_book_and_the_bureau_never_share_a_session() -> None:
    browser = seated(at_bureau())
    session = browser.session
    session["draft"] = "x"
    session.save()
    assert browser.get("/bureau/")["Location"] == "/bureau/login?next=/bureau/"


def test_a_forged_post_is_refused() -> None:
    careful = seated(at_bureau(), careful=True)
    assert careful.post("/bureau/logout").status_code == 403
    assert careful.post("/bureau/staff/invite", {"role": "operator"}).status_code == 403


def test_no_page_of_the_bureau_is_kept_by_the_browser() -> None:
    browser = seated(at_bureau())
    for path in paths({*OPEN, "logout", "logout_everywhere"}):
        answer = browser.get(path)
        assert "no-store" in answer["Cache-Control"], path


def test_the_language_of_the_browser_changes_nothing() -> None:
    browser = seated(at_bureau())
    assert "概況" in browser.get("/bureau/", headers={"accept-language": "en"}).content.decode()
