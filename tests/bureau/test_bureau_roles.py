"""Who may do what at the bureau: every address, for every role."""

import pytest
from django.urls import reverse

from renrakucho.faces.bureau.urls import urlpatterns
from renrakucho.lib.identifiers import new_uuid7
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.staff import BUREAU_ROLES, MAY, Staff, StaffPermission, StaffRole
from tests.bureau.cast import at_bureau, operator
from tests.desk.cast import clerk, seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
OPEN = {"login", "code", "code_passkey", "join", "sign_on", "sign_on_callback", "sign_on_ended"}
NEEDS = {
    StaffPermission.READ: {
        *("overview", "lanes", "search", "provider", "rises"),
        *("logout", "logout_everywhere", "account", "password", "mail", "factor", "end_factor", "recovery"),
        *("passkeys", "passkey", "remove_passkey"),
    },
    StaffPermission.OPERATE: {"acts", "act", "openings", "opening", "rise_act"},
    StaffPermission.AUDIT: {"record", "record_csv"},
    StaffPermission.MANAGE: {
        *("people", "invite", "link", "end_invitation"),
        *("person", "new_password", "role", "close", "reopen", "reset_factor", "unlink"),
    },
}
CASES = [(role, act, name) for role in BUREAU_ROLES for act, names in NEEDS.items() for name in sorted(names)]


def test_every_address_stands_in_the_table() -> None:
    assert {str(each.name) for each in urlpatterns} == OPEN.union(*NEEDS.values())


@pytest.mark.parametrize(("role", "act", "name"), CASES)
def test_a_role_opens_the_pages_it_may_and_no_others(role: StaffRole, act: StaffPermission, name: str) -> None:
    colleague = at_bureau(login_id="colleague")
    browser = seated(at_bureau(role))
    given = {"staff_id": colleague.id, "invitation_id": new_uuid7(), "token": "x", "provider": "akishima-water"}
    given |= {"act": "pause", "issuer": "x", "passkey_id": new_uuid7(), "opening_id": new_uuid7()}
    pattern = next(each for each in urlpatterns if each.name == name)
    path = reverse(f"bureau:{name}", args=[given[each] for each in pattern.pattern.converters])
    answers = [answer for answer in (browser.get(path), browser.post(path)) if answer.status_code != 405]
    if act in MAY[role]:
        assert all(answer.status_code != 403 for answer in answers)
    else:
        assert [answer.status_code for answer in answers] == [403] * len(answers)
        assert "この操作はできません" in answers[0].content.decode()


def test_a_watcher_sees_no_link_to_what_is_refused() -> None:
    page = seated(at_bureau(StaffRole.WATCHER)).get("/bureau/").content.decode()
    assert ("/bureau/record" in page, "/bureau/staff" in page) == (False, False)
    page = seated(at_bureau(StaffRole.AUDITOR)).get("/bureau/").content.decode()
    assert ("/bureau/record" in page, "/bureau/staff" in page) == (True, False)


def test_an_operator_invites_into_the_bureaus_roles_only() -> None:
    browser = operator()
    page = browser.get("/bureau/staff").content.decode()
    assert ("監査する人" in page, "受付</" in page) == (True, False)
    assert browser.post("/bureau/staff/invite", {"role": "clerk"}).status_code == 302  # led back, with its mistake
    assert "役割をひとつお選びください。" in browser.get("/bureau/staff").content.decode()
    assert browser.post("/bureau/staff/invite", {"role": "auditor", "note": "鈴木"})["Location"] == "/bureau/staff/link"
    assert "/bureau/join/" in browser.get("/bureau/staff/link").content.decode()
    assert AuditEntry.objects.get(deed=AuditAction.INVITED).word == "auditor"


def test_an_operator_cannot_touch_a_desks_accounts() -> None:
    victim = clerk()
    browser = operator()
    for name in ("person", "role", "close", "reopen", "reset_factor", "new_password"):
        path = reverse(f"bureau:{name}", args=[victim.id])
        assert (browser.get(path) if name == "person" else browser.post(path, {"role": "watcher"})).status_code == 404
    assert Staff.objects.get(id=victim.id).role == "clerk"
    assert victim.name not in browser.get("/bureau/staff").content.decode()
