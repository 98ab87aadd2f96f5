"""Jobs of the worker: one that fails stops no other, is named, and is tried again after a growing pause."""

import inspect
import logging
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError

from renrakucho.delivery import worker_jobs
from renrakucho.delivery.worker_jobs import DueWorkWatch, JobThreads, WorkerJob
from renrakucho.lib.database_clock import database_now
from renrakucho.mail.models import Mail
from renrakucho.mover.models import KeyRequest
from tests import cast
from tests.waiting import wait_until


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_jobs, "close_old_connections", lambda: None)


def broken() -> int:
    raise RuntimeError("髙﨑太郎")


def test_a_failing_job_is_named_and_its_message_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    job = WorkerJob("mails to movers", broken, 0.5)
    with caplog.at_level(logging.ERROR):
        assert [job.run_once(), job.run_once()] == [0, 0]
    assert job.failures == 2
    assert "job mails to movers: RuntimeError, 2 failures in a row" in caplog.text
    assert "髙﨑" not in caplog.text


def test_the_pause_grows_with_failures_and_ends_with_success() -> None:
    job = WorkerJob("mails", lambda: 1, 0.5)
    pauses = []
    for failures in (0, 1, 2, 5, 9):
        job.failures = failures
        pauses.append(job.pause(0))
    assert pauses == [0.5, 1, 2, 16, 60]
    job.run_once()
    assert (job.failures, job.pause(1), job.pause(0)) == (0, 0, 0.5)


def test_a_failing_job_stops_no_other() -> None:
    ran = threading.Event()

    def run() -> int:
        ran.set()
        return 0

    threads = JobThreads([WorkerJob("broken", broken, 0), WorkerJob("whole", run, 60)])
    threads.start()
    assert ran.wait(30)
    assert threads.ended_early() == []
    threads.stop()


def test_a_wake_ends_the_pause() -> None:
    runs: list[int] = []

    def run() -> int:
        runs.append(1)
        return 0

    job = WorkerJob("notices", run, 3600)
    threads = JobThreads([job])
    threads.start()
    wait_until(lambda: len(runs) == 1, 30, "it did not run")

    def woken() -> bool:
        job.wake.set()
        return len(runs) > 1

    wait_until(woken, 30, "it was not woken", every=0.01)
    threads.stop()


def test_a_wake_during_a_run_ends_the_next_pause() -> None:
    runs: list[int] = []

    def run() -> int:
        runs.append(1)
        if len(runs) == 1:
            job.wake.set()  # as when work comes in after the run has looked
        return 0

    job = WorkerJob("notices", run, 3600)
    threads = JobThreads([job])
    threads.start()
    wait_until(lambda: len(runs) == 2, 30, "the wake was lost")
    threads.stop()


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    ("due", "woken"), [(timedelta(seconds=-1), True), (timedelta(minutes=1), False), (None, False)]
)
def test_only_the_jobs_of_a_table_with_due_rows_are_woken(due: timedelta | None, woken: bool) -> None:
    mails = [WorkerJob("mails to movers", lambda: 0, 5) for _each in range(2)]
    requests = WorkerJob("links to new access keys", lambda: 0, 5)
    cast.book()
    Mail.objects.update(due_at=due and database_now() + due)
    assert DueWorkWatch({Mail: mails, KeyRequest: [requests]}).wake_jobs() == 0
    assert [job.wake.is_set() for job in (*mails, requests)] == [woken, woken, False]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_dies_is_found() -> None:
    class Killed(BaseException):
        pass

    def killed() -> int:
        raise Killed

    threads = JobThreads([WorkerJob("notices", killed, 0)])
    threads.start()
    assert wait_until(threads.ended_early, 30, "it lives") == ["notices"]
    threads.stop()


@pytest.mark.parametrize(("error", "longest"), [(OperationalError, 5), (InterfaceError, 5), (RuntimeError, 60)])
def test_a_job_comes_back_soon_after_an_outage_of_the_database(error: type[Exception], longest: float) -> None:
    def fail() -> int:
        raise error

    job = WorkerJob("broken", fail, 0.5)
    pauses = []
    for _run in range(12):
        job.run_once()
        pauses.append(job.pause(0))
    assert pauses == sorted(pauses)
    assert pauses[-1] == longest


class Waited(threading.Event):
    """An event that is set from the `after`th look on, and is waited for at once. waits: for how long it was asked."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after, self.waits = after, list[float | None]()

    def is_set(self) -> bool:
        self.after -= 1
        return self.after < 0

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return False


@pytest.mark.parametrize(
    ("run", "looks", "wake_waits", "stop_waits"),
    [
        (broken, 2, [1.0], [0.5]),  # a job that fails rests half a second even where it is woken
        (lambda: 0, 2, [0.7], []),
        (lambda: 1, 2, [], []),
        (lambda: 0, 1, [], []),  # told to stop during the run
    ],
)
def test_a_job_rests_between_its_runs_unless_it_is_told_to_stop(
    run: Callable[[], int], looks: int, wake_waits: list[float], stop_waits: list[float]
) -> None:
    wake, stopping = Waited(99), Waited(looks)
    threads = JobThreads([])
    threads.stopping = stopping
    threads._loop(WorkerJob("job", run, 0.7, wake))
    assert (wake.waits, stopping.waits) == (wake_waits, stop_waits)


def test_a_stop_gives_each_job_fifteen_seconds() -> None:
    assert inspect.signature(JobThreads.stop).parameters["grace"].default == 15
