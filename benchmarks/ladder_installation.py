"""The installation of the ladder: PostgreSQL that counts its statements, portal, worker, providers' systems, mail."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bootstrap.postgres import PrivateCluster, private_cluster
from tests.delivery.cast_lanes import write_connections
from tests.listener import Reply, listening
from tests.ports import free_port

ROOT = Path(__file__).parents[1]
OFFERS = (
    "electricity:stop:tepco-ep",
    "electricity:start:tepco-ep",
    "gas:stop:tokyo-gas",
    "gas:start:tokyo-gas",
    "water:stop:tokyo-waterworks",
    "water:start:akishima-water",
    "broadcasting:change:nhk",
    "credit_card:change:jcb",
    "credit_card:change:nicos",
    "credit_card:change:dc-card",
    "insurance:change:mitsui-sumitomo",
    "internet:change:dti",
)
AT_A_DESK = ("akishima-water", "jcb", "nicos")  # the others have systems of their own
_SYSTEMS = sorted({offer.split(":")[2] for offer in OFFERS} - set(AT_A_DESK))
_COUNTING = "-c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.max=10000"
_PYTHON = (sys.executable, "-m")
_GRANIAN = (*_PYTHON, "granian", "--interface", "wsgi", "--workers", "2", "--log-level", "error")
_CODE = re.compile(r"確認の番号\s+(\d{6})\b")


@dataclass
class MailedCodes:
    """The mail server: it keeps the code of each mail that has one, by address."""

    codes: dict[str, str] = field(default_factory=dict)
    came: threading.Condition = field(default_factory=threading.Condition)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        letter = message_from_bytes(content if isinstance(content, bytes) else b"", policy=policy.default)
        body = letter.get_body(("plain",))
        found = _CODE.search(body.get_content()) if body else None
        if found:
            with self.came:
                self.codes.update(dict.fromkeys(envelope.rcpt_tos, found[1]))
                self.came.notify_all()
        return "250 OK"

    def wait_for(self, address: str) -> str:
        """The code that was mailed to this address. Raises TimeoutError."""
        with self.came:
            if not self.came.wait_for(lambda: address in self.codes, timeout=60):
                raise TimeoutError(f"no code for {address}")
            return self.codes[address]


@dataclass(frozen=True)
class LadderInstallation:
    """Everything that runs. portal, plain: ports. processes: process ids of what is counted, by name. database,
    plain_database: their URLs.
    """

    portal: int
    plain: int
    processes: Mapping[str, int]
    database: str
    plain_database: str
    mails: MailedCodes


@contextmanager
def running_installation() -> Iterator[LadderInstallation]:
    """Everything on this machine, with durable commits, until the block ends."""
    with ExitStack() as ending:
        cluster = ending.enter_context(private_cluster(_COUNTING))
        folder, sheets = (Path(ending.enter_context(tempfile.TemporaryDirectory())) for _each in range(2))
        mails, smtp = MailedCodes(), free_port()
        server = Controller(mails, hostname="127.0.0.1", port=smtp)
        server.start()
        ending.callback(server.stop)
        ports = {
            provider: ending.enter_context(listening(lambda received: Reply(200, b"{}"), keep_alive=True)).port
            for provider in _SYSTEMS
        }
        database, plain_database = _database(cluster, "portal"), _database(cluster, "plain")
        portal, plain = free_port(), free_port()
        environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith(("RENRAKUCHO_", "DATABASE_"))},
            "DATABASE_URL": database,
            "RENRAKUCHO_VAR": str(folder),
            "RENRAKUCHO_PROVIDERS": str(_desk_sheets(sheets / "providers")),
            "RENRAKUCHO_BASE_URL": f"http://localhost:{portal}",
            "RENRAKUCHO_BEHIND_PROXY": "1",
            "RENRAKUCHO_SMTP_PORT": str(smtp),
            "RENRAKUCHO_CONNECTIONS": str(_connections(folder / "connections.toml", ports)),
            "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings",
        }
        for name in ("migrate", "directory load", "collectstatic --noinput"):
            _run([*_PYTHON, "django", *name.split()], environment)
        plainly = {**environment, "DATABASE_URL": plain_database}
        _run([*_PYTHON, "benchmarks.plain_django"], plainly)
        served: list[tuple[str, dict[str, str], int, tuple[str, ...], str]] = [
            ("web", environment, portal, (*_GRANIAN, "--blocking-threads", "32"), "benchmarks.portal_with_baseline"),
            ("plain", plainly, plain, _GRANIAN, "benchmarks.plain_django"),
        ]
        processes = {"PostgreSQL": cluster.postmaster}
        for name, variables, port, program, module in served:
            command = (*program, "--port", str(port), f"{module}:application")
            processes[name] = ending.enter_context(_process(command, variables))
        processes["worker"] = ending.enter_context(_process((*_PYTHON, "django", "worker", "run"), environment))
        for port in (portal, plain):
            _wait_until_ready(port)
        yield LadderInstallation(portal, plain, processes, database, plain_database, mails)


def _connections(path: Path, ports: Mapping[str, int]) -> Path:
    write_connections(path, ports)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"[{provider}]\ndesk = true\n" for provider in AT_A_DESK)
    return path


def _desk_sheets(folder: Path) -> Path:
    """The providers' folders, each with a desk's sheets: all twelve can be told from here, with own items on each. Two
    procedures stay two notices.
    """
    shutil.copytree(ROOT / "providers", folder)
    start, stop = (folder / "akishima-water" / f"{procedure}.toml" for procedure in ("start", "stop"))
    for both in folder.glob("*/move.toml"):
        both.unlink()
    for sheet in folder.glob("*/*.toml"):
        if sheet.name != "provider.toml" and sheet.parent.name != "akishima-water":
            shutil.copy(stop if sheet.name == "stop.toml" else start, sheet)
    return folder


def _database(cluster: PrivateCluster, name: str) -> str:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = cluster.url.removesuffix("postgres") + name
    with psycopg.connect(url) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements")
    return url


@contextmanager
def _process(command: tuple[str, ...], environment: Mapping[str, str]) -> Iterator[int]:
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _wait_until_ready(port: int) -> None:
    until = time.monotonic() + 300
    while True:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/"):
                return
        except (OSError, urllib.error.URLError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
