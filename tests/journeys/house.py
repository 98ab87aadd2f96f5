"""The whole service as `renrakucho run` starts it; only the providers' sites are stand-ins."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from renrakucho.address.written.table_cache import default_table, table_path
from tests.ports import free_port
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
READY_SECONDS = 300


@dataclass(frozen=True)
class House:
    """The URLs of a running service. The sandbox has another host name than the portal, as real providers do."""

    portal: str
    sandbox: str
    var: Path

    def login(self, provider: str) -> tuple[str, str]:
        """Return ID and password of a trial desk."""
        logins = dict(line.split(" ", 1) for line in self.var.joinpath("trial_staff.txt").read_text().splitlines())
        return provider, logins[provider]

    def mails(self, to: str, subject: str, *, count: int = 1) -> list[str]:
        """Return the texts of the mails to this address whose subject has this word, newest first. Waits for `count` of
        them at most ten seconds, and returns those that are there.
        """
        texts: list[str] = []

        def arrived() -> bool:
            letters = _json(f"{self.sandbox}/mail.json")
            texts[:] = [letter["text"] for letter in letters if to in letter["to"] and subject in letter["subject"]]
            return len(texts) >= count

        with suppress(TimeoutError):
            wait_until(arrived, 10, subject)
        return texts

    def fax(self, number: str) -> Image.Image:
        """Return the page that the office's fax printed for this notice (twelve digits); wait at most ten seconds."""

        def letter_id() -> str:
            letters = _json(f"{self.sandbox}/mail.json")
            return next((str(letter["id"]) for letter in letters if letter["subject"] == number), "")

        found = wait_until(letter_id, 10, number)
        with urllib.request.urlopen(f"{self.sandbox}/mail/{found}/1.png") as picture:
            return Image.open(io.BytesIO(picture.read()))


def _json(address: str) -> Any:
    with urllib.request.urlopen(address) as answer:
        return json.load(answer)


@contextmanager
def running(var: Path, *, port: int = 0, database: Path | None = None, **variables: str) -> Iterator[House]:
    """Start everything on free ports, with its data in `var`; stop it in the end. port: the portal's, if it matters.
    database: one to begin with (`directory_database`), of which it gets a copy, and of the table of written addresses;
    None: it makes everything itself.
    """
    if database:
        shutil.copy(database, var / "renrakucho.sqlite3")
        default_table()  # of this test run, made where there is none yet
        shutil.copy(table_path(), var)
    portal, sandbox, letters = (port or free_port(), free_port(), free_port())
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith(("RENRAKUCHO_", "DATABASE_"))},
        "PORT": str(portal),
        "SANDBOX_PORT": str(sandbox),
        "SANDBOX_SMTP_PORT": str(letters),
        "RENRAKUCHO_VAR": str(var),
        "RENRAKUCHO_SANDBOX_URL": f"http://127.0.0.1:{sandbox}",
        **variables,
    }
    log = var / "run.log"
    with log.open("w") as output:
        service = subprocess.Popen(
            [Path(sys.executable).with_name("renrakucho"), "run"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    made = House(f"http://localhost:{portal}", f"http://127.0.0.1:{sandbox}", var)
    try:
        _wait(made, service, log)
        yield made
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(timeout=30)


def _wait(made: House, service: "subprocess.Popen[bytes]", log: Path) -> None:
    def answers() -> bool:
        assert service.poll() is None, log.read_text()
        try:
            for address in (made.portal, f"{made.sandbox}/mail.json"):
                urllib.request.urlopen(address).close()
        except OSError:
            return False
        return True

    wait_until(answers, READY_SECONDS, log.read_text)
