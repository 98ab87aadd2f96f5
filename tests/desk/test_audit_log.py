"""What the administrator can read afterwards, and what nobody can miss: what was taken back after it was handed out."""

import pytest
from django.test import Client

from renrakucho.account import audit_log_page
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.lib.errors import AppendOnly
from renrakucho.provider.audit_log import AuditAction, AuditEntry, log_action, log_notice_actions
from renrakucho.receipt.mover_actions import replace_notice, withdraw_notice
from tests import cast
from tests.desk.cast import PASSWORD, address, administrator, clerk, seated, sent
from tests.receipt.cast import export_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def deeds() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("deed", "number"))


def test_every_opening_export_and_answer_is_logged(client: Client) -> None:
    first, second = sent(), sent()
    clerk()
    client.post("/desk/login", {"login_id": "akishima-1", "password": PASSWORD})
    client.get(address("notice", first.id))
    client.get(address("notice", first.id))
    client.post("/desk/take", {"what": "new", "as": "csv"})
    client.post(address("accept", first.id), {"number": "1"})
    client.post(address("return", second.id), {"reason": "理由"})
    client.post("/desk/logout")
    assert deeds() == [
        ("logged_in", ""),
        ("seen", first.number),
        ("seen", first.number),
        ("taken_csv", first.number),
        ("taken_csv", second.number),
        ("accepted", first.number),
        ("returned", second.number),
        ("logged_out", ""),
    ]


def test_the_audit_log_has_nothing_of_the_mover() -> None:
    notice = sent()
    browser = seated(clerk())
    browser.get(address("notice", notice.id))
    browser.post(address("return", notice.id), {"reason": "髙﨑様のお電話がつながりません"})
    kept = str(list(AuditEntry.objects.values()))
    page = seated(administrator()).get("/desk/record").content.decode()
    for personal in ("髙﨑", "タカサキ", cast.EMAIL, "昭和町"):
        assert personal not in kept
        assert personal not in page


def test_an_administrator_reads_who_did_what() -> None:
    first, second = sent(), sent()
    seated(clerk()).post("/desk/take", {"what": "new", "as": "csv"})
    browser = seated(administrator())
    page = browser.get("/desk/record").content.decode()
    assert "佐藤" in page
    assert "CSV(UTF-8)に書き出した" in page
    assert "<summary>2件</summary>" in page
    for notice in (first, second):
        assert f"{notice.number[:4]}-{notice.number[4:8]}-{notice.number[8:]}" in page


def test_the_audit_log_is_filtered_by_person_and_by_number() -> None:
    notice, other = sent(), sent()
    sato, suzuki = clerk(), clerk("akishima-2", name="鈴木")
    log_notice_actions(sato, AuditAction.SEEN, [notice.number])
    log_notice_actions(suzuki, AuditAction.PRINTED, [other.number])
    browser = seated(administrator())
    by_person = browser.get("/desk/record", {"who": str(sato.id)}).content.decode()
    assert ("れんらくを開いた" in by_person, "印刷した" in by_person) == (True, False)
    by_number = browser.get("/desk/record", {"number": f"{other.number[:4]}-{other.number[4:]}"}).content.decode()
    assert ("れんらくを開いた" in by_number, "印刷した" in by_number) == (False, True)


def test_pages_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log_page, "PAGE", 2)
    staff = clerk()
    for deed in (AuditAction.LOGGED_IN, AuditAction.MAIL_SET, AuditAction.MAIL_ENDED):
        log_action(staff, deed)
    browser = seated(administrator())
    page = browser.get("/desk/record").content.decode()
    assert "お知らせメールをやめた" in page
    assert "ログインした" not in page.split("<tbody>")[1]
    after = page.split("after=")[1].split('"')[0]
    assert "ログインした" in browser.get("/desk/record", {"after": after}).content.decode()


def test_the_audit_log_of_another_desk_is_not_shown() -> None:
    log_action(clerk("yokosuka-1", provider="yokosuka-water", name="山本"), AuditAction.LOGGED_IN)
    page = seated(administrator()).get("/desk/record").content.decode()
    assert "山本" not in page


def test_an_audit_entry_is_never_changed() -> None:
    log_action(clerk(), AuditAction.LOGGED_IN)
    with pytest.raises(AppendOnly):
        AuditEntry.objects.get().save()


@pytest.mark.parametrize("how", ["withdrawn", "changed"])
@pytest.mark.parametrize("known", ["opened", "taken"])
def test_a_recalled_notice_stands_above_the_list_until_it_was_looked_at(known: str, how: str) -> None:
    notice, staff = sent(), clerk()
    browser = seated(staff)
    if known == "opened":
        browser.get(address("notice", notice.id))
    else:
        export_notice(notice, staff)
    assert "手続を止めてください" not in browser.get("/desk/").content.decode()
    notice.refresh_from_db()
    withdraw_notice(notice) if how == "withdrawn" else replace_notice(notice)
    deliver_due_notices("test")
    page = browser.get("/desk/?tab=accepted").content.decode()
    assert "手続を止めてください" in page
    assert address("notice", notice.id) in page
    reader = seated(clerk("reader", role="reader"))
    reader.get(address("notice", notice.id))  # cannot stop anything
    assert "手続を止めてください" in browser.get("/desk/").content.decode()
    assert "手続しないでください" in browser.get(address("notice", notice.id)).content.decode()
    assert "手続を止めてください" not in browser.get("/desk/").content.decode()


def test_a_withdrawn_notice_that_nobody_opened_needs_no_warning() -> None:
    withdraw_notice(sent())
    assert "手続を止めてください" not in seated(clerk()).get("/desk/").content.decode()


def test_a_void_notice_warns_first_and_names_who_has_a_copy() -> None:
    notice, staff = sent(), clerk()
    export_notice(notice, staff, AuditAction.PRINTED)
    withdraw_notice(notice)
    page = seated(administrator()).get(address("notice", notice.id)).content.decode()
    assert page.index("手続しないでください") < page.index("髙﨑")
    assert "desk-void" in page
    assert "佐藤さんへ渡っています" in page
