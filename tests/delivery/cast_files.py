"""A provider's folder of nightly files, what lies in it, and notices that go there."""

import csv
import io
import os
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.outcome import Outcome
from renrakucho.delivery.batch_delivery import deliver_batches
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.lib import lease
from renrakucho.lib.lease import this_process
from renrakucho.notice.models import Notice
from renrakucho.receipt.mover_actions import enter_notice
from tests.receipt.cast import answered

HEAD = "れんらく番号,受付番号,差戻しの理由\r\n"
Rows = list[list[str]]


def connected(tmp_path: Path, settings: Any, more: str = "") -> Path:
    there = tmp_path / "sftp"
    ways = tmp_path / "connections.toml"
    ways.write_text(f'[akishima-water.files]\nfolder = "{there}"\n{more}', "utf-8")
    settings.CONNECTIONS = str(ways)
    return there


def two_folders(tmp_path: Path, settings: Any) -> tuple[Path, Path]:
    """Those of 昭島市, and of 横須賀市 after it."""
    ways, first, second = tmp_path / "two.toml", tmp_path / "akishima", tmp_path / "yokosuka"
    connections = {"akishima-water": first, "yokosuka-water": second}
    ways.write_text("".join(f'[{slug}.files]\nfolder = "{there}"\n' for slug, there in connections.items()), "utf-8")
    settings.CONNECTIONS = str(ways)
    return first, second


def entered(provider: str = "akishima-water", **others: str) -> Notice:
    """Written, and asked after by the postman once."""
    notice = enter_notice(answered(**others))
    Notice.objects.filter(id=notice.id).update(provider=provider)
    deliver_due_notices("test")
    notice.refresh_from_db()
    return notice


def night() -> str:
    told = StringIO()
    call_command("files", stdout=told)
    return told.getvalue()


def files(there: Path) -> list[Path]:
    return sorted(there.glob("*.csv"))


def rows(path: Path, encoding: str = "utf-8-sig") -> Rows:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def brings(there: Path, text: str, name: str = "a.csv", encoding: str = "utf-8-sig", head: str = HEAD) -> None:
    """A file of answers that came to rest a while ago."""
    path = there / "answers" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((head + text).encode(encoding))
    past = timezone.now().timestamp() - 3600
    os.utime(path, (past, past))


def numbers_in(path: Path, encoding: str = "utf-8-sig") -> list[str]:
    """The numbers of a file's notices, without the hyphens that they are written with."""
    return [row[0].replace("-", "") for row in rows(path, encoding)[1:]]


def results(there: Path, name: str = "a.csv") -> list[str]:
    return [row[-1] for row in rows(there / "results" / name)[1:]]


def status(notice: Notice) -> str:
    notice.refresh_from_db()
    return notice.status


def dying(monkeypatch: pytest.MonkeyPatch, *, written: bool) -> None:
    """The next run is killed before it writes, or after."""
    really = CHANNELS["files"].send_batch
    assert really

    def dies(parcels: Any, name: str) -> Outcome:
        if written:
            really(parcels, name)
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setitem(CHANNELS, "files", replace(CHANNELS["files"], send_batch=dies))
        with pytest.raises(KeyboardInterrupt):
            deliver_batches(a_dead_process())


def a_dead_process() -> str:
    """The lease owner's name of a process of this machine that was killed."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        owner = this_process().rsplit(":", 2)[0] + f":{process.pid}:{lease._started(process.pid)}"
        process.kill()
    return owner
