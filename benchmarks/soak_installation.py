"""The installation that the soak kills: database, portal, two workers; each process is started again at once."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psycopg

from benchmarks.soak_receivers import GOOD
from bootstrap.postgres import NoPostgres, PrivateCluster
from tests.delivery.cast_lanes import write_connections
from tests.ports import free_port

_PYTHON = (sys.executable, "-m")
_WORKER = (*_PYTHON, "django", "worker", "run")
_AHEAD = ("faketime", "-f", "+5d")
_KINDS = ("web process", "worker", "database", "web server", "worker with a wrong clock")
_READY_SECONDS = 60


class SoakInstallation:
    """Everything that one installation runs. port: the portal's. api_key: of the good provider's system."""

    def __init__(self, folder: Path, cluster: PrivateCluster, systems: Mapping[str, int], smtp: int) -> None:
        self.port = free_port()
        self.api_key = ""
        self.database = cluster.url.removesuffix("postgres") + "soak"
        self._cluster = cluster
        self._environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith(("RENRAKUCHO_", "DATABASE_"))},
            "DATABASE_URL": self.database,
            "RENRAKUCHO_VAR": str(folder),
            "RENRAKUCHO_BASE_URL": f"http://localhost:{self.port}",
            "RENRAKUCHO_CONNECTIONS": str(write_connections(folder / "connections.toml", systems)),
            "RENRAKUCHO_SMTP_PORT": str(smtp),
            "RENRAKUCHO_BEHIND_PROXY": "1",  # each mover has a network of their own
            "RENRAKUCHO_PROVIDER_CAP": "1000000",
            "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings",
            "DONT_FAKE_MONOTONIC": "1",
        }
        server = (*_PYTHON, "granian", "--interface", "wsgi", "--no-ws", "--respawn-failed-workers", "--workers", "2")
        options = ("--blocking-threads", "32", "--log-level", "critical", "--port", str(self.port))
        self._commands = {
            "web server": (*server, *options, "renrakucho.config.worker:application"),
            "worker": _WORKER,
            "worker with a wrong clock": (*_AHEAD, *_WORKER),
        }
        self._log = (folder / "soak.log").open("wb")
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch)

    def prepare(self) -> None:
        """Make the database, and all that a portal needs. Raises CalledProcessError."""
        with psycopg.connect(self._cluster.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE soak")
        for command in ("migrate", "directory load", "collectstatic --noinput"):
            self._django(*command.split())
        self.api_key = self._django("keys", "make", "--provider", GOOD, "--name", "soak").split()[-1]

    def _django(self, *arguments: str) -> str:
        command = [*_PYTHON, "django", *arguments]
        done = subprocess.run(command, env=self._environment, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def start(self) -> None:
        """Start all, and wait until the portal answers. Raises TimeoutError."""
        for name in self._commands:
            self._start(name)
        self._watcher.start()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until a page comes that needs the database. Raises TimeoutError."""
        until = time.monotonic() + _READY_SECONDS
        while time.monotonic() < until:
            with suppress(OSError), urllib.request.urlopen(f"http://localhost:{self.port}/search?q=1960015"):
                return
            time.sleep(0.2)
        raise TimeoutError("the portal does not answer")

    def kill_something(self, number: int) -> str:
        """Kill a process of the `number`th kind, in turn. Returns what it was."""
        kind = _KINDS[number % len(_KINDS)]
        if kind == "database":
            self._kill_database()
        else:
            with self._lock:
                process = self._running["web server" if kind == "web process" else kind]
                victims = _children(process.pid) if kind == "web process" else []
                if victims:
                    os.kill(random.choice(victims), signal.SIGKILL)  # noqa: S311 - a trial
                else:
                    os.killpg(process.pid, signal.SIGKILL)
        return kind

    def stop(self) -> None:
        """Stop all, without any ceremony."""
        self._stopping.set()
        if self._watcher.is_alive():
            self._watcher.join()
        for process in self._running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._log.close()

    def _start(self, name: str) -> None:
        self._running[name] = subprocess.Popen(
            self._commands[name],
            env=self._environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _watch(self) -> None:
        while not self._stopping.wait(0.1):
            with self._lock:
                for name, process in list(self._running.items()):
                    if process.poll() is not None:
                        self._start(name)

    def _kill_database(self) -> None:
        os.kill(self._cluster.postmaster, signal.SIGKILL)
        until = time.monotonic() + _READY_SECONDS
        while True:
            try:
                self._cluster.start()
            except NoPostgres:  # processes of the killed one are still there
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
