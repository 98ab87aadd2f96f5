"""Worker: all its jobs run side by side, until it is stopped; `--once` runs each until nothing is due."""

import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from renrakucho.config.management.commands import worker
from renrakucho.delivery.notice_senders import NoticeSenders
from renrakucho.delivery.worker_jobs import DueWorkWatch, WorkerJob
from renrakucho.lib.database_clock import MOST_SKEW
from renrakucho.lib.lease import LeasedRow, this_process
from renrakucho.mail.models import Mail
from renrakucho.monitoring.worker_heartbeat import record_heartbeat
from renrakucho.mover.book import draft_by_id
from renrakucho.notice.models import Notice
from tests import cast


@pytest.fixture(autouse=True)
def no_key_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests have no database: tests/mover/test_master_key_check.py starts the worker with one."""
    monkeypatch.setattr(worker, "check_master_key", lambda: None)


@pytest.fixture
def stop(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Callable[[], None]:
    """Stops the worker, as SIGTERM does."""
    handlers: dict[int, Any] = {}
    monkeypatch.setattr(signal, "signal", lambda number, handler: handlers.setdefault(number, handler))
    monkeypatch.setattr(worker, "_WATCH_SECONDS", 0.01)
    settings.SENDERS = 2
    return lambda: handlers[signal.SIGTERM](signal.SIGTERM, None)


def only(monkeypatch: pytest.MonkeyPatch, *jobs: WorkerJob) -> None:
    """The worker has these jobs alone."""
    monkeypatch.setattr(NoticeSenders, "claim_and_send", lambda self: 0)
    monkeypatch.setattr(worker, "_outbox_jobs", lambda owner: {Notice: [], Mail: []})
    monkeypatch.setattr(DueWorkWatch, "wake_jobs", lambda self: 0)
    monkeypatch.setattr(worker, "send_due_mails", lambda owner: 0)
    monkeypatch.setattr(worker, "_other_jobs", lambda: list(jobs))
    monkeypatch.setattr(worker, "_jobs_by_the_clock", list)
    monkeypatch.setattr(worker, "watch_installation", lambda: None)
    monkeypatch.setattr(worker, "compute_figures_when_due", lambda: 0)
    if vars(worker)["record_heartbeat"] is record_heartbeat:
        monkeypatch.setattr(worker, "record_heartbeat", lambda owner, started_at, failing: None)


def test_the_worker_goes_on_when_a_job_fails_and_ends_when_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch, stop: Callable[[], None]
) -> None:
    failed = threading.Event()

    def fail() -> int:
        failed.set()
        raise RuntimeError

    def work() -> int:
        failed.wait(30)
        stop()
        return 0

    only(monkeypatch, WorkerJob("broken", fail, 0), WorkerJob("whole", work, 0.01))
    call_command("worker", "run")
    assert failed.is_set()


def test_the_worker_beats_and_names_the_jobs_that_fail(
    monkeypatch: pytest.MonkeyPatch, stop: Callable[[], None]
) -> None:
    beats: list[tuple[str, dict[str, int]]] = []
    failed = threading.Event()

    def fail() -> int:
        failed.set()
        raise RuntimeError

    def beat(owner: str, started_at: object, failing: dict[str, int]) -> None:
        beats.append((owner, failing))
        if failing:
            stop()
        failed.wait(30)

    monkeypatch.setattr(worker, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(worker, "record_heartbeat", beat)
    only(monkeypatch, WorkerJob("broken", fail, 60))
    call_command("worker", "run")
    assert beats[0][0] == this_process()
    assert beats[-1][1] == {"broken": 1}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_worker_ends_with_an_error_when_a_thread_dies(
    monkeypatch: pytest.MonkeyPatch, stop: Callable[[], None]
) -> None:
    class Killed(BaseException):
        pass

    def killed() -> int:
        raise Killed

    only(monkeypatch, WorkerJob("peer portals", killed, 0.01))
    with pytest.raises(CommandError, match="peer portals"):
        call_command("worker", "run")


def test_once_runs_every_job_until_nothing_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    left = {"notices": 2, "mails": 1}
    ran: list[str] = []

    def run(name: str) -> int:
        ran.append(name)
        left[name] -= left[name] > 0
        return left[name]

    def fail() -> int:
        ran.append("broken")
        raise RuntimeError

    monkeypatch.setattr(worker, "deliver_due_notices", lambda owner: run("notices"))
    only(monkeypatch, WorkerJob("broken", fail, 0), WorkerJob("mails", lambda: run("mails"), 0))
    call_command("worker", "run", once=True)
    assert ran == ["notices", "broken", "mails"] * 2


@pytest.mark.django_db
def test_a_wrong_clock_is_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    worker.warn_of_wrong_clock()
    assert caplog.text == ""
    monkeypatch.setattr(worker, "clock_skew", lambda: 90 * MOST_SKEW)
    worker.warn_of_wrong_clock()
    assert "differs from the database's by 450 seconds" in caplog.text


def test_what_the_worker_does_by_the_clock() -> None:
    jobs = {job.name: job.every for job in worker._jobs_by_the_clock()}
    cleanups = {
        "retention": 3600,
        "mailed head of the audit log": 3600,
        "old links": 3600,
        "old windows": 3600,
        "old sessions": 3600,
    }
    assert jobs == {
        **cleanups,
        "period keys": 3600,
        "write-ahead log": 3600,
        "handed out keys": 3600,
        "opening codes": 3600,
        "clock": 60,
        "master key": 10,
    }
    every = {job.name: job.every for job in worker._other_jobs()}
    assert every["notifications of staff"] == 10


def test_every_outbox_table_is_worked_off_by_jobs_that_are_woken() -> None:
    leased = {model for model in apps.get_models() if issubclass(model, LeasedRow)}
    jobs = worker._outbox_jobs("test")
    assert set(jobs) == leased
    assert {job.every for of_table in jobs.values() for job in of_table} == {5.0}


@pytest.mark.django_db
def test_a_worker_whose_clock_is_ahead_deletes_nothing_early(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    until = {"open": now + timedelta(minutes=1), "over": now - timedelta(minutes=1)}
    for key, expire_date in until.items():
        Session.objects.create(session_key=key, session_data="", expire_date=expire_date)
    draft = cast.draft()
    monkeypatch.setattr(worker, "database_now", lambda: now)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=365))
    for job in worker._jobs_by_the_clock():
        job.run()
    assert [session.session_key for session in Session.objects.all()] == ["open"]
    assert draft_by_id(str(draft.id)) == draft
