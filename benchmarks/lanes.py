"""Delivery under bad receivers: how long good ones and mails wait. Prints an undisturbed run and a disturbed one.

usage: .venv/bin/python -m benchmarks.lanes [--postgres URL] [--workers 1] [--seconds 60] [--hang 3] [--drip 2]
Twenty providers' systems on this machine get notices and the mail server mails, evenly over the time. In the second run
three systems take what is sent and never answer, two answer a byte a second, and one answers 404. Times go from a
notice being entered (入力済) to its receipt 送信済, and from a mail being written to its being sent, by the database.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renrakucho.config.settings")
django.setup()

from sandbox.mail_receiver import mail_receiver
from tests.delivery.cast_lanes import write_connections
from tests.listener import Received, Reply, listening
from tests.ports import free_port

ANSWER = Reply(200, b"{}")
DRIP = Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" + b" " * 60, every=1)
GONE = Reply(404, b"{}")


@dataclass(frozen=True)
class Load:
    """providers: how many; of these so many hang, drip and answer 404. each: notices to one in all."""

    providers: int
    hang: int
    drip: int
    gone: int
    each: int
    seconds: float

    @property
    def names(self) -> list[str]:
        return [f"provider-{number:02}" for number in range(self.providers)]

    @property
    def healthy(self) -> list[str]:
        return self.names[self.hang + self.drip + self.gone :]


@contextmanager
def receivers(load: Load, *, disturbed: bool) -> Iterator[dict[str, int]]:
    """The providers' systems; their ports by name."""
    with ExitStack() as opened:
        ports = {}
        for number, name in enumerate(load.names):
            reply = ANSWER
            if disturbed and load.hang <= number < load.hang + load.drip:
                reply = DRIP
            if disturbed and load.hang + load.drip <= number < load.hang + load.drip + load.gone:
                reply = GONE

            def answer(received: Received, reply: Reply = reply) -> Reply:
                return reply

            listener = opened.enter_context(listening(answer))
            if disturbed and number < load.hang:
                listener.waiting.clear()
            ports[name] = listener.port
        yield ports


def run(load: Load, database: str, workers: int, *, disturbed: bool) -> dict[str, list[float]]:
    """One run on an empty database. Returns the seconds by kind: healthy, mails."""
    with ExitStack() as ending, receivers(load, disturbed=disturbed) as ports:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        smtp = free_port()
        mails = mail_receiver(folder / "letters", smtp)
        mails.start()
        ending.callback(mails.stop)
        environment = {
            **os.environ,
            "DATABASE_URL": database or f"sqlite:///{folder / 'lanes.sqlite3'}",
            "RENRAKUCHO_VAR": str(folder),
            "RENRAKUCHO_CONNECTIONS": str(write_connections(folder / "connections.toml", ports)),
            "RENRAKUCHO_SMTP_PORT": str(smtp),
            "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings",
        }
        python = [sys.executable, "-m"]
        subprocess.run([*python, "django", "migrate", "--verbosity=0"], env=environment, check=True)
        for _each in range(workers):
            worker = subprocess.Popen([*python, "django", "worker", "run"], env=environment)
            ending.callback(worker.wait)
            ending.callback(worker.terminate)
        feeder = [*python, "benchmarks.lanes_feeder", str(load.each), str(load.seconds), *load.names]
        feed = subprocess.run(
            [*feeder, "--healthy", *load.healthy], env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
    found: dict[str, list[float]] = {"healthy": [], "mails": []}
    for line in feed.stdout.splitlines():
        kind, _, seconds = line.partition(" ")
        found[kind].append(float(seconds))
    return found


def percentile(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> int:
    """Run both, print a table, and return 1 where a limit is broken."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--postgres", default="", help="URL of an empty server database; SQLite without")
    for name, default in {"workers": 1, "providers": 20, "hang": 3, "drip": 2, "gone": 1, "each": 30}.items():
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--seconds", type=float, default=60, help="for how long notices come in; 600 for the whole")
    given = options.parse_args()
    load = Load(given.providers, given.hang, given.drip, given.gone, given.each, given.seconds)
    found = {}
    for name, disturbed in (("undisturbed", False), ("disturbed", True)):
        with _database(given.postgres) as database:
            begun = time.monotonic()
            found[name] = run(load, database, given.workers, disturbed=disturbed)
            print(f"{name:12} {time.monotonic() - begun:.0f} s in all", file=sys.stderr)
    print(f"{load.hang} hang, {load.drip} drip, {load.gone} answers 404, of {load.providers}")
    print("run          kind      count   p50 s   p99 s   most s")
    for name, kinds in found.items():
        for kind, seconds in kinds.items():
            at = [percentile(seconds, share) for share in (0.5, 0.99, 1)]
            print(f"{name:12} {kind:9} {len(seconds):5}  {at[0]:6.2f}  {at[1]:6.2f}   {at[2]:6.2f}")
    calm, rough = (percentile(found[name]["healthy"], 0.99) for name in ("undisturbed", "disturbed"))
    mail = max(found["disturbed"]["mails"])
    holds = {
        f"healthy p99 {rough / calm:.2f} × undisturbed (at most 1.5)": rough <= 1.5 * calm,
        f"healthy p99 {rough:.2f} s (at most 5)": rough <= 5,
        f"slowest mail {mail:.2f} s (at most 5)": mail <= 5,
    }
    for text, good in holds.items():
        print(f"{'holds' if good else 'BROKEN'}: {text}")
    return 0 if all(holds.values()) else 1


@contextmanager
def _database(server: str) -> Iterator[str]:
    """A new database on the server, dropped afterwards; empty for SQLite."""
    if not server:
        yield ""
        return
    os.environ["RENRAKUCHO_TEST_POSTGRES"] = server
    from bootstrap.postgres import database  # noqa: PLC0415 - needs psycopg, which SQLite does not

    with database() as url:
        yield url


if __name__ == "__main__":
    sys.exit(main())
