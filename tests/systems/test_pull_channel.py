"""A provider whose system comes and reads: from entry to 受理 without a push."""

from pathlib import Path
from typing import Any

import pytest

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from tests.receipt.cast import answered
from tests.systems.cast import System, happened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.fixture(autouse=True)
def _pulled(tmp_path: Path, settings: Any) -> None:
    ways = tmp_path / "connections.toml"
    ways.write_text("[akishima-water.pull]\n", "utf-8")
    settings.CONNECTIONS = str(ways)


def test_a_system_reads_the_list_and_accepts() -> None:
    notice, system = enter_notice(answered()), System()
    assert system.get().json()["notices"] == []
    deliver_due_notices("test")
    ((number, what),) = happened(system.get(status="sent").json())
    assert (number, what) == (notice.number, "sent")
    assert system.get(f"/{number}").json()["notice"]["number"] == number
    system.accept(number, "P-1")
    leaf = notice_view(Notice.objects.get(id=notice.id))
    assert (leaf.status, leaf.receipt_number) == (Status.ACCEPTED, "P-1")
    assert {each.kind for each in leaf.history} == {
        ReceiptKind.ENTERED,
        ReceiptKind.SENT,
        ReceiptKind.OPENED,
        ReceiptKind.ACCEPTED,
    }


def test_a_withdrawal_is_listed() -> None:
    notice, system = enter_notice(answered()), System()
    deliver_due_notices("test")
    withdraw_notice(notice)
    deliver_due_notices("test")
    assert happened(system.get().json()) == [(notice.number, "sent"), (notice.number, "withdrawn")]
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).exists()
