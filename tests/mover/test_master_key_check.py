"""Nothing starts with another master key than that of the database."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from renrakucho.mover.book import begin_draft
from renrakucho.mover.master_key_check import WrongMasterKey, check_master_key, master_key_fingerprint
from renrakucho.mover.models import MasterKeyFingerprint

OTHER_KEY = "5c" * 32


@pytest.mark.django_db
def test_the_first_key_is_kept_and_another_is_refused(settings: Any) -> None:
    check_master_key()
    check_master_key()
    first = MasterKeyFingerprint.objects.get().fingerprint
    assert first == master_key_fingerprint()
    assert first not in settings.MASTER_KEY
    assert len(first) == 16
    assert MasterKeyFingerprint.objects.get().id == 1  # one row, whoever comes first
    settings.MASTER_KEY = OTHER_KEY
    with pytest.raises(WrongMasterKey, match="元の鍵に戻してください"):
        check_master_key()
    assert MasterKeyFingerprint.objects.get().fingerprint == first


@pytest.mark.django_db
def test_a_database_from_before_fingerprints_is_known_by_its_books(settings: Any) -> None:
    begin_draft()
    right = settings.MASTER_KEY
    settings.MASTER_KEY = OTHER_KEY
    with pytest.raises(WrongMasterKey):
        check_master_key()
    assert not MasterKeyFingerprint.objects.exists()
    settings.MASTER_KEY = right
    check_master_key()
    assert MasterKeyFingerprint.objects.count() == 1


@pytest.mark.django_db
def test_the_worker_does_not_start_with_another_key(settings: Any) -> None:
    call_command("worker", "run", "--once")
    settings.MASTER_KEY = OTHER_KEY
    with pytest.raises(CommandError, match="別のマスターキー"):
        call_command("worker", "run", "--once")


def test_the_portal_does_not_start_when_the_key_is_lost(tmp_path: Path) -> None:
    variables = {
        name: text for name, text in os.environ.items() if not name.startswith(("RENRAKUCHO_", "DATABASE_", "DJANGO_"))
    }

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        environment = {**variables, "RENRAKUCHO_VAR": str(tmp_path), "RENRAKUCHO_SANDBOX": "1"}
        return subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True)

    command = "from renrakucho.config.command import main; main()"
    portal = ("-c", "import renrakucho.config.worker")
    assert run("-c", command, "django", "migrate").returncode == 0
    assert run("-c", command, "master_key", "check").returncode == 0
    started = run(*portal)
    assert started.returncode == 0, started.stderr
    (tmp_path / "master_key").unlink()
    refused = run(*portal)
    assert refused.returncode == 1
    assert refused.stderr.startswith("このデータベースの中身は、別のマスターキーで封をしてあります")
    assert "Traceback" not in refused.stderr
