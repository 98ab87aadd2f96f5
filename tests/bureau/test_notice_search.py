"""Search by れんらく番号: where a notice stands, and who asked; not what it says."""

import pytest
from django.utils import timezone

from renrakucho.delivery.models import Attempt
from renrakucho.monitoring import notice_standing as standing
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.staff import BUREAU
from tests.bureau.cast import auditor, operator, watcher
from tests.desk.cast import administrator, sent
from tests.receipt.cast import accept_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_a_number_shows_status_attempts_and_receipts() -> None:
    notice = sent()
    accept_notice(notice, administrator(), "昭水-2026-0042")
    page = watcher().get(f"/bureau/notices?number={notice.number}").content.decode()
    for word in (
        "受理",
        "昭島市水道部",
        "水道 開始",
        "受付窓口",
        "1回め",
        "事業者に届けました",
        "事業者が受理しました",
    ):
        assert word in page, word
    assert "昭水-2026-0042" not in page  # sealed with the book's key
    assert str(notice.id) not in page


@pytest.mark.parametrize("shape", ["{}", "{:.4}-{}", "　{} "])
def test_a_number_is_found_as_it_is_read_out(shape: str) -> None:
    number = sent().number
    typed = f"{number[:4]}-{number[4:8]}-{number[8:]}" if "-" in shape else shape.format(number)
    assert "送信済" in watcher().get("/bureau/notices", {"number": typed}).content.decode()


def test_who_looked_up_which_number_is_in_the_audit_log() -> None:
    notice = sent()
    watcher().get(f"/bureau/notices?number={notice.number}")
    watcher_entries = AuditEntry.objects.filter(deed=AuditAction.LOOKED_UP)
    assert [(each.provider, each.number) for each in watcher_entries] == [(BUREAU, notice.number)]
    page = auditor().get(f"/bureau/record?number={notice.number}").content.decode()
    assert "れんらく番号を調べた" in page


def test_an_unknown_number_is_said_and_logged() -> None:
    page = watcher().get("/bureau/notices?number=000000000000")
    assert (page.status_code, "この番号のれんらくはありません" in page.content.decode()) == (200, True)
    assert AuditEntry.objects.filter(deed=AuditAction.LOOKED_UP, number="000000000000").count() == 1


@pytest.mark.parametrize("typed", ["1", "12345678901", "1234567890123", "x", "<script>"])
def test_what_is_no_number_is_explained_and_not_looked_up(typed: str) -> None:
    answer = watcher().get("/bureau/notices", {"number": typed})
    assert (answer.status_code, "12桁の数字です" in answer.content.decode()) == (422, True)
    assert "<script>" not in answer.content.decode().partition("<main")[2]
    assert not AuditEntry.objects.filter(deed=AuditAction.LOOKED_UP).exists()


def test_only_the_latest_thirty_attempts_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert standing.MOST_ATTEMPTS == 30
    monkeypatch.setattr(standing, "MOST_ATTEMPTS", 1)
    notice = sent()
    Attempt.objects.create(notice=notice, ordinal=7, started_at=timezone.now(), outcome="try_later")
    page = watcher().get(f"/bureau/notices?number={notice.number}").content.decode()
    assert ("7回め" in page, "これより前の1回は省いています" in page) == (True, True)


def test_the_audit_log_is_taken_as_csv_and_that_is_logged() -> None:
    notice = sent()
    browser = operator()
    browser.get(f"/bureau/notices?number={notice.number}")
    answer = browser.get("/bureau/record.csv")
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-log-')
    assert text.splitlines()[0] == '"日時","だれが","ログインID","何を","れんらく番号","対象"'
    assert '"山本","bureau-operator","れんらく番号を調べた"' in text
    assert AuditEntry.objects.filter(provider=BUREAU, deed=AuditAction.TAKEN_CSV).count() == 1
    assert "確認コードを使いはじめた" not in browser.get(f"/bureau/record.csv?number={notice.number}").content.decode()


def test_a_desks_acts_are_not_in_the_bureaus_log() -> None:
    notice = sent()
    chief = administrator()
    accept_notice(notice, chief, "1")
    assert "受理した" not in auditor().get("/bureau/record").content.decode()
