"""Database, its log and the keys are readable by the installation's user alone, also where they were not before."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from renrakucho.lib import private_files
from renrakucho.lib.private_files import close_to_others, create_private_file, files_open_to_others

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def var(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.VAR = tmp_path
    tmp_path.chmod(0o711)
    before = os.umask(0o000)  # the worst that a machine can be set to
    yield tmp_path
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_database_and_its_log_are_closed_to_others(var: Path) -> None:
    path = var / "new.sqlite3"
    create_private_file(path)
    create_private_file(path)  # one that is there stays
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE entries (text)")
        assert [mode(Path(f"{path}{ending}")) for ending in ("", "-wal", "-shm")] == [0o600] * 3
    database.close()


def test_a_database_made_by_sqlite_alone_would_be_open(var: Path) -> None:
    """The mutant: without the file made before, the machine's umask decides."""
    with sqlite3.connect(var / "bare.sqlite3") as database:
        database.execute("CREATE TABLE entries (text)")
    database.close()
    assert mode(var / "bare.sqlite3") & 0o077


def test_open_files_are_found_and_closed(var: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("renrakucho.sqlite3", "master_key", "trial_staff.txt", "period_keys/1", "static/page.css", "t-1.json"):
        (var / name).parent.mkdir(exist_ok=True)
        (var / name).touch()
    var.chmod(0o755)
    names = {path.relative_to(var).as_posix() for path in files_open_to_others()}
    assert names == {".", "renrakucho.sqlite3", "master_key", "trial_staff.txt", "period_keys", "period_keys/1"}
    assert len(close_to_others()) == 6
    assert caplog.text.count("closed to them now") == 6
    assert files_open_to_others() == []
    assert close_to_others() == []
    assert (mode(var), mode(var / "period_keys"), mode(var / "master_key")) == (0o711, 0o700, 0o600)
    assert mode(var / "static" / "page.css") == 0o666  # a proxy serves these


def test_a_process_that_starts_makes_and_closes_its_files(tmp_path: Path) -> None:
    variables = {
        name: text for name, text in os.environ.items() if not name.startswith(("RENRAKUCHO_", "DATABASE_", "DJANGO_"))
    }
    environment = {**variables, "RENRAKUCHO_VAR": str(tmp_path), "RENRAKUCHO_SANDBOX": "1", "PYTHONPATH": str(ROOT)}
    tmp_path.chmod(0o755)

    def run(code: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", f"import os; os.umask(0); {code}"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    run("import sys; sys.argv[1:] = ['django', 'migrate']; from renrakucho.config.command import main; main()")
    assert mode(tmp_path / "renrakucho.sqlite3") == 0o600
    (tmp_path / "renrakucho.sqlite3").chmod(0o644)  # as it was before the upgrade
    started = run("import renrakucho.config.worker")
    assert mode(tmp_path / "renrakucho.sqlite3") == 0o600
    assert mode(tmp_path) == 0o711
    assert "renrakucho.sqlite3: closed to them now" in started.stderr


@pytest.mark.parametrize(
    ("vendor", "in_transaction", "answer", "emptied"),
    [
        ("sqlite", False, (0, 5, 5), True),
        ("sqlite", False, (1, 0, 0), False),  # somebody was reading
        ("sqlite", True, (0, 0, 0), False),
        ("postgresql", False, (1, 0, 0), True),  # it empties its own log
    ],
)
def test_whether_the_log_was_emptied_is_said(
    monkeypatch: pytest.MonkeyPatch, vendor: str, in_transaction: bool, answer: tuple[int, int, int], emptied: bool
) -> None:
    cursor = SimpleNamespace(execute=lambda _sql: None, fetchone=lambda: answer)
    connection = SimpleNamespace(vendor=vendor, in_atomic_block=in_transaction, cursor=lambda: nullcontext(cursor))
    monkeypatch.setattr(private_files, "connection", connection)
    assert private_files.empty_write_ahead_log() == emptied
