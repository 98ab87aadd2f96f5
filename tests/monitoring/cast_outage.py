"""An installation with a PostgreSQL that can be taken away: a relay before it cuts connections and refuses new ones."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psycopg

from tests.delivery.cast_lanes import write_connections
from tests.own_database import postgres_database
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
LANES = ROOT / "tests" / "delivery" / "lanes_worker.py"


class DatabaseRelay:
    """Passes connections on to the server of this URL while it is up. `url`: by which the relay is reached."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            self._there = connection.info
            self._host, self._port = self._there.host, self._there.port
            user, password, name = self._there.user, self._there.password, self._there.dbname
        self.port = free_port()
        self.url = f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{name}"
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []

    def start(self) -> None:
        """Accept connections from now on."""
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))
        self._listener.listen()
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """Refuse connections, and cut those that are open."""
        listener, self._listener = self._listener, None
        for one in [listener, *self._open] if listener else self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open = []

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            server = self._connect()
            self._open += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=_copy, args=(source, sink), daemon=True).start()

    def _connect(self) -> socket.socket:
        if not self._host.startswith("/"):
            return socket.create_connection((self._host, self._port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{self._host}/.s.PGSQL.{self._port}")
        return server


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while sent := source.recv(65536):
            sink.sendall(sent)
    for one in (source, sink):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


@contextmanager
def relayed(url: str) -> Iterator[DatabaseRelay]:
    """A relay that is up, until the block ends."""
    relay = DatabaseRelay(url)
    relay.start()
    try:
        yield relay
    finally:
        relay.stop()


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
        """Make so many notices due."""
        command = [sys.executable, str(LANES), "prepare", f"healthy={count}"]
        subprocess.run(command, env=self.environment, check=True, cwd=ROOT)

    def start_portal(self, **others: str) -> "subprocess.Popen[bytes]":
        size = ("--interface", "wsgi", "--no-ws", "--workers", "2", "--blocking-threads", "2", "--log-level", "error")
        where = ("--host", "127.0.0.1", "--port", str(self.port), "renrakucho.config.worker:application")
        return self._start("-m", "granian", *size, *where, **others)

    def start_worker(self) -> "subprocess.Popen[bytes]":
        return self._start("-m", "django", "worker", "run")

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """A command of the installation, or a program."""
        command = [sys.executable, *arguments]
        return subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True)

    def get(self, path: str, session: str = "") -> Answer:
        headers = {"Authorization": "Bearer rk_0000", "Cookie": f"sessionid={session}"}
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

    def _start(self, *arguments: str, **others: str) -> "subprocess.Popen[bytes]":
        environment = {**self.environment, **others}
        self.processes.append(subprocess.Popen([sys.executable, *arguments], env=environment, cwd=ROOT))
        return self.processes[-1]


@contextmanager
def installed(folder: Path, port: int, template: str) -> Iterator[Installation]:
    """An installation with one connected provider, whose system listens on this port. template: the name of a migrated
    database, of which it gets a copy.
    """
    with ExitStack() as stack:
        relay = stack.enter_context(relayed(stack.enter_context(postgres_database(template))))
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
