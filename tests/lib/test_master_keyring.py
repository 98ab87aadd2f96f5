"""Master keyring: which texts are its keys, how a key is named, and when its file is read again."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from renrakucho.lib import master_keyring
from renrakucho.lib.master_keyring import key_fingerprint, keyring_texts, sealing_key_text, use_sealing_key

OLD, NEW = "0a" * 32, "b1" * 32


def test_a_fingerprint_has_sixteen_digits_and_tells_keys_apart() -> None:
    assert [len(key_fingerprint(key)) for key in (OLD, NEW)] == [16, 16]
    assert key_fingerprint(OLD) != key_fingerprint(NEW)


def test_a_changed_file_is_read_within_a_second_and_at_once_where_this_process_changed_it(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MASTER_KEY_FILE, settings.MASTER_KEY = tmp_path / "master_key", OLD
    settings.MASTER_KEY_FILE.write_text(OLD)
    monkeypatch.setattr(master_keyring, "_file", master_keyring._KeyFile())

    def keys_at(seconds: float) -> tuple[str, ...]:
        monkeypatch.setattr(master_keyring, "time", SimpleNamespace(monotonic=lambda: seconds))
        return keyring_texts()

    assert keys_at(0) == (OLD,)
    settings.MASTER_KEY_FILE.write_text(f"{OLD}\n{NEW}\n")
    assert keys_at(0.5) == (OLD,)
    master_keyring.read_keys_again()
    assert keys_at(0.5) == (OLD, NEW)
    settings.MASTER_KEY_FILE.write_text(NEW)
    assert keys_at(1.4) == (OLD, NEW)
    assert keys_at(1.5) == (NEW,)


def test_a_file_that_is_away_leaves_the_keys_that_are_known(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MASTER_KEY_FILE, settings.MASTER_KEY = tmp_path / "master_key", OLD
    monkeypatch.setattr(master_keyring, "_file", master_keyring._KeyFile())
    assert keyring_texts() == (OLD,)


def test_the_first_key_seals_until_the_database_names_another(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MASTER_KEY_FILE, settings.MASTER_KEY = None, f"{OLD},{NEW}"
    monkeypatch.setattr(master_keyring, "_sealing", "")
    assert sealing_key_text() == OLD
    use_sealing_key(key_fingerprint(NEW))
    assert sealing_key_text() == NEW
