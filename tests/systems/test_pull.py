"""A provider whose system comes and reads: from entry to 受理 without a push."""

from pathlib import Path
from typing import Any

import pytest

from renrakucho.delivery.postman import deliver_due
from renrakucho.faces.api import notices
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.leaf import leaf_of
from renrakucho.receipt.models import Kind
from renrakucho.receipt.mover_turn import enter, withdraw
from tests.receipt.test_turns import answered
from tests.systems.cast import AT_ONCE, System
from tests.systems.test_list import happened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.fixture(autouse=True)
def _pulled(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ways = tmp_path / "connections.toml"
    ways.write_text("[akishima-water.pull]\n", "utf-8")
    settings.CONNECTIONS = str(ways)
    monkeypatch.setattr(notices, "SETTLED", AT_ONCE)


def test_read_from_the_list_and_accepted() -> None:
    notice, system = enter(answered()), System()
    assert system.get().json()["notices"] == []
    deliver_due("test")
    ((number, what),) = happened(system.get(status="sent").json())
    assert (number, what) == (notice.number, "sent")
    assert system.get(f"/{number}").json()["notice"]["number"] == number
    system.accept(number, "P-1")
    leaf = leaf_of(Notice.objects.get(id=notice.id))
    assert (leaf.status, leaf.receipt_number) == (Status.ACCEPTED, "P-1")
    assert {each.kind for each in leaf.history} == {Kind.ENTERED, Kind.SENT, Kind.OPENED, Kind.ACCEPTED}


def test_a_withdrawal_stands_in_the_list() -> None:
    notice, system = enter(answered()), System()
    deliver_due("test")
    withdraw(notice)
    deliver_due("test")
    assert happened(system.get().json()) == [(notice.number, "sent"), (notice.number, "withdrawn")]
    assert notice.receipts.filter(kind=Kind.WITHDRAWAL_SENT).exists()
