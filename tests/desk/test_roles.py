"""Who may do what at a desk: every address, for every role."""

from uuid import UUID

import pytest
from django.urls import reverse

from renrakucho.faces.desk.urls import urlpatterns
from renrakucho.notice.models import Notice
from renrakucho.provider.audit_log import AuditEntry
from renrakucho.provider.staff import DESK_ROLES, MAY, Staff, StaffPermission, StaffRole
from renrakucho.provider.staff_invitation import create_invitation, open_invitations
from renrakucho.receipt.models import ReceiptKind
from tests.desk.cast import address, administrator, clerk, seated, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

OPEN = {"login", "code", "code_passkey", "join", "sign_on", "sign_on_callback", "sign_on_ended"}
NEEDS = {
    StaffPermission.READ: {
        *("list", "notice", "logout", "logout_everywhere"),
        *("account", "password", "mail", "factor", "end_factor", "recovery"),
        *("passkeys", "passkey", "remove_passkey", "unlock", "rises"),
    },
    StaffPermission.EXPORT: {"choose", "take"},
    StaffPermission.ANSWER: {"accept", "return", "again", "several", "rise_act"},
    StaffPermission.AUDIT: {"record"},
    StaffPermission.MANAGE: {
        *("people", "invite", "link", "require", "require_sign_on", "end_invitation", "unlink"),
        *("person", "new_password", "role", "close", "reopen", "reset_factor"),
        *("keys", "close_key"),
    },
}
CASES = [(role, act, name) for role in DESK_ROLES for act, names in NEEDS.items() for name in sorted(names)]


def path_of(name: str, notice_id: UUID, staff_id: UUID) -> str:
    pattern = next(each for each in urlpatterns if each.name == name)
    given = {"notice_id": notice_id, "staff_id": staff_id, "invitation_id": notice_id, "token": "x"}
    given |= {"passkey_id": notice_id, "key_id": notice_id, "issuer": "x"}
    return reverse(f"desk:{name}", args=[given[each] for each in pattern.pattern.converters])


def test_every_address_stands_in_the_table() -> None:
    assert {str(each.name) for each in urlpatterns} == OPEN.union(*NEEDS.values())


def test_each_role_has_its_permissions() -> None:
    assert {role: set(acts) for role, acts in MAY.items()} == {
        StaffRole.READER: {StaffPermission.READ},
        StaffRole.CLERK: {StaffPermission.READ, StaffPermission.EXPORT, StaffPermission.ANSWER},
        StaffRole.ADMINISTRATOR: {
            StaffPermission.READ,
            StaffPermission.EXPORT,
            StaffPermission.ANSWER,
            StaffPermission.AUDIT,
            StaffPermission.MANAGE,
        },
        StaffRole.WATCHER: {StaffPermission.READ},
        StaffRole.OPERATOR: {
            StaffPermission.READ,
            StaffPermission.OPERATE,
            StaffPermission.AUDIT,
            StaffPermission.MANAGE,
        },
        StaffRole.AUDITOR: {StaffPermission.READ, StaffPermission.AUDIT},
    }


@pytest.mark.parametrize(("role", "act", "name"), CASES)
def test_a_role_opens_the_pages_it_may_and_no_others(role: StaffRole, act: StaffPermission, name: str) -> None:
    notice, colleague = sent(), clerk("colleague")
    browser = seated(clerk(role=role))
    path = path_of(name, notice.id, colleague.id)
    answers = [answer for answer in (browser.get(path), browser.post(path)) if answer.status_code != 405]
    if act in MAY[role]:
        assert all(answer.status_code != 403 for answer in answers)
    else:
        assert [answer.status_code for answer in answers] == [403] * len(answers)
        assert "この操作はできません" in answers[0].content.decode()


def test_a_reader_sees_the_notice_without_forms() -> None:
    notice = sent()
    browser = seated(clerk(role=StaffRole.READER))
    page = browser.get(address("notice", notice.id)).content.decode()
    assert "髙﨑" in page
    assert address("accept", notice.id) not in page
    assert "印刷(PDF)" not in page
    assert 'type="checkbox" name="id"' not in browser.get("/desk/").content.decode()


def test_a_readers_post_changes_nothing() -> None:
    notice = sent()
    browser = seated(clerk(role=StaffRole.READER))
    for name, typed in (("accept", {"number": "1"}), ("return", {"reason": "理由"})):
        assert browser.post(address(name, notice.id), typed).status_code == 403
    assert browser.post(f"/desk/take?id={notice.id}", {"what": "chosen", "as": "csv"}).status_code == 403
    assert Notice.objects.get(id=notice.id).status == "sent"
    assert not notice.receipts.filter(kind=ReceiptKind.TAKEN).exists()
    assert not AuditEntry.objects.exists()


def test_an_administrator_cannot_change_another_desks_accounts() -> None:
    stranger = administrator("yokosuka-chief", provider="yokosuka-water")
    victim = clerk()
    browser = seated(stranger)
    for name in ("person", "role", "close", "reopen", "reset_factor", "new_password"):
        path = path_of(name, victim.id, victim.id)
        assert (browser.get(path) if name == "person" else browser.post(path, {"role": "reader"})).status_code == 404
    kept = Staff.objects.get(id=victim.id)
    assert (kept.role, kept.is_active) == ("clerk", True)
    assert victim.name not in browser.get("/desk/staff").content.decode()


def test_an_administrator_cannot_revoke_another_desks_invitation() -> None:
    made, _token = create_invitation("akishima-water", StaffRole.CLERK, by=None)
    stranger = seated(administrator("yokosuka-chief", provider="yokosuka-water"))
    assert stranger.post(reverse("desk:end_invitation", args=[made.id])).status_code == 404
    assert open_invitations("akishima-water").get() == made
