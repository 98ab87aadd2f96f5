"""`python -m sandbox` as it is started by hand: pages and mail in two processes."""

import json
import os
import signal
import smtplib
import subprocess
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.ports import free_port
from tests.sandbox.visitor import a_letter
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]


def test_the_sandbox_serves_pages_and_receives_mail_until_it_is_stopped(tmp_path: Path) -> None:
    port, smtp_port = free_port(), free_port()
    settings = {"SANDBOX_PORT": str(port), "SANDBOX_SMTP_PORT": str(smtp_port), "RENRAKUCHO_VAR": str(tmp_path)}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox"], cwd=ROOT, env=os.environ | settings, stdout=log, stderr=log
        )
    try:
        base = f"http://127.0.0.1:{port}"
        assert "お試し環境" in opened(f"{base}/", process).decode()
        with smtplib.SMTP("127.0.0.1", smtp_port) as client:
            client.sendmail("book@portal.example", ["taro@example.jp"], a_letter(subject="届きました"))
        assert [letter["subject"] for letter in json.loads(opened(f"{base}/mail.json", process))] == ["届きました"]
        made = [path for path in tmp_path.rglob("*") if path.name != "log"]
        assert [path for path in made if path.stat().st_mode & 0o077] == []
        assert len(made) > 3
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=20)
    assert code == 0


def opened(url: str, process: subprocess.Popen[bytes]) -> bytes:
    """The page, once the server has started."""

    def answered() -> bytes:
        assert process.poll() is None, "the sandbox did not start"
        try:
            with urlopen(url) as answer:
                return bytes(answer.read())
        except URLError:
            return b""

    return wait_until(answered, 60, "the sandbox does not answer")
