"""Without its database every face says so rightly, and all comes back by itself: real portal, worker and server."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg
import pytest

from tests.delivery.cast_lanes import write_connections
from tests.listener import listening
from tests.monitoring.cast_outage import DatabaseRelay, relayed
from tests.ports import free_port
from tests.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
ROOT = Path(__file__).resolve().parents[2]
LANES = ROOT / "tests" / "delivery" / "lanes_worker.py"
PAGES = ("/", "/desk/login", "/search?q=1020084", "/links", "/book/")
FOR_PROGRAMS = ("/api/v1/notices", "/relay/v1/providers", "/api/v1/providers?postal_code=1020084")


class Answer(NamedTuple):
    status: int
    kind: str
    retry_after: str
    body: str


class Installation:
    """A portal on `port` and its worker, which reach their database through `relay`."""

    def __init__(self, relay: DatabaseRelay, environment: dict[str, str]) -> None:
        self.relay = relay
        self.environment = environment
        self.port = free_port()
        self.processes: list[subprocess.Popen[bytes]] = []

    def prepare(self, count: int) -> None:
        command = [sys.executable, str(LANES), "prepare", f"healthy={count}"]
        subprocess.run(command, env=self.environment, check=True, cwd=ROOT)

    def start_portal(self) -> None:
        size = ("--interface", "wsgi", "--no-ws", "--workers", "2", "--blocking-threads", "2", "--log-level", "error")
        where = ("--host", "127.0.0.1", "--port", str(self.port), "renrakucho.config.worker:application")
        self._start("-m", "granian", *size, *where)

    def start_worker(self) -> None:
        self._start("-m", "django", "worker", "run")

    def get(self, path: str) -> Answer:
        headers = {"Authorization": "Bearer rk_0000"}
        try:
            with urlopen(Request(f"http://127.0.0.1:{self.port}{path}", headers=headers), timeout=30) as answer:
                return Answer(answer.status, answer.headers["Content-Type"], "", answer.read().decode())
        except HTTPError as answer:
            kind, wait = answer.headers["Content-Type"], answer.headers.get("Retry-After", "")
            return Answer(answer.code, kind or "", wait, answer.read().decode())
        except (URLError, ConnectionError):
            return Answer(0, "", "", "")

    def not_ready(self) -> list[str]:
        return [str(name) for name in json.loads(self.get("/readyz").body)["not_ready"]]

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()  # a server that is killed leaves its processes behind
        for process in self.processes:
            process.wait(60)

    def _start(self, *arguments: str) -> None:
        self.processes.append(subprocess.Popen([sys.executable, *arguments], env=self.environment, cwd=ROOT))


@contextmanager
def empty_database() -> Iterator[str]:
    server = os.environ["RENRAKUCHO_TEST_POSTGRES"].rsplit("/", 1)[0]
    name = f"outage_{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def installed(folder: Path, port: int) -> Iterator[Installation]:
    """An installation with one connected provider, whose system listens on this port."""
    with ExitStack() as stack:
        relay = stack.enter_context(relayed(stack.enter_context(empty_database())))
        environment = {
            **os.environ,
            "DATABASE_URL": relay.url,
            "RENRAKUCHO_VAR": str(folder),
            "RENRAKUCHO_CONNECTIONS": str(write_connections(folder / "connections.toml", {"healthy": port})),
            "RENRAKUCHO_METRICS_PATH": "metrics",
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings",
        }
        subprocess.run(
            [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0"],
            env=environment,
            check=True,
            cwd=ROOT,
        )
        made = Installation(relay, environment)
        stack.callback(made.stop)
        yield made


def test_without_its_database_every_face_says_so_and_all_comes_back_by_itself(tmp_path: Path) -> None:
    with listening() as receiver, installed(tmp_path, receiver.port) as here:
        here.prepare(1)
        here.start_portal()
        here.start_worker()
        wait_until(lambda: receiver.received, 60, "nothing was sent")
        wait_until(lambda: here.get("/readyz").status == 200, 60, lambda: here.get("/readyz").body)
        before = {path: here.get(path).status for path in (*PAGES, *FOR_PROGRAMS)}
        assert 503 not in before.values()

        for _request in range(20):
            assert here.get("/healthz").status == 200
        metrics = here.get("/metrics").body
        alive = 'renrakucho_request_seconds_count{method="GET",route="monitoring:alive",status="200"}'
        assert f"{alive} 20.0" in metrics  # over both processes
        assert 'renrakucho_check{check="lanes"} 0.0' in metrics
        assert "renrakucho_workers_alive 1.0" in metrics

        here.relay.stop()
        assert 'renrakucho_check{check="database"} 3.0' in here.get("/metrics").body
        wait_until(lambda: here.get("/readyz").status == 503, 60, lambda: here.get("/readyz").body)
        assert here.not_ready() == ["database", "migrations", "master_key", "workers", "lanes"]
        assert here.get("/healthz").status == 200
        for path in PAGES:
            answer = here.get(path)
            if answer.status != before[path]:  # what needs no database goes on
                assert (path, answer.status, answer.retry_after) == (path, 503, "30")
                assert "いま、このサイトをお使いいただけません" in answer.body
        assert here.get("/search?q=1020084").status == here.get("/links").status == 503
        for path in FOR_PROGRAMS:
            answer = here.get(path)
            assert (path, answer.status, answer.kind, answer.retry_after) == (
                path,
                503,
                "application/problem+json",
                "30",
            )
            assert json.loads(answer.body)["reason"] == "database_down"
        here.start_worker()  # it waits
        assert here.get("/healthz").status == 200

        here.relay.start()
        wait_until(lambda: here.get("/readyz").status == 200, 60, lambda: here.get("/readyz").body)
        assert {path: here.get(path).status for path in before} == before
        here.prepare(2)
        wait_until(lambda: len(receiver.received) == 3, 60, "the worker did not come back")
        assert [process.poll() for process in here.processes] == [None, None, None]
