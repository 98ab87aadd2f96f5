"""The whole service as `renrakucho run` starts it: nothing is stood in for but the providers' sites."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).parents[2]
READY_SECONDS = 120


@dataclass(frozen=True)
class House:
    """Where it runs. The sandbox has another host name than the portal, as real providers do."""

    portal: str
    sandbox: str
    var: Path

    def login(self, provider: str) -> tuple[str, str]:
        """A trial desk's ID and password."""
        logins = dict(line.split(" ", 1) for line in self.var.joinpath("trial_staff.txt").read_text().splitlines())
        return provider, logins[provider]

    def mails(self, to: str, subject: str, *, count: int = 1) -> list[str]:
        """The texts of the mails to this address whose subject has this word, newest first; waits for `count` of them
        as long as ten seconds, and returns those that are there.
        """
        texts: list[str] = []
        for _attempt in range(100):
            letters = _json(f"{self.sandbox}/mail.json")
            texts = [letter["text"] for letter in letters if to in letter["to"] and subject in letter["subject"]]
            if len(texts) >= count:
                break
            time.sleep(0.1)
        return texts

    def fax(self, number: str) -> Image.Image:
        """The page that came out at the office for this notice (twelve digits); waits as long as ten seconds."""
        for _attempt in range(100):
            for letter in _json(f"{self.sandbox}/mail.json"):
                if letter["subject"] == number:
                    with urllib.request.urlopen(f"{self.sandbox}/mail/{letter['id']}/1.png") as picture:
                        return Image.open(io.BytesIO(picture.read()))
            time.sleep(0.1)
        raise TimeoutError(number)


def _json(address: str) -> Any:
    with urllib.request.urlopen(address) as answer:
        return json.load(answer)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(var: Path, *, port: int = 0, **variables: str) -> Iterator[House]:
    """Start everything on free ports, with its data in `var`; stop it in the end. port: the portal's, if it matters."""
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
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        assert service.poll() is None, log.read_text()
        try:
            for address in (made.portal, f"{made.sandbox}/mail.json"):
                urllib.request.urlopen(address).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(log.read_text())
