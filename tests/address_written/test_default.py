"""The installation's own table."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from renrakucho.address.written.default import default_table, table_path
from renrakucho.address.written.parse import parse


@pytest.fixture
def empty_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("RENRAKUCHO_VAR", str(tmp_path))
    default_table.cache_clear()
    yield tmp_path
    default_table.cache_clear()


def test_a_table_that_cannot_be_read_is_built_again_and_kept(empty_var: Path) -> None:
    table_path().write_bytes(b"of an older version")
    assert parse("東京都多摩市永山1-2-3").town == "永山"
    assert [path.name for path in empty_var.iterdir()] == ["written_addresses.json"]
    assert table_path().stat().st_size > 1_000_000
