"""Ladder: a whole move here beside plain Django and raw psycopg, in one interleaved run on PostgreSQL.

usage: .venv/bin/python -m benchmarks.ladder [--movers 16] [--at-once 4] [--rounds 3]
CPU is that of every process but the driver's, from the kernel's own clocks, and of the driver too for raw psycopg.
Statements are PostgreSQL's own count. Absolute figures differ between machines and hours: compare the ratios.
"""

import argparse
import itertools
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renrakucho.config.settings")
django.setup()

from benchmarks.ladder_installation import OFFERS, LadderInstallation, running_installation
from benchmarks.ladder_journeys import CountingBrowser, complete, plain_journey, register
from benchmarks.process_cpu import cpu_seconds
from benchmarks.raw_rows import RawRows

_KINDS = """SELECT coalesce(sum(calls) FILTER (WHERE query ~* '^\\s*(with|select)'), 0),
coalesce(sum(calls) FILTER (WHERE query ~* '^\\s*(insert|update|delete)'), 0),
coalesce(sum(calls) FILTER (WHERE query ~* '^\\s*commit'), 0)
FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"""
_LEFT = """SELECT count(*) FROM notice_notice WHERE due_at IS NOT NULL OR status = 'entered'"""
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Rung:
    """One line of the table. processes: those whose CPU is counted."""

    name: str
    database: str
    processes: tuple[str, ...]
    journey: Callable[[CountingBrowser, int], object] | None
    port: int = 0


@dataclass
class RungFigures:
    """Each is a list with one figure a round, a move."""

    cpu_ms: dict[str, list[float]] = field(default_factory=dict)
    statements: list[tuple[float, ...]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    requests: float = 0
    size: float = 0

    @property
    def total(self) -> float:
        return float(statistics.median(sum(each) for each in zip(*self.cpu_ms.values(), strict=True)))


class Ladder:
    """Runs the rungs, one after another."""

    def __init__(self, here: LadderInstallation, movers: int, at_once: int) -> None:
        self._here, self._movers, self._at_once = here, movers, at_once
        web = ("web", "worker", "PostgreSQL")
        mine = partial(Rung, database=here.database, processes=web, port=here.portal)
        self.rungs = [
            Rung("plain Django, 6 requests", here.plain_database, ("plain", "PostgreSQL"), plain_journey, here.plain),
            mine("ours, an empty view", journey=lambda browser, _mover: browser.ask("GET", "/benchmark-baseline")),
            mine("ours, registered", journey=register),
            mine("ours, complete", journey=lambda browser, mover: complete(browser, mover, here.mails)),
            Rung("raw psycopg, the same rows", here.database, ("PostgreSQL",), None),
        ]
        self.figures = {rung.name: RungFigures() for rung in self.rungs}

    def climb(self, *, counted: bool) -> None:
        """One round of every rung."""
        for rung in self.rungs:
            movers = self._movers * (20 if rung.name.endswith("view") else 1)
            browsers = self._measure(rung, [next(_numbers) for _each in range(movers)], counted=counted)
            seconds = [took for browser in browsers for took in browser.seconds]
            if counted and browsers:
                figures = self.figures[rung.name]
                figures.seconds += seconds
                figures.requests = len(seconds) / movers
                figures.size = sum(browser.size for browser in browsers) / movers

    def _measure(self, rung: Rung, numbers: list[int], *, counted: bool) -> list[CountingBrowser]:
        work = partial(self._drive, rung, numbers) if rung.journey else self._raw_rows(len(numbers))
        with psycopg.connect(rung.database, autocommit=True) as watch:
            before, own, calls = self._cpu(rung), time.process_time(), watch.execute(_KINDS).fetchone()
            browsers = work()
            self._wait_for_deliveries(watch, rung)
            after, calls_after = self._cpu(rung), watch.execute(_KINDS).fetchone()
        assert calls
        assert calls_after
        if counted:
            figures = self.figures[rung.name]
            used = {name: after[name] - before[name] for name in rung.processes}
            used |= {} if rung.journey else {"driver": time.process_time() - own}
            for name, seconds in used.items():
                figures.cpu_ms.setdefault(name, []).append(1000 * seconds / len(numbers))
            figures.statements.append(tuple(int(b - a) / len(numbers) for a, b in zip(calls, calls_after, strict=True)))
        return browsers

    def _raw_rows(self, moves: int) -> Callable[[], list[CountingBrowser]]:
        return partial(RawRows(self._here.database).write, moves)

    def _drive(self, rung: Rung, numbers: Iterable[int]) -> list[CountingBrowser]:
        """Send the movers through, some at once. Raises the first error that one of them met."""
        todo, browsers, errors = iter(numbers), list[CountingBrowser](), list[Exception]()

        def run() -> None:
            try:
                for number in todo:
                    browser = CountingBrowser(rung.port)
                    assert rung.journey
                    rung.journey(browser, number)
                    browsers.append(browser)
                    if browser.connection:
                        browser.connection.close()
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=run) for _each in range(self._at_once)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
        return browsers

    def _cpu(self, rung: Rung) -> dict[str, float]:
        return {name: cpu_seconds(self._here.processes[name]) for name in rung.processes}

    @staticmethod
    def _wait_for_deliveries(watch: psycopg.Connection, rung: Rung) -> None:
        until = time.monotonic() + 120
        while rung.name == "ours, complete" and watch.execute(_LEFT).fetchone() != (0,):
            if time.monotonic() > until:
                raise TimeoutError("notices were not delivered")
            time.sleep(0.1)


def main() -> None:
    """Climb, and print the table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, default in {"movers": 16, "at-once": 4, "rounds": 3}.items():
        options.add_argument(f"--{name}", type=int, default=default)
    given = options.parse_args()
    with running_installation() as here:
        ladder = Ladder(here, given.movers, given.at_once)
        ladder.climb(counted=False)
        for _round in range(given.rounds):
            ladder.climb(counted=True)
    _print(ladder)


def _print(ladder: Ladder) -> None:
    figures = ladder.figures
    plain = figures["plain Django, 6 requests"].total
    print(
        f"{'a move':28}{'CPU-ms':>8}{'× plain':>9}{'reads':>7}{'writes':>7}{'commits':>8}{'requests':>9}"
        f"{'kB':>7}{'p95 ms':>8}   CPU-ms by process"
    )
    for name, found in figures.items():
        reads, writes, commits = (statistics.median(each) for each in zip(*found.statements, strict=True))
        seconds = sorted(found.seconds)
        p95 = f"{1000 * seconds[int(0.95 * len(seconds))]:.0f}" if seconds else ""
        parts = ", ".join(f"{part} {statistics.median(each):.1f}" for part, each in found.cpu_ms.items())
        print(
            f"{name:28}{found.total:8.1f}{found.total / plain:9.2f}{reads:7.0f}{writes:7.0f}{commits:8.0f}"
            f"{found.requests:9.0f}{found.size / 1000:7.0f}{p95:>8}   {parts}"
        )
    told = (figures["ours, complete"].total - figures["ours, registered"].total) / len(OFFERS)
    print(f"entering and delivering one notice: {told:.1f} CPU-ms")


if __name__ == "__main__":
    main()
