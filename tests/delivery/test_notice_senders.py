"""Pool of senders: it claims for idle threads only, and keeps half of its threads from lanes that reach nobody."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from renrakucho.delivery import notice_senders
from renrakucho.delivery.notice_senders import NoticeSenders
from renrakucho.notice.models import Notice
from tests.waiting import wait_until


def test_a_pool_claims_for_its_idle_threads_and_keeps_half_of_them_from_suspect_lanes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claims: list[tuple[int, int]] = []
    due = [2, 2, 1, 0]
    finish = threading.Event()

    def claim(owner: str, *, slots: int, suspect_slots: int, **_more: Any) -> list[Notice]:
        claims.append((slots, suspect_slots))
        return [Notice() for _each in range(due[len(claims) - 1])]

    monkeypatch.setattr(notice_senders, "claim_from_lanes", claim)
    monkeypatch.setattr(notice_senders, "database_now", lambda: None)
    monkeypatch.setattr(notice_senders, "connection", SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(notice_senders, "deliver_notice", lambda *_given, **_more: finish.wait(60))
    senders = NoticeSenders("test", 5, ["webhook"])
    try:
        assert [senders.claim_and_send() for _each in range(4)] == [2, 2, 1, 0]
        assert claims == [(5, 3), (3, 1), (1, 0)]  # and nothing is claimed while all are busy
        assert not senders.wake.is_set()
    finally:
        finish.set()
        senders.close()
    wait_until(senders.wake.is_set, 30, "nobody was told that a thread is idle")
    senders.claim_and_send()
    assert claims[-1] == (5, 3)
