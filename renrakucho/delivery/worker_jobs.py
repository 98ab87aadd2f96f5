"""Worker jobs (bulkheads): each runs in a thread of its own, at its own interval, and none stops another.

A job that raises is logged by its name and the kind of error, and runs again after a growing pause. Jobs that work off
an outbox table sleep until the watch of due work wakes them.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections

from renrakucho.lib.database_clock import database_now
from renrakucho.lib.lease import LeasedRow

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 60.0  # seconds, after many failures in a row
_OUTAGE_PAUSE = 5.0  # seconds, while the database cannot be reached: what waits then waits for nothing else


@dataclass
class WorkerJob:
    """One job. run: does what is due now and returns how much that was; while it does something, it runs again at once.

    every: seconds until it runs again after it found nothing. wake: ends that pause early. failures: in a row. outage:
    the last failure was the database's.
    """

    name: str
    run: Callable[[], int]
    every: float
    wake: threading.Event = field(default_factory=threading.Event)
    failures: int = 0
    outage: bool = False

    def run_once(self) -> int:
        """Run, and never raise. Returns how much was done; 0 where it failed."""
        self.wake.clear()  # before the look: who wakes it during the run has work that this run may have missed
        try:
            done = self.run()
        except Exception as error:
            self.failures += 1
            self.outage = isinstance(error, OperationalError | InterfaceError)
            log.error("job %s: %s, %d failures in a row", self.name, type(error).__name__, self.failures)
            return 0
        else:
            self.failures = 0
            return done

    def pause(self, done: int) -> float:
        """Seconds until the next run."""
        if self.failures:
            longest = _OUTAGE_PAUSE if self.outage else _LONGEST_PAUSE
            return float(min(longest, max(self.every, 2.0**self.failures / 2)))
        return 0.0 if done else self.every


@dataclass(frozen=True)
class DueWorkWatch:
    """Watch of due work: one statement for all outbox tables, so that a job with nothing to do does not ask.

    jobs: those that work off each table.
    """

    jobs: Mapping[type[LeasedRow], Sequence[WorkerJob]]

    def wake_jobs(self) -> int:
        """Wake the jobs of the tables that have a due row. Returns 0: the work is theirs."""
        look = "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM {0} WHERE due_at <= %s)"
        tables = {model._meta.db_table: jobs for model, jobs in self.jobs.items()}
        now = connection.ops.adapt_datetimefield_value(database_now())
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(look.format(table) for table in tables), [now] * len(tables))
            due = [table for (table,) in cursor.fetchall()]
        for table in due:
            for job in tables[table]:
                job.wake.set()
        return 0


class JobThreads:
    """Runs every job in a thread, until it is stopped."""

    def __init__(self, jobs: list[WorkerJob]) -> None:
        self.stopping = threading.Event()
        self._jobs = jobs
        self._threads = [threading.Thread(target=self._loop, args=(job,), name=job.name, daemon=True) for job in jobs]

    def start(self) -> None:
        """Start them all."""
        for thread in self._threads:
            thread.start()

    def ended_early(self) -> list[str]:
        """The names of jobs whose thread has died, which no ordinary error does."""
        return [thread.name for thread in self._threads if not thread.is_alive() and not self.stopping.is_set()]

    def failing(self) -> dict[str, int]:
        """Failures in a row of each job that fails at present, by its name."""
        return {job.name: job.failures for job in self._jobs if job.failures}

    def stop(self, grace: float = 15) -> None:
        """Let every job finish its present run, for `grace` seconds."""
        self.stopping.set()
        for job in self._jobs:
            job.wake.set()
        for thread in self._threads:
            thread.join(grace)

    def _loop(self, job: WorkerJob) -> None:
        try:
            while not self.stopping.is_set():
                pause = job.pause(job.run_once())
                close_old_connections()  # nobody else ends a connection that the database has closed
                if pause and not self.stopping.is_set():  # a run that began meanwhile has cleared the wake of the stop
                    job.wake.wait(pause)
                if job.failures:
                    self.stopping.wait(0.5)  # a wake must not make a failing job spin
        finally:
            connections.close_all()
