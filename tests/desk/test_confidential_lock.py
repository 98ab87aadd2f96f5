"""A confidential notice at a desk: a reason opens it, and it is in no file and no bulk action."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from renrakucho.faces.desk.export import export_page
from renrakucho.faces.desk.export.export_formats import EXPORT_FORMATS
from renrakucho.faces.desk.notice import confidential_lock, notice_detail
from renrakucho.notice.models import Notice, Status
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.staff import StaffRole
from renrakucho.receipt.models import Receipt, ReceiptKind
from tests.desk.cast import address, clerk, confidential, seated, sent

TAKE, SEVERAL = "/desk/take", "/desk/several"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory", "unguarded")]


def hidden() -> Notice:
    """A confidential notice on the desk."""
    notice = confidential(destination__building="ひみつ荘")
    assert notice.status == Status.SENT
    return notice


def test_the_notice_is_shown_to_who_gave_a_reason_and_to_nobody_else() -> None:
    notice, staff = hidden(), clerk()
    browser = seated(staff)
    page = browser.get(address("notice", notice.id))
    assert "ひみつ荘" not in page.text
    assert "昭和町" not in page.text
    assert "住所秘匿のれんらくです" in page.text
    assert not Receipt.objects.filter(kind=ReceiptKind.OPENED).exists()
    assert browser.post(address("unlock", notice.id), {}).status_code == 422
    assert browser.post(address("unlock", notice.id), {"reason": "curious"}).status_code == 422
    assert "ひみつ荘" not in browser.get(address("notice", notice.id)).text
    browser.post(address("unlock", notice.id), {"reason": "procedure"})
    page = browser.get(address("notice", notice.id))
    assert "ひみつ荘" in page.text
    assert "住所秘匿のお客さまです" in page.text
    entry = AuditEntry.objects.get(deed=AuditAction.REASON_GIVEN)
    assert (entry.staff, entry.number, entry.word) == (staff, notice.number, "procedure")
    assert "ひみつ荘" not in seated(clerk("akishima-2", name="鈴木")).get(address("notice", notice.id)).text


def test_a_reason_opens_it_for_half_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = hidden()
    browser = seated(clerk())
    browser.post(address("unlock", notice.id), {"reason": "check"})
    given_at = AuditEntry.objects.get(deed=AuditAction.REASON_GIVEN).done_at
    for minutes, shown in ((29, True), (31, False)):
        later = SimpleNamespace(now=lambda minutes=minutes: given_at + timedelta(minutes=minutes))
        monkeypatch.setattr(confidential_lock, "timezone", later)
        assert ("ひみつ荘" in browser.get(address("notice", notice.id)).text) == shown


def test_a_wrong_answer_does_not_show_it_either() -> None:
    notice = hidden()
    browser = seated(clerk())
    for act in ("accept", "return"):
        assert "ひみつ荘" not in browser.post(address(act, notice.id), {}, follow=True).text


def test_without_the_lock_everybody_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: no reason is asked for."""
    notice = hidden()
    monkeypatch.setattr(notice_detail, "is_locked", lambda _staff, _notice: False)
    assert "ひみつ荘" in seated(clerk()).get(address("notice", notice.id)).text


@pytest.mark.parametrize("kind", ["csv", "shift_jis", "print"])
def test_it_is_in_no_file_and_the_page_says_so(kind: str) -> None:
    notice, other = hidden(), sent()
    browser = seated(clerk())
    page = browser.get(TAKE)
    assert "住所秘匿の1件は除いてあります" in page.text
    for query in ("", f"?id={notice.id}&id={other.id}"):
        what = "chosen" if query else "list"
        response = browser.post(TAKE + query, {"as": kind, "what": what})
        assert response.status_code in (200, 302)
        content = response.content.decode("utf-8", "replace") + response.content.decode("cp932", "replace")
        assert notice.number not in content.replace("-", "")
        assert "ひみつ荘" not in content
    assert not AuditEntry.objects.filter(number=notice.number).exclude(deed=AuditAction.SEEN).exists()


def test_without_the_exclusion_it_is_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: nothing is left out."""
    hidden()
    monkeypatch.setattr(export_page, "without_confidential", list)
    response = seated(clerk()).post(TAKE, {"as": EXPORT_FORMATS[1].code, "what": "new"})
    assert "ひみつ荘" in response.content.decode("utf-8-sig")


def test_it_is_in_no_bulk_action() -> None:
    notice, other = hidden(), sent()
    browser = seated(clerk())
    query = f"?id={notice.id}&id={other.id}"
    page = browser.get(SEVERAL + query)
    assert "住所秘匿の1件は除いてあります" in page.text
    browser.post(SEVERAL + query, {"do": "accept", f"{notice.id}-number": "1", f"{other.id}-number": "2"})
    assert [Notice.objects.get(id=each.id).status for each in (notice, other)] == [Status.SENT, Status.ACCEPTED]


def test_the_audit_log_names_the_reason() -> None:
    notice = hidden()
    browser = seated(clerk(role=StaffRole.ADMINISTRATOR))
    browser.post(address("unlock", notice.id), {"reason": "question"})
    page = browser.get("/desk/record")
    assert page.status_code == 200
    assert "お客さまご本人からのお問い合わせに答えるため" in page.text
