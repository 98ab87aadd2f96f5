"""Registered applications, stored with idempotency by token: a number each, and nothing personal."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

TABLE = """
CREATE TABLE IF NOT EXISTS registration (
  serial INTEGER PRIMARY KEY AUTOINCREMENT,
  site TEXT NOT NULL,
  procedure TEXT NOT NULL,
  token TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (site, procedure, token)
)
"""


@dataclass(frozen=True)
class Registration:
    """`at` is in unix seconds."""

    serial: int
    at: int


class RegistrationStore:
    """Registrations in one SQLite file, safe from several threads: each call has its own connection."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(TABLE)

    def find(self, site: str, procedure: str, token: str) -> Registration | None:
        with self._open() as connection:
            return self._find(connection, site, procedure, token)

    def register(self, site: str, procedure: str, token: str, now: datetime) -> Registration:
        """One token is one application: a second call gives the first call's registration."""
        with self._open() as connection:
            connection.execute(
                "INSERT INTO registration (site, procedure, token, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (site, procedure, token, int(now.timestamp())),
            )
            found = self._find(connection, site, procedure, token)
        assert found is not None
        return found

    @staticmethod
    def _find(connection: sqlite3.Connection, site: str, procedure: str, token: str) -> Registration | None:
        row = connection.execute(
            "SELECT serial, at FROM registration WHERE site = ? AND procedure = ? AND token = ?",
            (site, procedure, token),
        ).fetchone()
        return Registration(*row) if row else None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=20, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()
