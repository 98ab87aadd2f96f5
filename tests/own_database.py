"""A database of its own for a test with several processes, of either kind: empty, or with all tables."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.database_copies import MIGRATED
from tests.made_once import MakeOnce

ROOT = Path(__file__).resolve().parents[1]
KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty one."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'own.sqlite3'}"
    else:
        with postgres_database("template1") as made:
            yield made


@pytest.fixture(params=KINDS)
def migrated_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of one that has all tables, and nothing of anybody: a copy of one that was migrated once."""
    if request.param == "sqlite":
        copied = shutil.copyfile(request.getfixturevalue("migrated_sqlite"), tmp_path / "own.sqlite3")
        yield f"sqlite:///{copied}"
    else:
        with postgres_database(request.getfixturevalue("migrated_postgres")) as made:
            yield made


@pytest.fixture(scope="session")
def migrated_sqlite(make_once: MakeOnce, django_db_setup: None) -> Path:
    """The file to copy; the test database's, where there is one. It has no write-ahead log."""
    return make_once(MIGRATED, lambda draft: run_django(f"sqlite:///{draft}", "migrate", "--verbosity=0"))


@pytest.fixture(scope="session")
def migrated_postgres() -> Iterator[str]:
    """The name of the database to copy."""
    with postgres_database("template1") as made:
        run_django(made, "migrate", "--verbosity=0")
        yield made.rpartition("/")[2]


def run_django(database: str, *command: str) -> None:
    """Run a command of the portal with this database, in a process of its own."""
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings"}
    subprocess.run([sys.executable, "-m", "django", *command], env=environment, cwd=ROOT, check=True)


@contextmanager
def own_connection(database: str) -> Iterator[sqlite3.Connection | psycopg.Connection[Any]]:
    """A connection to it, for a look that needs nothing of the portal: a process would take seconds to start."""
    if database.startswith("sqlite:///"):
        opened: sqlite3.Connection | psycopg.Connection[Any] = sqlite3.connect(database.removeprefix("sqlite:///"))
    else:
        opened = psycopg.connect(database)
    with closing(opened):
        yield opened


@contextmanager
def postgres_database(template: str) -> Iterator[str]:
    """A copy of this database of the tests' server, which is dropped afterwards. Yields its URL."""
    server, name = os.environ["RENRAKUCHO_TEST_POSTGRES"].rsplit("/", 1)[0], f"own_{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
