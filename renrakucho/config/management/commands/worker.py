"""Background worker: `renrakucho worker run`. Any number of them may run; each may be killed at any time."""

import logging
import os
import signal
import threading
from collections.abc import Callable, Mapping
from functools import partial
from types import FrameType
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.utils import timezone

from renrakucho.channel.connection import BadConnections
from renrakucho.delivery.answer_clock import remind_of_answers
from renrakucho.delivery.book_erasure import erase_requested_books
from renrakucho.delivery.data_retention import enforce_retention
from renrakucho.delivery.deliver_mail import send_due_mails, send_due_staff_mails
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.delivery_lanes import local_channels, remote_channels
from renrakucho.delivery.notice_senders import NoticeSenders
from renrakucho.delivery.paused_lanes import hold_paused_notices
from renrakucho.delivery.staff_notifications import notify_staff
from renrakucho.delivery.worker_jobs import DueWorkWatch, JobThreads, WorkerJob
from renrakucho.lib.database_clock import MOST_SKEW, clock_skew, database_now
from renrakucho.lib.lease import LeasedRow, release_dead_leases, this_process
from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.lib.private_files import close_to_others, empty_write_ahead_log
from renrakucho.lib.throttle.rate_limit import delete_old_windows
from renrakucho.lib.tracing import install_named_tracer
from renrakucho.mail.book_login import delete_old_links, mail_key_links
from renrakucho.mail.mailbox_proof import forget_handed_out_keys
from renrakucho.mail.models import Mail
from renrakucho.monitoring.alarms import watch_installation
from renrakucho.monitoring.audit_head_mail import mail_audit_head
from renrakucho.monitoring.public_figures import compute_figures_when_due
from renrakucho.monitoring.worker_heartbeat import BEAT_SECONDS, record_heartbeat
from renrakucho.mover.master_key_check import KEY_CHECK_SECONDS, WrongMasterKey, check_master_key
from renrakucho.mover.models import KeyRequest
from renrakucho.mover.period_key_rotation import rotate_period_keys
from renrakucho.notice.connection_check import require_connections
from renrakucho.notice.destination import watch_destinations
from renrakucho.notice.models import Notice
from renrakucho.provider.audit_link import keep_head
from renrakucho.provider.staff_mail import StaffMail
from renrakucho.receipt.bureau_opening import forget_old_codes
from renrakucho.receipt.held_notices import tell_movers_of_holds
from renrakucho.relay.models import PollState
from renrakucho.relay.peer_polling import poll_peers

log = logging.getLogger(__name__)
_UNWOKEN_SECONDS = 5.0  # until a job that nobody woke looks by itself: the watch of due work may fail
_CLEANUP_SECONDS = 3600
_NOTIFY_SECONDS = 10
_REMIND_SECONDS = 30
_HEAD_SECONDS = 5
_DESTINATION_SECONDS = 5
_CLOCK_SECONDS = 60
_ERASE_SECONDS = 2
_LOCAL_SENDERS = 2  # what they do is the database's work alone
_MAIL_THREADS = 2  # one mail server: more would only crowd it
_WATCH_SECONDS = 1
_DEAD_SECONDS = 5
_DATABASE_SECONDS = 2
_ALARM_SECONDS = 15
_nothing = threading.Event()
_LEASED_TABLES = [model.objects.all() for model in (Notice, Mail, StaffMail, KeyRequest, PollState)]


class Command(NounCommand):
    """Delivers notices and mails as they fall due, until it is stopped."""

    help = bilingual("連絡とメールを送る常駐の処理", "the worker: delivers notices and mails as they fall due")

    def add_verbs(self) -> None:
        """run."""
        run = self.add_verb("run", self._run, bilingual("止められるまで動かす", "run until stopped"))
        run.add_argument(
            "--once",
            action="store_true",
            help=bilingual("いま期限のものだけ送って終わる", "deliver what is due now, and end"),
        )
        run.add_argument(
            "--pause",
            type=float,
            default=0.5,
            help=bilingual("何もないときに待つ秒数 (0.5)", "seconds to wait when nothing is due (0.5)"),
        )

    def _run(self, *, once: bool, pause: float, **options: Any) -> None:
        close_to_others()
        check_key_when_possible(once=once)
        try:
            require_connections()
        except BadConnections as error:
            raise CommandError(str(error)) from None
        install_named_tracer(settings.TRACER, "renrakucho-worker")
        owner = this_process()
        if once:
            run_once(owner)
        else:
            run_until_stopped(owner, pause)


def check_key_when_possible(*, once: bool) -> None:
    """Check the master key. Without a database wait until there is one, unless it is to run once. CommandError: the key
    is another one.
    """
    while True:
        try:
            check_master_key()
        except WrongMasterKey as error:
            raise CommandError(str(error)) from None
        except OperationalError as error:
            if once:
                raise
            log.error("the database cannot be reached: %s", type(error).__name__)
            connection.close()
            _nothing.wait(_DATABASE_SECONDS)
        else:
            return


def run_once(owner: str) -> None:
    """Do what is due now, one job after another, until nothing is."""
    outbox = (job for jobs in _outbox_jobs(owner).values() for job in jobs)
    jobs = [WorkerJob("notices", partial(deliver_due_notices, owner), 0), *outbox, *_other_jobs()]
    while sum(job.run_once() for job in jobs):
        pass


