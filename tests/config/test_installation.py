"""Key files and secret files: made once and whole, readable by their owner alone."""

import os
import stat
from pathlib import Path

import pytest

from renrakucho.config import installation


@pytest.fixture(autouse=True)
def var(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(installation, "VAR", tmp_path)
    monkeypatch.delenv("RENRAKUCHO_SOME_KEY", raising=False)
    return tmp_path


def test_a_key_is_made_once(var: Path) -> None:
    key = installation.key_file("some_key")
    assert len(bytes.fromhex(key)) == 32
    assert installation.key_file("some_key") == key
    assert [path.name for path in var.iterdir()] == ["some_key"]
    assert stat.S_IMODE((var / "some_key").stat().st_mode) == 0o600


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch, var: Path) -> None:
    monkeypatch.setenv("RENRAKUCHO_SOME_KEY", "given")
    assert installation.key_file("some_key") == "given"
    assert list(var.iterdir()) == []


def test_a_credential_of_the_unit_goes_before_the_file(monkeypatch: pytest.MonkeyPatch, var: Path) -> None:
    """systemd's LoadCredential=; a folder without this key is none. The mutant: reading the file only."""
    credentials = var / "credentials"
    credentials.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert installation.given_key("some_key") == ""
    (credentials / "some_key").write_text("handed over\n")
    assert installation.key_file("some_key") == "handed over"
    monkeypatch.setenv("RENRAKUCHO_SOME_KEY", "given")
    assert installation.key_file("some_key") == "given"
    assert [path.name for path in var.iterdir()] == ["credentials"]


def test_two_processes_that_start_together_read_one_whole_key(monkeypatch: pytest.MonkeyPatch, var: Path) -> None:
    """The other process makes its key after this one has found none. The mutant: creating the file and then writing."""
    link = os.link
    seen = []

    def other_process_first(draft: str, path: Path) -> None:
        assert not path.exists()  # nobody can read a key before it is whole
        path.write_text("f" * 64)
        seen.append(Path(draft).read_text())
        link(draft, path)

    monkeypatch.setattr(os, "link", other_process_first)
    assert installation.key_file("some_key") == "f" * 64
    assert [len(text) for text in seen] == [64]
    assert [path.name for path in var.iterdir()] == ["some_key"]


def test_written_secrets_are_read_again_by_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "keys.txt"
    assert installation.read_secrets(path) == {}
    installation.write_secrets(path, {"b": "2 3", "a": "1"})
    installation.write_secrets(path, {"b": "2 3", "a": "髙"})
    assert installation.read_secrets(path) == {"a": "髙", "b": "2 3"}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keys.txt"]
