"""Cache of the installation's own table."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from renrakucho.address.written import table_cache
from renrakucho.address.written.parse import parse_address
from renrakucho.address.written.table_cache import compile_table, default_table, table_path


@pytest.fixture
def empty_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("RENRAKUCHO_VAR", str(tmp_path))
    default_table.cache_clear()
    yield tmp_path
    default_table.cache_clear()


def test_an_unreadable_table_is_built_again_and_saved(empty_var: Path) -> None:
    table_path().write_bytes(b"cut off")
    assert parse_address("東京都多摩市永山1-2-3").town == "永山"
    assert [*empty_var.iterdir()] == [table_path()]
    assert table_path().stat().st_size > 1_000_000


def test_a_table_of_older_sources_is_deleted_unread(empty_var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_cache, "version", lambda name: "1.0")
    older = table_path()
    older.write_bytes(b"{}")
    monkeypatch.undo()
    monkeypatch.setenv("RENRAKUCHO_VAR", str(empty_var))
    monkeypatch.setattr(table_cache, "build_table", lambda source: b"{}")
    assert compile_table() != older
    assert [*empty_var.iterdir()] == [table_path()]
