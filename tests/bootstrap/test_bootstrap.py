"""Bootstrap: the environment that is installed, and the variables that reach the tests."""

from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from bootstrap import checks, debian, postgres, venv


def test_variables_of_an_installation_do_not_reach_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://production.example/book")
    monkeypatch.setenv("RENRAKUCHO_MASTER_KEY", "00")
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    with ExitStack() as stack:
        told = checks.clean_environment(stack)
        assert "DATABASE_URL" not in told
        assert [name for name in told if name.startswith("RENRAKUCHO_")] == ["RENRAKUCHO_VAR"]
        assert told["LANG"] == "ja_JP.UTF-8"
        assert Path(told["RENRAKUCHO_VAR"]).is_dir()


def test_packages_that_cannot_be_installed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    here, gone = debian.Need("here", lambda: True), debian.Need("gone", lambda: False)
    assert debian.provide([here, gone]) == ["gone"]


def test_a_moved_checkout_gets_a_new_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(venv, "VENV", tmp_path)
    pip = tmp_path / "bin" / "pip"
    pip.parent.mkdir()
    assert not venv._is_usable()
    pip.write_text(f"#!/bin/sh\n# {tmp_path}/bin/python\n")
    pip.chmod(0o755)
    assert venv._is_usable()
    pip.write_text("#!/bin/sh\n# elsewhere/bin/python\n")
    assert not venv._is_usable()


@pytest.mark.parametrize(
    ("server", "database"),
    [
        ("postgresql:///postgres", "postgresql:///new"),
        ("postgresql://me:secret@db.example:5433/any", "postgresql://me:secret@db.example:5433/new"),
        ("postgresql://me@db.example", "postgresql://me@db.example/new"),
        ("postgresql:///postgres?host=%2Fsocket", "postgresql:///new?host=%2Fsocket"),
    ],
)
def test_the_test_database_is_on_the_same_server(server: str, database: str) -> None:
    assert postgres._url(server, "new") == database


@pytest.mark.postgres
def test_the_test_database_exists_only_while_it_is_used() -> None:
    with postgres.database() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_an_unreachable_server_that_was_named_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(postgres.GIVEN, "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(postgres.NoPostgres, match=postgres.GIVEN), postgres.database():
        pass
