"""Somebody at the bureau, with a browser and a telephone of their own."""

import base64
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Page, expect

from tests.journeys.house import ROOT, House

PASSWORD = "長い合言葉-correct-horse"
STEP_SECONDS = 30


@dataclass
class BureauMember:
    """One account of the bureau."""

    page: Page
    house: House

    def join(self, link: str, login_id: str) -> None:
        """Accept an invitation, log in, and set up the second factor, without which nothing opens."""
        page = self.page
        page.goto(link)
        for field, typed in (("name", login_id), ("login_id", login_id), ("password", PASSWORD), ("again", PASSWORD)):
            page.locator(f'[name="{field}"]').fill(typed)
        self.press("登録する")
        page.locator('[name="login_id"]').fill(login_id)
        page.locator('[name="password"]').fill(PASSWORD)
        self.press("ログイン")
        secret = base64.b32decode(page.locator(".desk-secret").inner_text().replace(" ", ""))
        code = TOTP(secret, 6, SHA1(), STEP_SECONDS).generate(int(time.time())).decode()
        page.locator('[name="code"]').fill(code)
        self.press("設定する")
        expect(page.locator(".desk-codes code")).to_have_count(10)
        page.get_by_role("link", name="しまいました").click()
        expect(page.get_by_role("heading", name="概況", exact=True)).to_be_visible()

    def invite(self, role: str) -> str:
        """Invite a colleague; returns the link."""
        self.open("staff")
        self.page.get_by_label(role, exact=True).check()
        self.press("リンクを作る")
        return str(self.page.locator(".desk-link-shown code").inner_text())

    def open(self, path: str = "") -> str:
        """Open one of the bureau's pages; returns its text."""
        self.page.goto(f"{self.house.portal}/bureau/{path}")
        return self.page.locator("body").inner_text()

    def press(self, label: str) -> None:
        """Press a button, and wait for the next page."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label, exact=True).click()


def invitation_from_command_line(house: House, *options: str, noun: str = "bureau") -> str:
    """The link that `renrakucho bureau invite`, or another noun's, prints in the running installation."""
    surrounding = {**os.environ, "RENRAKUCHO_VAR": str(house.var), "RENRAKUCHO_BASE_URL": house.portal}
    surrounding["RENRAKUCHO_SANDBOX"] = "1"
    tool = Path(sys.executable).with_name("renrakucho")
    command: list[str | Path] = [tool, noun, "invite", *options]
    done = subprocess.run(command, cwd=ROOT, env=surrounding, capture_output=True, text=True, check=True)
    return str(done.stdout.splitlines()[0])


@contextmanager
def worker_stopped(house: House) -> Iterator[None]:
    """Stop the worker's process without ending it, as a machine that hangs would."""
    with closing(sqlite3.connect(house.var / "renrakucho.sqlite3")) as database:
        rows = database.execute("SELECT owner FROM monitoring_workerheartbeat ORDER BY beat_at DESC LIMIT 1")
        process = int(rows.fetchone()[0].split(":")[-2])  # host, namespace, process, start
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)
