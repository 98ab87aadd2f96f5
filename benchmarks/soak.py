"""Soak test: movers, providers and an API client, while web, workers and database are killed. Prints a table.

usage: .venv/bin/python -m benchmarks.soak [--seconds 600] [--kills 60] [--movers 4]        (or: make soak)
On a PostgreSQL of its own: a portal, two workers (the clock of one is five days ahead), a mail server, and the systems
of three providers, of which one lies and one hangs. Movers register and send; what gets no answer is repeated. One of
the systems reads by the API what happened, and accepts it. At random moments something is killed (SIGKILL): one or all
processes of the web server, a worker, the postmaster; it is started again at once. In the end it is counted what was
lost or came twice, and measured how long it takes until nothing is due that can leave. Fails where a limit is broken.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renrakucho.config.settings")
django.setup()

from benchmarks.soak_installation import SoakInstallation
from benchmarks.soak_movers import SoakFigures, move_once
from benchmarks.soak_receivers import GOOD, HANGING, ReceivedNotices, receiving
from benchmarks.soak_system import ApiFigures, accept_everything
from bootstrap.postgres import private_cluster
from sandbox.mail_receiver import mail_receiver
from tests.ports import free_port

MOST_DRAIN = 10  # seconds
_FATES = """
SELECT n.number, n.provider, n.status, n.due_at IS NOT NULL FROM notice_notice n WHERE n.status <> 'not_entered'
"""
_WAITING = """
SELECT (SELECT count(*) FROM notice_notice WHERE due_at IS NOT NULL AND provider = %s)
     + (SELECT count(*) FROM mail_mail WHERE due_at IS NOT NULL)
