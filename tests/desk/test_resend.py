"""A notice that went out by fax or to a system, and is asked for once more."""

from typing import Any

import pytest

from renrakucho.channel.channel import Channel
from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.receipt.models import ReceiptKind
from tests.desk.cast import address, clerk, seated, sent
from tests.receipt.cast import accept_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.fixture
def gone_out(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> list[NoticeMessage]:
    """Akishima is told by a channel that leads elsewhere; what went out by it."""
    parcels: list[NoticeMessage] = []

    def send(parcel: NoticeMessage) -> Outcome:
        parcels.append(parcel)
        return Outcome(OutcomeKind.SENT, "taken")

    there = Channel(label="電報", needs="", arrived="", accepted="", failing="", send=send)
    monkeypatch.setitem(CHANNELS, "telegram", there)
    ways = tmp_path / "ways.toml"
    ways.write_text("[akishima-water]\ndesk = true\n[akishima-water.telegram]\nto = 'x'\n", "utf-8")
    settings.CONNECTIONS = str(ways)
    return parcels


def test_a_notice_is_sent_again_under_its_key(gone_out: list[NoticeMessage]) -> None:
    notice, staff = sent(), clerk()
    browser = seated(staff)
    assert "電報で届けました" in browser.get(address("notice", notice.id)).content.decode()
    for _press in range(2):
        answer = browser.post(address("again", notice.id), follow=True)
        assert "もう一度送るよう" in answer.content.decode()
    deliver_due_notices("test")
    assert [parcel.key for parcel in gone_out] == [str(notice.id)] * 2
    asked = notice.receipts.get(kind=ReceiptKind.ASKED_AGAIN)
    assert asked.staff == staff
    assert AuditEntry.objects.filter(deed=AuditAction.ASKED_AGAIN, number=notice.number, staff=staff).exists()
    notice.refresh_from_db()
    assert notice.status == "sent"


def test_an_answered_notice_is_not_sent_again(gone_out: list[NoticeMessage]) -> None:
    notice, staff = sent(), clerk()
    accept_notice(notice, staff, "A-1")
    answer = seated(staff).post(address("again", notice.id), follow=True)
    assert "送りませんでした" in answer.content.decode()
    deliver_due_notices("test")
    assert len(gone_out) == 1


def test_a_notice_of_the_desk_alone_cannot_be_sent_again() -> None:
    notice, staff = sent(), clerk()
    browser = seated(staff)
    assert address("again", notice.id) not in browser.get(address("notice", notice.id)).content.decode()
    browser.post(address("again", notice.id))
    assert not notice.receipts.filter(kind=ReceiptKind.ASKED_AGAIN).exists()
