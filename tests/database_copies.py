"""Copies of the test database. With SQLite one worker of a run migrates it, in its memory; the others get a copy, and
so do tests whose processes have a database of their own.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.made_once import MakeOnce

MIGRATED, WITH_DIRECTORY = "migrated.sqlite3", "directory.sqlite3"


def is_in_memory() -> bool:
    """Whether the connection leads to the test database, and that is SQLite's in this process."""
    return connection.vendor == "sqlite" and bool(connection.is_in_memory_db())  # type: ignore[attr-defined]


def copy_to_file(path: Path) -> None:
    """Write the test database into a file, as it is now. Call it outside of a transaction."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as file:
        connection.connection.backup(file)
    path.chmod(0o600)


def copy_from_file(path: Path) -> None:
    """Make the test database what the file has. Call it outside of a transaction."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as file:
        file.backup(connection.connection)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, make_once: MakeOnce) -> Iterator[None]:
    """Have Django make the test database by a copy, where another worker has migrated one already."""
    creation: Any = connection.creation
    if connection.vendor != "sqlite" or not creation.is_in_memory_db(creation._get_test_db_name()):
        yield
        return
    with ExitStack() as open_copies:
        creation.create_test_db = partial(_create_or_copy, creation.create_test_db, make_once, open_copies)
        yield
        del creation.create_test_db


def _create_or_copy(create: Callable[..., str], make_once: MakeOnce, open_copies: ExitStack, **options: Any) -> str:
    made: list[str] = []

    def migrate(draft: Path) -> None:
        made.append(create(**options))
        copy_to_file(draft)

    path = make_once(MIGRATED, migrate)
    return made[0] if made else _copy(path, create, open_copies, **options)


def _copy(path: Path, create: Callable[..., str], open_copies: ExitStack, **options: Any) -> str:
    """Fill the database before Django migrates it, which finds nothing left to do."""
    creation: Any = connection.creation
    make_empty = creation._create_test_db

    def make_filled(*given: Any, **named: Any) -> str:
        name: str = make_empty(*given, **named)
        # It lives in memory for as long as somebody is connected, and Django is not yet.
        memory = open_copies.enter_context(closing(sqlite3.connect(name, uri=True)))
        with closing(sqlite3.connect(path)) as file:
            file.backup(memory)
        return name

    creation._create_test_db = make_filled
    try:
        return create(**options)
    finally:
        del creation._create_test_db
