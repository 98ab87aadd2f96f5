"""Files of secrets."""

from pathlib import Path

from renrakucho.lib import private_lines


def test_what_is_written_is_read_again_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "keys.txt"
    assert private_lines.read(path) == {}
    private_lines.write(path, {"b": "2 3", "a": "1"})
    private_lines.write(path, {"b": "2 3", "a": "髙"})
    assert private_lines.read(path) == {"a": "髙", "b": "2 3"}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keys.txt"]
