"""Movers of the cluster: each goes through HAProxy by TLS, and what got no answer is counted and repeated."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count, pairwise
from pathlib import Path
from uuid import UUID

from benchmarks.cluster_installation import PORTAL_NAME, ClusterInstallation
from benchmarks.soak_movers import PatientBrowser, SoakFigures, move_with
from sandbox.mail_receiver import MailHandler
from sandbox.mail_store import MailStore

_PLACES = ("/apply/check", "/book/mailbox", "/check")  # a post there is a write that is acknowledged


@dataclass
class LoadFigures(SoakFigures):
    """writes: when each acknowledged write was asked and answered. failures: when a failed request began and ended, and
    how. requests: all that were answered. Monotonic seconds.
    """

    writes: list[tuple[float, float]] = field(default_factory=list)
    failures: list[tuple[float, float, str]] = field(default_factory=list)
    requests: int = 0

    def acknowledged(self) -> set[UUID]:
        """Ids of the notices that were sent, as their movers were told."""
        with self.lock:
            return {UUID(leaf.rstrip("/").rsplit("/", 1)[-1]) for _mover, leaf in self.entered}

    def failed_since(self, began: float) -> list[str]:
        """The requests that failed and were begun after this moment."""
        with self.lock:
            return [what for start, _end, what in self.failures if start >= began]

    def longest_pause(self, began: float, ended: float) -> float:
        """The longest time between two acknowledged writes, from `began` to the first one after `ended`."""
        with self.lock:
            done = sorted(end for _start, end in self.writes if end >= began)
        within = [end for end in done if end <= ended]
        return max(later - sooner for sooner, later in pairwise([began, *within, *done[len(within) :][:1]]))


class ClusterBrowser(PatientBrowser):
    """Opens a connection for each request, so that it meets every host and certificate."""

    excused = frozenset({502, 503, 504})
    figures: LoadFigures

    def __init__(self, cluster: ClusterInstallation, mover: int, figures: LoadFigures) -> None:
        super().__init__(443, mover, figures)
        self.host, self._cluster = PORTAL_NAME, cluster

    def connect(self) -> http.client.HTTPConnection:
        """By TLS, to HAProxy."""
        return http.client.HTTPSConnection(self._cluster.front_address(), 443, timeout=60, context=self._cluster.trust)

    def failed(self, began: float, problem: str) -> None:
        super().failed(began, problem)
        self.close()
        with self.figures.lock:
            self.figures.failures.append((began, time.monotonic(), problem))

    def answered(self, began: float, method: str, address: str) -> None:
        self.close()
        with self.figures.lock:
            self.figures.requests += 1
            if method == "POST" and address.endswith(_PLACES):
                self.figures.writes.append((began, time.monotonic()))


@contextmanager
def moving(cluster: ClusterInstallation, letters: Path, movers: int) -> Iterator[LoadFigures]:
    """So many movers at a time, for as long as the block takes."""
    figures, stopping, numbers = LoadFigures(letters=letters), threading.Event(), count(1)

    def move_on() -> None:
        while not stopping.is_set():
            try:
                with closing(ClusterBrowser(cluster, next(numbers), figures)) as browser:
                    move_with(browser)
            except Exception as error:
                figures.errors.append(f"{type(error).__name__}: {error}"[:200])

    threads = [threading.Thread(target=move_on, daemon=True) for _each in range(movers)]
    for thread in threads:
        thread.start()
    try:
        yield figures
    finally:
        stopping.set()
        for thread in threads:
            thread.join(120)


def mail_handler(letters: Path) -> MailHandler:
    """For the mail server: what the workers send is kept where the movers look."""
    return MailHandler(MailStore(letters))
