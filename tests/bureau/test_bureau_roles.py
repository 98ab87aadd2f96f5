"""What a role sees on the bureau's pages. Who may open which page is in tests/routes."""

import pytest

from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.staff import StaffRole
from tests.bureau.cast import at_bureau, operator
from tests.desk.cast import clerk, seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


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


def test_the_list_of_colleagues_shows_nobody_of_a_desk() -> None:
    victim = clerk(name="勅使河原")
    assert victim.name not in operator().get("/bureau/staff").content.decode()