def run_until_stopped(owner: str, pause: float) -> None:
    """Run every job in its own thread until SIGTERM or SIGINT. CommandError: a thread has died."""
    pools = [
        NoticeSenders(owner, settings.SENDERS, remote_channels()),
        NoticeSenders(owner, _LOCAL_SENDERS, local_channels()),
    ]
    senders = [
        WorkerJob(name, pool.claim_and_send, _UNWOKEN_SECONDS, pool.wake)
        for name, pool in zip(("notices to other machines", "notices to desks"), pools, strict=True)
    ]
    outbox = _outbox_jobs(owner)
    outbox[Notice] += senders
    outbox[Mail] += [_mail_job(owner) for _ in range(_MAIL_THREADS - 1)]
    due_work = WorkerJob("watch of due work", DueWorkWatch(outbox).wake_jobs, pause)
    watching = _monitoring_jobs(owner, lambda: threads.failing())
    woken = (job for jobs in outbox.values() for job in jobs)
    threads = JobThreads([due_work, *woken, *_other_jobs(), *_jobs_by_the_clock(), *watching])

    def stop(signum: int, frame: FrameType | None) -> None:
        threads.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    threads.start()
    dead: list[str] = []
    while not threads.stopping.wait(_WATCH_SECONDS) and not dead:
        dead = threads.ended_early()
    threads.stop()
    for pool in pools:
        pool.close()
    if dead:
        raise CommandError(f"ended: {', '.join(dead)}")


def _outbox_jobs(owner: str) -> dict[type[LeasedRow], list[WorkerJob]]:
    """The jobs that work off each outbox table, but for the senders of notices. They sleep until they are woken."""
    every = _UNWOKEN_SECONDS
    return {
        Notice: [WorkerJob("notices of paused lanes", partial(hold_paused_notices, owner), every)],
        Mail: [_mail_job(owner)],
        StaffMail: [WorkerJob("mails to staff", partial(send_due_staff_mails, owner), every)],
        KeyRequest: [WorkerJob("links to new access keys", mail_key_links, every)],
        PollState: [WorkerJob("peer portals", partial(poll_peers, owner), every)],
    }


def _mail_job(owner: str) -> WorkerJob:
    return WorkerJob("mails to movers", partial(send_due_mails, owner), _UNWOKEN_SECONDS)


def _other_jobs() -> list[WorkerJob]:
    return [
        WorkerJob("books to erase", erase_requested_books, _ERASE_SECONDS),
        WorkerJob("answers that are due", remind_of_answers, _REMIND_SECONDS),
        WorkerJob("notifications of staff", notify_staff, _NOTIFY_SECONDS),
        WorkerJob("mails about holds", tell_movers_of_holds, _NOTIFY_SECONDS),
        WorkerJob("head of the audit log", partial(_quiet, keep_head), _HEAD_SECONDS),
        WorkerJob("destinations", partial(_quiet, watch_destinations), _DESTINATION_SECONDS),
        WorkerJob("leases of dead workers", partial(release_dead_leases, _LEASED_TABLES), _DEAD_SECONDS),
    ]


def _monitoring_jobs(owner: str, failing: Callable[[], Mapping[str, int]]) -> list[WorkerJob]:
    """The heartbeat, and after the first one the alarms: before it this worker itself would be missed."""
    started_at, beaten = timezone.now(), threading.Event()

    def beat() -> None:
        record_heartbeat(owner, started_at, failing())
        beaten.set()

    def watch() -> None:
        if beaten.wait(BEAT_SECONDS):
            watch_installation()

    return [
        WorkerJob("heartbeat", partial(_quiet, beat), BEAT_SECONDS),
        WorkerJob("alarms", partial(_quiet, watch), _ALARM_SECONDS),
        WorkerJob("public figures", compute_figures_when_due, _CLOCK_SECONDS),
    ]


def _jobs_by_the_clock() -> list[WorkerJob]:
    cleanups: dict[str, Callable[[], object]] = {
        "retention": lambda: enforce_retention(database_now()),
        "period keys": lambda: rotate_period_keys(database_now()),
        "handed out keys": lambda: forget_handed_out_keys(database_now()),
        "opening codes": lambda: forget_old_codes(database_now()),
        "mailed head of the audit log": lambda: mail_audit_head(database_now()),
        "old links": lambda: delete_old_links(database_now()),
        "old windows": lambda: delete_old_windows(database_now()),
        "old sessions": lambda: Session.objects.filter(expire_date__lt=database_now()).delete(),
    }
    jobs = [WorkerJob(name, partial(_quiet, run), _CLEANUP_SECONDS) for name, run in cleanups.items()]
    jobs.append(WorkerJob("write-ahead log", partial(_quiet, empty_write_ahead_log), _CLEANUP_SECONDS))
    jobs.append(WorkerJob("master key", partial(_quiet, end_on_another_key), KEY_CHECK_SECONDS))
    return [*jobs, WorkerJob("clock", partial(_quiet, warn_of_wrong_clock), _CLOCK_SECONDS)]


def end_on_another_key() -> None:
    """Hear from the database which key seals; end the worker where it is none that this process knows."""
    try:
        check_master_key()
    except WrongMasterKey as error:
        log.critical("%s", error)
        os.kill(os.getpid(), signal.SIGTERM)


def warn_of_wrong_clock() -> None:
    """Say that this machine's clock and the database's differ: nothing is given up meanwhile."""
    skew = clock_skew()
    if abs(skew) > MOST_SKEW:
        log.error("the clock of this machine differs from the database's by %.0f seconds", skew.total_seconds())


def _quiet(run: Callable[[], object]) -> int:
    """Run once an interval, however much it did."""
    run()
    return 0
