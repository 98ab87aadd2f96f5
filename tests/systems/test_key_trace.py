"""Keys of providers' systems: what each read is in the audit log, once, and the desk's administrators see the keys."""

from typing import Any

import pytest

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.faces.api import notice_list
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.system_key import SystemKey
from tests.desk.cast import YOKOSUKA, address, administrator, clerk, seated, sent
from tests.systems.cast import AKISHIMA, System, reason

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def reads(action: AuditAction) -> list[tuple[str, str]]:
    rows = AuditEntry.objects.filter(deed=action).order_by("number")
    return [(row.key.name if row.key else "", row.number) for row in rows]


def test_reading_a_notice_whole_is_in_the_log_once_a_key(django_assert_num_queries: Any) -> None:
    notice = sent()
    system, other = System(), System(answer=False)
    for _time in range(3):
        assert system.get(f"/{notice.number}").status_code == 200
    other.get(f"/{notice.number}")
    assert sorted(number for _name, number in reads(AuditAction.READ_BY_KEY)) == [notice.number] * 2
    assert len({name for name, _number in reads(AuditAction.READ_BY_KEY)}) == 2
    assert reads(AuditAction.LISTED_TO_KEY) == []


def test_being_told_in_a_list_is_another_word_and_one_insert_a_page() -> None:
    numbers = sorted(sent().number for _time in range(3))
    system = System()
    for _time in range(2):
        assert len(system.get().json()["notices"]) >= 3
    assert [number for _name, number in reads(AuditAction.LISTED_TO_KEY)] == numbers
    assert reads(AuditAction.READ_BY_KEY) == []


def test_without_the_record_a_key_reads_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant, and the state of before November 2026."""
    monkeypatch.setattr(notice_list, "log_key_reads", lambda *_given: None)
    notice = sent()
    System().get(f"/{notice.number}")
    assert not AuditEntry.objects.filter(number=notice.number, deed=AuditAction.READ_BY_KEY).exists()


def test_a_notice_that_is_withdrawn_or_anothers_leaves_no_read() -> None:
    notice = sent()
    assert reason(System(YOKOSUKA).get(f"/{notice.number}"))[0] == 404
    assert reads(AuditAction.READ_BY_KEY) == []


def test_the_desk_sees_on_the_notice_which_key_read_it() -> None:
    notice = sent()
    system = System()
    name = SystemKey.objects.get().name
    desk = seated(clerk())
    assert name not in desk.get(address("notice", notice.id)).text
    system.get(f"/{notice.number}")
    shown = desk.get(address("notice", notice.id)).text
    assert name in shown
    assert "システムが1件を読んだ" in shown


def test_an_administrator_sees_the_keys_of_this_desk_and_who_made_them() -> None:
    System(answer=False)
    System(YOKOSUKA)
    own, other = SystemKey.objects.get(provider=AKISHIMA), SystemKey.objects.get(provider=YOKOSUKA)
    shown = seated(administrator()).get("/desk/keys").text
    assert own.name in shown
    assert own.made_by
    assert own.made_by in shown
    assert "読むだけ" in shown
    assert other.name not in shown


def test_only_an_administrator_sees_and_closes_keys() -> None:
    System()
    key = SystemKey.objects.get()
    desk = seated(clerk())
    assert desk.get("/desk/keys").status_code == 403
    assert desk.post(f"/desk/keys/{key.id}/close").status_code == 403
    key.refresh_from_db()
    assert key.revoked_at is None


def test_an_administrator_closes_a_key_and_the_system_reads_no_more() -> None:
    system = System()
    key = SystemKey.objects.get()
    desk = seated(administrator())
    for _time in range(2):
        desk.post(f"/desk/keys/{key.id}/close")
    assert reason(system.get())[0] == 401
    rows = AuditEntry.objects.filter(deed=AuditAction.KEY_CLOSED)
    assert [(row.staff.login_id if row.staff else "", row.about) for row in rows] == [("akishima-chief", key.name)]
    assert "に取り消した" in desk.get("/desk/keys").text


def test_a_key_of_another_desk_is_not_closed() -> None:
    System(YOKOSUKA)
    key = SystemKey.objects.get()
    assert seated(administrator()).post(f"/desk/keys/{key.id}/close").status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None


def test_delivery_is_not_a_read() -> None:
    sent()
    deliver_due_notices("test")
    assert not AuditEntry.objects.filter(key__isnull=False).exists()
