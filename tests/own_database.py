"""A database of its own for a test with several processes, of either kind: empty, or with all tables."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[1]
KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty one."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'own.sqlite3'}"
    else:
        with _postgres_database("template1") as made:
            yield made


@pytest.fixture(params=KINDS)
def migrated_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of one that has all tables, and nothing of anybody: a copy of one that was migrated once."""
    if request.param == "sqlite":
        copied = shutil.copyfile(request.getfixturevalue("migrated_sqlite"), tmp_path / "own.sqlite3")
        yield f"sqlite:///{copied}"
    else:
        with _postgres_database(request.getfixturevalue("migrated_postgres")) as made:
            yield made


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file to copy. Whoever wrote it has ended, and so it has no write-ahead log."""
    path = tmp_path_factory.mktemp("migrated") / "template.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres() -> Iterator[str]:
    """The name of the database to copy."""
    with _postgres_database("template1") as made:
        _migrate(made)
        yield made.rpartition("/")[2]


def _migrate(database: str) -> None:
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings"}
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
    subprocess.run(migrate, env=environment, cwd=ROOT, check=True)


@contextmanager
def _postgres_database(template: str) -> Iterator[str]:
    """A copy of this database of the tests' server, which is dropped afterwards. Yields its URL."""
    server, name = os.environ["RENRAKUCHO_TEST_POSTGRES"].rsplit("/", 1)[0], f"own_{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
