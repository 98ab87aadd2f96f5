"""Nightly files: a provider gets one CSV a night, and answers in another."""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.house import ROOT, House, running
from tests.journeys.mover import OFFERS, Mover

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WATER = "昭島市水道部"


@contextmanager
def portal_with_files(folder: Path, database: Path) -> Iterator[tuple[House, dict[str, str]]]:
    """Start a portal where 昭島市 gets files. Yields it with the environment of its commands."""
    connections = folder / "connections.toml"
    others = (ROOT / "sandbox" / "connections.toml").read_text("utf-8").replace("[akishima-water]\ndesk = true\n", "")
    connections.write_text(f'{others}\n[akishima-water.files]\nfolder = "{folder / "sftp"}"\n', "utf-8")
    variables = {"RENRAKUCHO_CONNECTIONS": str(connections), "RENRAKUCHO_SANDBOX": "1"}
    with running(folder, database=database, RENRAKUCHO_CONNECTIONS=str(connections)) as house:
        yield house, {**os.environ, **variables, "RENRAKUCHO_VAR": str(folder), "RENRAKUCHO_SANDBOX_URL": house.sandbox}


def run_nightly_exchange(variables: dict[str, str]) -> None:
    subprocess.run(
        [Path(sys.executable).with_name("renrakucho"), "files"],
        cwd=ROOT,
        env=variables,
        check=True,
        capture_output=True,
    )


def apply(mover: Mover) -> None:
    soon = date.today() + timedelta(days=12)  # noqa: DTZ011 - far enough from every window's edge
    mover.apply(OFFERS, leave_on=soon, arrive_on=soon)
    mover.begin(WATER, "開始")
    mover.page.locator('[name="next_payment"]').first.check()
    mover.press("確認して送る")


def wait_until(mover: Mover, status: str) -> str:
    """Wait until the notice has this status."""
    said = ""
    for _look in range(40):
        said = mover.leaf(WATER, "開始").inner_text()
        if status in said:
            break
        mover.page.wait_for_timeout(250)
    return said


def test_a_nightly_file_is_answered_by_a_file(browser: Browser, tmp_path: Path, directory_database: Path) -> None:
    with portal_with_files(tmp_path, directory_database) as (house, variables):
        phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
        mover = Mover(phone.new_page(), house.portal, "files@example.jp")
        apply(mover)
        assert "入力済" in mover.leaf(WATER, "開始").inner_text(), "no file, not sent"
        for _look in range(40):  # the worker has to have had it in hand
            run_nightly_exchange(variables)
            if list((tmp_path / "sftp").glob("*.csv")):
                break
        (file,) = (tmp_path / "sftp").glob("*.csv")
        with file.open(encoding="utf-8-sig", newline="") as lines:
            (row,) = csv.DictReader(lines)
        assert "髙﨑" in " ".join(row.values())
        assert "送信済" in wait_until(mover, "送信済")

        answers = tmp_path / "sftp" / "answers" / "昭島.csv"
        answers.parent.mkdir(exist_ok=True)
        answers.write_text(f"れんらく番号,受付番号,差戻しの理由\r\n{row['れんらく番号']},昭水-77,\r\n", "utf-8-sig")
        at_rest = time.time() - 3600
        os.utime(answers, (at_rest, at_rest))
        run_nightly_exchange(variables)
        assert "昭水-77" in wait_until(mover, "受理")
        mover.leaf(WATER, "開始").get_by_role("link", name="くわしく").click()
        history = mover.page.locator(".history").inner_text()
        for proof in ("事業者に届けました", "夜間ファイル", "事業者が受理しました", "昭水-77"):
            assert proof in history
        (mail,) = house.mails("files@example.jp", "受理")
        assert "昭水-77" in mail
        phone.close()
