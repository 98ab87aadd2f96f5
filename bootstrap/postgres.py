"""PostgreSQL for the tests: a server that is running, or a private one that is stopped after them."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from bootstrap import debian

GIVEN = "RENRAKUCHO_TEST_POSTGRES"
_NOTHING_KEPT = "-c fsync=off"  # what a test writes need not outlive a power cut
LOCAL = ("postgresql:///postgres", "postgresql://postgres@127.0.0.1:5432/postgres")


class NoPostgres(Exception):
    """No server could be found or started; the message says why."""


@contextmanager
def database() -> Iterator[str]:
    """A new, empty database that is dropped afterwards. Yields its URL; raises NoPostgres."""
    with _server() as server:
        name = f"renrakucho_{secrets.token_hex(4)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield _url(server, name)
        finally:
            with psycopg.connect(server, autocommit=True) as connection:
                made = "SELECT datname FROM pg_database WHERE datname = %s OR starts_with(datname, %s)"
                for (leftover,) in connection.execute(made, (name, f"test_{name}")).fetchall():  # one a worker
                    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(leftover))
                    connection.execute(drop)


@contextmanager
def _server() -> Iterator[str]:
    given = os.environ.get(GIVEN)
    candidates = [given] if given else LOCAL
    found = next((url for url in candidates if _may_create(url)), None)
    if found:
        yield found
    elif given:
        raise NoPostgres(f"{GIVEN}のサーバーにつながらないか、データベースを作る権限がありません")
    else:
        with private_cluster() as cluster:
            yield cluster.url


def _may_create(url: str) -> bool:
    query = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(query).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def _url(server: str, name: str) -> str:
    parts = urlsplit(server)
    return f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")


@dataclass
class PrivateCluster:
    """A server of its own in `folder`, which `user` owns: None where that is whoever runs this. settings: options of
    the server's command line.
    """

    folder: Path
    port: int
    user: str | None
    programs: Path
    settings: str = _NOTHING_KEPT

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def postmaster(self) -> int:
        """Its process id."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def create(self) -> None:
        """Make its files. Raises NoPostgres."""
        _run(
            [self.programs / "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"], self.user
        )

    def start(self) -> None:
        """Start, and wait until it answers. Raises NoPostgres: as while processes of a killed one still live."""
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.folder} {self.settings}"
        self._control("-l", self.folder / "log", "-o", options, "start")

    def stop(self) -> None:
        """Stop without any ceremony."""
        self._control("-m", "immediate", "stop")

    def _control(self, *arguments: str | Path) -> None:
        _run([self.programs / "pg_ctl", "-D", self._data, "-w", *arguments], self.user)


@contextmanager
def private_cluster(settings: str = _NOTHING_KEPT) -> Iterator[PrivateCluster]:
    """A running cluster with these settings. initdb refuses to run as root, so another user owns it then. Raises
    NoPostgres.
    """
    if debian.provide([debian.POSTGRES]):
        raise NoPostgres("PostgreSQLのサーバーがなく、入れることもできません (apt install postgresql)")
    programs = debian.postgres_programs()
    assert programs
    user = _unprivileged_user()
    with tempfile.TemporaryDirectory(prefix="renrakucho-postgres-") as folder:
        if user:
            shutil.chown(folder, user)
        cluster = PrivateCluster(Path(folder), _free_port(), user, programs, settings)
        cluster.create()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def _unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {line.split(":", 1)[0] for line in Path("/etc/passwd").read_text().splitlines()}
    return "postgres" if "postgres" in known else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: list[str | Path], user: str | None) -> None:
    # Into a file, not a pipe: the server inherits the output and would keep a pipe open for ever.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command,
            user=user,
            extra_groups=[] if user else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        output.seek(0)
        if done.returncode:
            raise NoPostgres(f"{Path(command[0]).name}: {output.read().decode(errors='replace')}")
