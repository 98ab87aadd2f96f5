"""A row that another transaction holds, and eight presses on it: a real portal on PostgreSQL goes on.

The portal has one process, so that the eight presses are one more than the requests it works on at once.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from tests.config.cast_proxies import portal
from tests.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
PROGRAM = Path(__file__).with_name("held_desk.py")
PRESSES, TOKEN = 8, "x" * 32
SENTENCE = "いま、ほかの処理が使っています"


@dataclass
class Desk:
    """A clerk's browser at a portal. held, free: where its two notices are accepted."""

    port: int
    session: str
    held: str
    free: str

    def ask(self, path: str, timeout: float = 90, **posted: str) -> tuple[int, str]:
        """Status and page. Raises TimeoutError where none comes."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        headers = {"Host": "localhost", "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}"}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        form = urlencode({"csrfmiddlewaretoken": TOKEN, **posted}) if posted else None
        try:
            connection.request("POST" if form else "GET", path, form, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def desk(folder: Path, database: str) -> Iterator[Desk]:
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "RENRAKUCHO_VAR": str(folder),
        "RENRAKUCHO_SANDBOX": "1",
        "PYTHONPATH": str(PROGRAM.parents[2]),
        "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings",
    }
    done = subprocess.run(
        [sys.executable, str(PROGRAM)], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    with portal(folder, database=database, processes="1") as port:
        there = Desk(port, *done.stdout.split())
        assert there.ask("/desk/")[0] == 200  # whatever a process does once is done
        yield there


@contextmanager
def held_by_somebody(database: str, there: Desk) -> Iterator[None]:
    """An idle transaction of somebody else holds the row of the first notice."""
    with psycopg.connect(database.partition("?")[0]) as holder:
        holder.execute("SELECT id FROM notice_notice WHERE id = %s FOR UPDATE", [there.held.split("/")[-2]])
        yield


def waiting(database: str) -> int:
    """How many statements wait for a lock."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with psycopg.connect(database) as connection:
        [found] = connection.execute(query).fetchone() or [0]
    return int(found)


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_eight_presses_on_a_held_row_get_their_sentence_and_the_portal_goes_on(database: str, tmp_path: Path) -> None:
    with desk(tmp_path, database) as there, ThreadPoolExecutor(PRESSES) as clerks:
        with held_by_somebody(database, there):
            pressed = [clerks.submit(there.ask, there.held, number=f"A-{number}") for number in range(PRESSES)]
            assert [there.ask("/desk/")[0] for _each in range(5)] == [200] * 5
            assert there.ask(there.free, number="B-1")[0] == 302
            answers = [press.result() for press in pressed]  # all of them while the row is held
        assert {status for status, _page in answers} == {503}
        assert all(SENTENCE in page and 'value="A-' in page for _status, page in answers)
        assert there.ask(there.held, number="A-1")[0] == 302


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_the_mutant_without_lock_timeout_stops_with_the_row(database: str, tmp_path: Path) -> None:
    mutant = f"{database}?options=-c%20lock_timeout%3D0%20-c%20statement_timeout%3D0"
    with (
        desk(tmp_path, mutant) as there,
        ThreadPoolExecutor(PRESSES) as clerks,
        held_by_somebody(database, there),
    ):
        pressed = [clerks.submit(there.ask, there.held, number=f"A-{number}") for number in range(PRESSES)]
        wait_until(lambda: waiting(database) == PRESSES - 1, 60, "not every press waits")
        with pytest.raises(TimeoutError):
            there.ask("/desk/", timeout=10)
        assert not any(press.done() for press in pressed)
