"""Lanes with real workers and receivers: what hangs holds up nobody else, and never gets more at once than its cap.

The receivers are servers of this process, the workers are programs of their own on a database of their own.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from sandbox.mail_receiver import mail_receiver
from tests.delivery.cast_lanes import write_connections
from tests.listener import Listener, listening
from tests.ports import free_port
from tests.waiting import wait_until

pytestmark = pytest.mark.slow
PROGRAM = Path(__file__).with_name("lanes_worker.py")
SENDERS = 4


class Service:
    """Workers of one installation, and the folder of mails that they sent."""

    def __init__(self, folder: Path, database: str, ports: dict[str, int]) -> None:
        self.letters = folder / "letters"
        smtp = free_port()
        self.mails = mail_receiver(self.letters, smtp)
        self.mails.start()
        self.environment = {
            **os.environ,
            "DATABASE_URL": database,
            "RENRAKUCHO_VAR": str(folder),
            "RENRAKUCHO_CONNECTIONS": str(write_connections(folder / "connections.toml", ports)),
            "RENRAKUCHO_SENDERS": str(SENDERS),
            "RENRAKUCHO_SMTP_PORT": str(smtp),
            "PYTHONPATH": str(PROGRAM.parents[2]),
            "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings",
        }
        self.workers: list[subprocess.Popen[bytes]] = []

    def prepare(self, *due: str) -> None:
        """Make notices due: `provider=count`, the longest due first; and a mail."""
        subprocess.run([sys.executable, str(PROGRAM), "prepare", *due], env=self.environment, check=True)

    def start(self, how: str = "work", workers: int = 1) -> None:
        command = [sys.executable, str(PROGRAM), how]
        self.workers += [subprocess.Popen(command, env=self.environment) for _each in range(workers)]

    def mailed(self) -> int:
        return sum(path.is_file() for path in self.letters.iterdir()) if self.letters.exists() else 0

    def left(self) -> int:
        """How many notices are not 送信済."""
        command = [sys.executable, str(PROGRAM), "left"]
        return int(subprocess.run(command, env=self.environment, check=True, capture_output=True).stdout)

    def stop(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()
        self.mails.stop()


@contextmanager
def receivers(*names: str, hanging: tuple[str, ...]) -> Iterator[dict[str, Listener]]:
    """A receiver for each name; those that hang take what is sent and never answer."""
    with ExitStack() as open_ones:
        made = {name: open_ones.enter_context(listening()) for name in names}
        for name in hanging:
            made[name].waiting.clear()
        yield made


@pytest.fixture
def service(migrated_database: str, tmp_path: Path) -> Iterator[Callable[[dict[str, Listener]], Service]]:
    """Starts a service on a database of its own, which is stopped at the end."""
    with ExitStack() as started:

        def begin(there: dict[str, Listener]) -> Service:
            made = Service(tmp_path, migrated_database, {name: listener.port for name, listener in there.items()})
            started.callback(made.stop)
            return made

        yield begin


def test_a_receiver_that_hangs_holds_up_no_other_provider_and_no_mail(
    service: Callable[[dict[str, Listener]], Service],
) -> None:
    with receivers("hanging", "healthy", hanging=("hanging",)) as there:
        running = service(there)
        running.prepare("hanging=20", "healthy=3")
        running.start()
        wait_until(lambda: len(there["healthy"].received) == 3, 60, "the healthy provider got nothing")
        wait_until(lambda: running.mailed() == 4, 60, "the mails did not go out")  # three of them say 送信済
        wait_until(lambda: there["hanging"].received, 60, "nothing was sent to the one that hangs")
        assert there["hanging"].most_at_once <= 2


def test_the_test_would_catch_a_worker_with_one_lane_for_all(
    service: Callable[[dict[str, Listener]], Service],
) -> None:
    with receivers("hanging", "healthy", hanging=("hanging",)) as there:
        running = service(there)
        running.prepare("hanging=20", "healthy=3")
        running.start("one-lane")
        wait_until(lambda: there["hanging"].most_at_once == SENDERS, 60, "not every sender is held")
        assert there["healthy"].received == []


def test_several_workers_together_keep_the_cap(service: Callable[[dict[str, Listener]], Service]) -> None:
    with receivers("busy", hanging=()) as there:
        running = service(there)
        running.prepare("busy=60")
        running.start(workers=3)
        wait_until(lambda: len({each.headers["webhook-id"] for each in there["busy"].received}) == 60, 300, "not all")
        assert there["busy"].most_at_once <= 2
        assert len(there["busy"].received) == 60


def test_a_worker_that_is_stopped_records_what_it_has_in_hand(
    service: Callable[[dict[str, Listener]], Service],
) -> None:
    with receivers("slow", hanging=("slow",)) as there:
        running = service(there)
        running.prepare("slow=1")
        running.start()
        wait_until(lambda: there["slow"].received, 60, "nothing was sent")
        [worker] = running.workers
        worker.terminate()
        there["slow"].waiting.set()
        assert worker.wait(60) == 0
        assert running.left() == 0


@contextmanager
def held_row(database: str, provider: str) -> Iterator[None]:
    """Somebody's idle transaction holds the first notice to this provider."""
    with psycopg.connect(database) as holder:
        holder.execute("SELECT id FROM notice_notice WHERE provider = %s ORDER BY id LIMIT 1 FOR UPDATE", [provider])
        yield


@pytest.mark.postgres
@pytest.mark.parametrize("migrated_database", ["postgres"], indirect=True)
def test_a_row_that_is_held_stops_no_other_and_goes_out_later(
    service: Callable[[dict[str, Listener]], Service], migrated_database: str
) -> None:
    with receivers("water", "gas", hanging=()) as there:
        running = service(there)
        running.prepare("water=3", "gas=3")
        with held_row(migrated_database, "water"):
            running.start()
            wait_until(lambda: len(there["water"].received) == 2, 60, "the other notices did not go out")
            wait_until(lambda: len(there["gas"].received) == 3, 60, "the other provider got nothing")
            wait_until(lambda: running.mailed() == 6, 60, "the mails did not go out")
        wait_until(lambda: len(there["water"].received) == 3, 60, "the row that was held did not go out")


@pytest.mark.postgres
@pytest.mark.parametrize("migrated_database", ["postgres"], indirect=True)
def test_an_outcome_whose_row_is_held_is_recorded_later_and_not_sent_again(
    service: Callable[[dict[str, Listener]], Service], migrated_database: str
) -> None:
    with receivers("water", "gas", hanging=("water",)) as there:
        running = service(there)
        running.prepare("water=1", "gas=1")
        running.start()
        wait_until(lambda: there["water"].received, 60, "nothing was sent")
        with held_row(migrated_database, "water"):
            there["water"].waiting.set()
            wait_until(lambda: running.left() == 1, 60, "the other notice was not recorded")
        wait_until(lambda: running.left() == 0, 60, "the outcome was not recorded")
        assert len(there["water"].received) == 1
