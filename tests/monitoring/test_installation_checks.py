"""Health checks: what is wrong is said, by name, in both languages, and the other checks go on."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from renrakucho.address.edition_cache import current_edition
from renrakucho.address.models import Edition
from renrakucho.lib.message_text import BothLanguages
from renrakucho.monitoring import disk_check, installation_checks
from renrakucho.monitoring.check_result import CheckResult, CheckState, healthy, worst_state
from renrakucho.monitoring.disk_check import DiskSpace
from renrakucho.monitoring.installation_checks import CHECKS, run_checks
from renrakucho.monitoring.models import BackupMark, WorkerHeartbeat
from renrakucho.monitoring.worker_heartbeat import record_heartbeat, worker_states
from renrakucho.mover.models import MasterKeyFingerprint
from tests.delivery.cast import entered

pytestmark = pytest.mark.django_db
FAILING, WARNING, UNKNOWN, OK = CheckState.FAILING, CheckState.WARNING, CheckState.UNKNOWN, CheckState.OK


def state(key: str) -> CheckState:
    return run_checks([key])[key].state


def beat(ago: float = 0, **failing: int) -> None:
    record_heartbeat("host:1", timezone.now(), failing)
    WorkerHeartbeat.objects.update(beat_at=timezone.now() - timedelta(seconds=ago))


@pytest.fixture
def connections(tmp_path: Path, settings: Any) -> Path:
    path = tmp_path / "connections.toml"
    settings.CONNECTIONS = str(path)
    return path


def test_every_check_says_something_in_both_languages() -> None:
    results = run_checks()
    assert list(results) == [check.key for check in CHECKS]
    assert len(results) == 18
    for result in results.values():
        assert result.said.japanese
        assert result.said.english.replace("–", "").isascii()
        assert result.remedy is None or all(result.remedy)
        assert result.remedy or result.state in (OK, UNKNOWN)


def test_a_worker_that_is_silent_for_thirty_seconds_is_missed() -> None:
    assert state("workers") == FAILING
    beat(ago=29)
    assert state("workers") == OK
    beat(ago=31)
    assert state("workers") == FAILING
    beat()
    assert state("workers") == OK


def test_a_job_that_keeps_failing_is_named() -> None:
    beat(**{"mails to movers": 2})
    assert state("workers") == OK
    beat(**{"mails to movers": 3})
    result = run_checks(["workers"])["workers"]
    assert result.state == FAILING
    assert "mails to movers" in result.said.english


def test_a_worker_that_died_falls_out_when_another_beats() -> None:
    beat(ago=9 * 60)
    record_heartbeat("host:2", timezone.now(), {})
    assert [worker.owner for worker in worker_states()] == ["host:2", "host:1"]
    WorkerHeartbeat.objects.filter(owner="host:1").update(beat_at=timezone.now() - timedelta(minutes=11))
    record_heartbeat("host:2", timezone.now(), {})
    assert [worker.owner for worker in worker_states()] == ["host:2"]


def test_the_clock_of_a_worker_that_is_wrong_is_said() -> None:
    beat()
    assert state("clocks") == OK
    WorkerHeartbeat.objects.update(skew=-7.0)
    result = run_checks(["clocks"])["clocks"]
    assert (result.state, "-7 seconds" in result.said.english) == (FAILING, True)


def test_another_master_key_is_said_by_its_fingerprint() -> None:
    assert state("master_key") == OK
    MasterKeyFingerprint.objects.update_or_create(id=1, defaults={"fingerprint": "0" * 16, "stored_at": timezone.now()})
    assert state("master_key") == FAILING


@pytest.mark.usefixtures("directory")
def test_a_lane_that_stands_still_is_named() -> None:
    notice = entered()
    assert state("lanes") == OK
    type(notice).objects.update(due_at=timezone.now() - timedelta(seconds=61))
    result = run_checks(["lanes"])["lanes"]
    assert result.state == FAILING
    assert "akishima-water inbox" in result.said.english


def test_a_missing_migration_is_named() -> None:
    assert state("migrations") == OK
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'monitoring'")
    result = run_checks(["migrations"])["migrations"]
    assert (result.state, "monitoring.0" in result.said.english) == (FAILING, True)


def test_on_an_empty_machine_what_is_missing_is_said_and_nothing_is_blamed_on_the_database(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    """A database without tables, no connections, no static files: each is named, with what to do."""

    def missing() -> CheckResult:
        raise OperationalError("no such table: notice_notice")

    settings.CONNECTIONS, settings.STATIC_ROOT = "", tmp_path
    checks = [replace(check, run=missing) if check.key in ("workers", "lanes") else check for check in CHECKS]
    monkeypatch.setattr(installation_checks, "CHECKS", checks)
    results = run_checks()
    for key in ("workers", "lanes"):
        assert (results[key].state, results[key].remedy) == (UNKNOWN, None)
        assert "migrations of the database are missing" in results[key].said.english
    assert results["connections"].said.japanese.endswith("RENRAKUCHO_CONNECTIONSに書いてください）。")
    assert results["static_files"].state == FAILING


@pytest.mark.parametrize(("hours", "expected"), [(25, OK), (27, WARNING), (24 * 9, FAILING)])
def test_an_old_backup_is_said(hours: int, expected: CheckState) -> None:
    assert state("backup") == UNKNOWN
    BackupMark.objects.create(marked_at=timezone.now() - timedelta(hours=hours))
    assert state("backup") == expected


def test_no_directory_is_said() -> None:
    Edition.objects.all().delete()
    current_edition.ask_again()
    assert state("directory") == FAILING
    current_edition.ask_again()


@pytest.mark.parametrize(
    ("free", "total", "expected"),
    [(50, 100, OK), (1, 100, FAILING), (1, 5, OK), (0.4, 5, FAILING), (1.5, 40, WARNING), (10, 1000, WARNING)],
)
def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch, free: float, total: float, expected: CheckState) -> None:
    usage = SimpleNamespace(free=free * 1024**3, total=total * 1024**3)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert state("disk") == expected


@pytest.fixture
def disks(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[float, float, bool]]:
    """Disks in play, by folder: gigabytes that are free of a hundred, share of inodes, read-only."""
    found: dict[str, tuple[float, float, bool]] = {}

    def played() -> Iterator[DiskSpace]:
        for folder in disk_check.written_folders():
            free, files, read_only = found.get(str(folder), (50, 1, False))
            yield DiskSpace(folder, int(free * 1024**3), free / 100, files, read_only)

    monkeypatch.setattr(disk_check, "_disks", played)
    return found


@pytest.mark.parametrize("of", ["var", "audit head", "keys of weeks", "nightly files", "static", "temporary"])
@pytest.mark.parametrize(("free", "files", "read_only"), [(0.4, 1, False), (50, 0.02, False), (50, 1, True)])
def test_the_disk_of_every_folder_that_is_written_to_is_looked_at(
    disks: dict[str, tuple[float, float, bool]],
    connections: Path,
    settings: Any,
    of: str,
    free: float,
    files: float,
    *,
    read_only: bool,
) -> None:
    connections.write_text('[akishima-water.files]\nfolder = "/srv/sftp/water"\n', "utf-8")
    assert state("disk") == OK
    folder = {
        "var": settings.VAR,
        "audit head": Path(settings.AUDIT_HEAD_FILE).parent,
        "keys of weeks": settings.PERIOD_KEYS,
        "nightly files": "/srv/sftp/water",
        "static": settings.STATIC_ROOT,
        "temporary": tempfile.gettempdir(),
    }[of]
    disks[str(folder)] = (free, files, read_only)
    result = run_checks(["disk"])["disk"]
    assert (result.state, str(folder) in result.said.japanese) == (FAILING, True)


def test_the_disks_are_looked_at_without_connections_too(connections: Path) -> None:
    connections.write_text("no [toml", "utf-8")
    assert state("disk") in (OK, WARNING)


def test_connections_that_cannot_be_read_are_said(connections: Path) -> None:
    assert state("connections") == FAILING


def test_the_secrets_of_the_sandbox_are_refused_outside_a_trial(settings: Any) -> None:
    assert state("connections") in (OK, WARNING)
    settings.TRIAL_CONNECTIONS = False
    assert state("connections") == FAILING


def test_static_files_that_were_not_collected_are_said(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    assert state("static_files") == FAILING
    (tmp_path / "staticfiles.json").write_text("{}", "utf-8")
    assert state("static_files") == OK


def test_without_a_database_only_that_is_failing_and_the_rest_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> CheckResult:
        raise OperationalError("connection to server at 10.0.0.1, user renrakucho failed")

    monkeypatch.setattr(type(CHECKS[0]), "run", property(lambda check: refuse), raising=False)
    results = run_checks(["database", "migrations", "workers", "lanes"])
    assert [result.state for result in results.values()] == [FAILING, UNKNOWN, UNKNOWN, UNKNOWN]
    assert "10.0.0.1" not in str(results)


def test_the_worst_state_counts() -> None:
    def of(state: CheckState) -> CheckResult:
        return CheckResult(state, BothLanguages("", ""))

    assert worst_state([]) == OK
    assert worst_state([healthy("", ""), of(UNKNOWN)]) == UNKNOWN
    assert worst_state([of(WARNING), of(UNKNOWN)]) == WARNING
    assert worst_state([of(FAILING), of(WARNING)]) == FAILING