"""
# A mail that is due was written after the drain, about a notice that was accepted or given up in the last seconds.
_MAILS = "SELECT count(*) FILTER (WHERE sent_at IS NOT NULL), count(*) FROM mail_mail WHERE due_at IS NULL"
_MOST_SHOWN = 20  # errors


@dataclass(frozen=True)
class SoakPlan:
    """movers: how many at a time."""

    seconds: float = 600
    kills: int = 60
    movers: int = 4


@dataclass
class SoakReport:
    """Counts and faults of one soak. lost: notices that were entered, but neither arrived nor are tried or told."""

    kills: Counter[str]
    movers: SoakFigures
    received: ReceivedNotices
    api: ApiFigures
    drain: float = -1
    fates: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    passed_by: list[str] = field(default_factory=list)
    mails: tuple[int, int] = (0, 0)

    @property
    def strangers(self) -> int:
        return self.movers.strangers + self.api.strangers + self.received.strangers(self.movers.told)

    def broken(self) -> list[str]:
        """The limits that do not hold, and must however slow the machine is."""
        sent, written = self.mails
        doubled = self.received.doubled()
        limits = {
            f"{len(self.lost)} notices lost": not self.lost,
            f"{len(self.passed_by)} notices passed by in the API's list": not self.passed_by,
            f"{doubled} notices doubled at a receiver that keeps one a key": not doubled,
            f"{self.strangers} answers or pushes with data of strangers": not self.strangers,
            f"{len(self.movers.errors) + len(self.api.errors)} errors": not (self.movers.errors or self.api.errors),
            f"{written - sent} of {written} mails not sent": written > 0 and sent == written,
            f"not drained after {6 * MOST_DRAIN} s": self.drain >= 0,
            f"{len(self.movers.registered)} movers registered": bool(self.movers.registered),
        }
        return [text for text, holds in limits.items() if not holds]

    def table(self) -> str:
        """For people."""
        rows = {
            "killed": ", ".join(f"{name} {times}" for name, times in sorted(self.kills.items())),
            "movers registered": len(self.movers.registered),
            "notices sent by them": len(self.movers.entered),
            "requests repeated": self.movers.repeated + self.api.repeated,
            "errors": len(self.movers.errors) + len(self.api.errors),
            "pushes received": self.received.pushes,
            "accepted by API": len(self.api.accepted),
            "how they stand": ", ".join(f"{name} {times}" for name, times in sorted(self.fates.items())),
            "mails sent": f"{self.mails[0]} of {self.mails[1]}",
            "lost": len(self.lost),
            "passed by": len(self.passed_by),
            "doubled": self.received.doubled(),
            "strangers": self.strangers,
            "drained": f"{self.drain:.1f} s",
        }
        return "\n".join(f"{name:22}{text}" for name, text in rows.items())


def run_soak(plan: SoakPlan, folder: Path) -> SoakReport:
    """Run it with all its data in `folder`. Raises NoPostgres."""
    report = SoakReport(Counter(), SoakFigures(), ReceivedNotices(), ApiFigures())
    with ExitStack() as ending:
        cluster = ending.enter_context(private_cluster())
        systems = ending.enter_context(receiving(report.received))
        smtp = free_port()
        mails = mail_receiver(folder / "letters", smtp)
        report.movers.letters = folder / "letters"
        mails.start()
        ending.callback(mails.stop)
        ports = {name: system.port for name, system in systems.items()}
        installation = SoakInstallation(folder, cluster, ports, smtp)
        installation.prepare()
        ending.callback(installation.stop)
        installation.start()
        stopping, drained, numbers = threading.Event(), threading.Event(), count(1)

        def move_on() -> None:
            while not stopping.is_set():
                try:
                    move_once(installation.port, next(numbers), report.movers)
                except (AssertionError, TimeoutError) as error:
                    report.movers.errors.append(str(error)[:200])

        def accept() -> None:
            accept_everything(installation.port, installation.api_key, report.api, drained)

        threads = [_thread(move_on, report.movers.errors) for _each in range(plan.movers)]
        system = _thread(accept, report.api.errors)
        _kill_at_random(plan, installation, report.kills)
        installation.wait_until_ready()
        stopping.set()
        for thread in threads:
            thread.join()
        report.drain = _drain(cluster.url, installation.database)
        drained.set()
        system.join()
        systems[HANGING].waiting.set()
        _count(report, installation.database)
    return report


def _thread(target: Callable[[], None], errors: list[str]) -> threading.Thread:
    def run() -> None:
        try:
            target()
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _kill_at_random(plan: SoakPlan, installation: SoakInstallation, kills: Counter[str]) -> None:
    begun, pause = time.monotonic(), plan.seconds / (plan.kills + 1)
    for number in range(plan.kills):
        at = begun + (number + random.uniform(0.5, 1.5)) * pause  # noqa: S311 - a trial
        time.sleep(max(0.0, at - time.monotonic()))
        kills[installation.kill_something(number)] += 1
    time.sleep(max(0.0, begun + plan.seconds - time.monotonic()))


def _drain(server: str, database: str) -> float:
    """Seconds until nothing is due at the good provider and no mail is; -1 where that takes too long."""
    begun = time.monotonic()
    while time.monotonic() < begun + 6 * MOST_DRAIN:
        with psycopg.connect(database) as connection:
            row = connection.execute(_WAITING, [GOOD]).fetchone()
        if row == (0,):
            return time.monotonic() - begun
        time.sleep(0.1)
    return -1


def _count(report: SoakReport, database: str) -> None:
    with psycopg.connect(database) as connection:
        notices = connection.execute(_FATES).fetchall()
        [report.mails] = connection.execute(_MAILS).fetchall()
    arrived = {number for _provider, number in report.received.keys}
    for number, provider, status, due in notices:
        report.fates[f"{provider} {status}{' (due)' if due else ''}"] += 1
        settled = (status in ("sent", "accepted") and number in arrived) or due or status == "undelivered"
        if not settled or (provider == GOOD and number not in arrived):
            report.lost.append(f"{provider} {number}: {status}")
        if provider == GOOD and number not in report.api.accepted:
            report.passed_by.append(number)
    missing = len(report.movers.entered) - len(notices)
    report.lost += ["a notice that is not stored"] * max(0, missing)


def main() -> int:
    """Run, print, and return 1 where a limit is broken."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    plan = SoakPlan()
    options.add_argument("--seconds", type=float, default=plan.seconds)
    options.add_argument("--kills", type=int, default=plan.kills)
    options.add_argument("--movers", type=int, default=plan.movers, help="at a time")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = run_soak(SoakPlan(given.seconds, given.kills, given.movers), Path(folder))
    print(report.table())
    faults = [*report.lost, *report.movers.errors, *report.api.errors]
    for fault in faults[:_MOST_SHOWN]:
        print(fault, file=sys.stderr)
    if len(faults) > _MOST_SHOWN:
        print(f"… and {len(faults) - _MOST_SHOWN} more", file=sys.stderr)
    broken = report.broken()
    if report.drain > MOST_DRAIN:
        broken.append(f"drained after {report.drain:.1f} s (at most {MOST_DRAIN})")
    for text in broken:
        print(f"BROKEN: {text}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
