"""Files of secrets."""

from pathlib import Path

from renrakucho.lib import secret_file


def test_written_secrets_are_read_again_by_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "keys.txt"
    assert secret_file.read_secrets(path) == {}
    secret_file.write_secrets(path, {"b": "2 3", "a": "1"})
    secret_file.write_secrets(path, {"b": "2 3", "a": "髙"})
    assert secret_file.read_secrets(path) == {"a": "髙", "b": "2 3"}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keys.txt"]
