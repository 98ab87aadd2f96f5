"""Worker: how often it does what falls due by the clock."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError

from renrakucho.delivery.management.commands import worker


def test_the_worker_cleans_up_every_hour_and_notifies_staff_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its clock runs only while it waits, for half a second each time."""
    now = 0.0
    cleaned: list[float] = []
    notified: list[float] = []
    handlers: list[Callable[[int, None], None]] = []

    def sleep(seconds: float) -> None:
        nonlocal now
        assert seconds == 0.5
        now += seconds
        if now > 3601:
            handlers[0](15, None)

    def notify() -> int:
        notified.append(now)
        return 0

    monkeypatch.setattr(worker, "time", SimpleNamespace(monotonic=lambda: now, sleep=sleep))
    monkeypatch.setattr(
        worker, "signal", SimpleNamespace(signal=lambda _number, do: handlers.append(do), SIGTERM=15, SIGINT=2)
    )
    monkeypatch.setattr(worker, "_process_due", lambda _owner: 0)
    monkeypatch.setattr(worker, "_delete_expired", lambda: cleaned.append(now))
    monkeypatch.setattr(worker, "notify_staff", notify)
    call_command("worker", "run")
    assert cleaned == [0, 3600.5]
    assert notified[:3] == [0, 10.5, 21]


def test_the_worker_waits_after_an_error_of_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    handlers: list[Callable[[int, None], None]] = []
    happened: list[str] = []

    def process(_owner: str) -> int:
        happened.append("work")
        if len(happened) > 3:
            handlers[0](15, None)
        if len(happened) == 1:
            raise OperationalError
        return 1

    monkeypatch.setattr(
        worker, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=lambda _seconds: happened.append("wait"))
    )
    monkeypatch.setattr(
        worker, "signal", SimpleNamespace(signal=lambda _number, do: handlers.append(do), SIGTERM=15, SIGINT=2)
    )
    monkeypatch.setattr(worker, "_process_due", process)
    monkeypatch.setattr(worker, "_delete_expired", lambda: None)
    monkeypatch.setattr(worker, "notify_staff", lambda: 0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    call_command("worker", "run")
    assert happened == ["work", "wait", "work", "work"]
