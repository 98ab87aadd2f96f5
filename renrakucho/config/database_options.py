"""Database time-outs and connection pool, by the kind of process: one held row must not stop the portal or a worker.

A page waits shortly and says so; a worker can wait longer, and commands of an operator, who sees them, longest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any


class ProcessKind(StrEnum):
    """Serves pages, delivers, or is a command that somebody or the system's clock started."""

    WEB = "web"
    WORKER = "worker"
    COMMAND = "command"


@dataclass(frozen=True)
class DatabaseLimits:
    """Seconds; 0: no limit. lock: for a row or table that another transaction holds. statement: of one statement.
    idle: that a transaction may do nothing. connections: the most of the process's pool; pool: for one of them, or
    for a server that does not answer. busy: SQLite's wait for the one writer.
    """

    lock: float
    statement: float
    idle: float
    connections: int
    pool: float
    busy: float


LIMITS = {
    ProcessKind.WEB: DatabaseLimits(lock=1.5, statement=15, idle=15, connections=8, pool=2, busy=5),
    ProcessKind.WORKER: DatabaseLimits(lock=5, statement=60, idle=30, connections=16, pool=10, busy=20),
    ProcessKind.COMMAND: DatabaseLimits(lock=60, statement=0, idle=0, connections=4, pool=10, busy=60),
}
# Without this the pool tries less and less often for five minutes, and would miss that the server is back.
_RECONNECT = 5  # seconds
# A host that vanished answers nothing at all: libpq would wait for minutes.
_NETWORK = {"connect_timeout": 5, "tcp_user_timeout": 10_000}
_COMMANDS = ("renrakucho", "prepare", "manage")  # programs by their names; `python -m django` beside them


def request_places(vendor: str) -> int:
    """How many requests one process works on at once: as many as it has connections, but for one that the watch of the
    master key needs, so that presses on a row which somebody holds leave places for other pages. Two with SQLite: more
    would only wait for its one writer.
    """
    return LIMITS[ProcessKind.WEB].connections - 1 if vendor == "postgresql" else 2


def process_kind(arguments: Sequence[str]) -> ProcessKind:
    """The kind of the process with this command line."""
    if list(arguments[1:2]) == ["worker"]:
        return ProcessKind.WORKER
    program = Path(arguments[0]) if arguments else Path()
    is_django = program.stem == "__main__" and program.parent.name == "django"
    return ProcessKind.COMMAND if is_django or program.stem in _COMMANDS else ProcessKind.WEB


def sqlite_options(kind: ProcessKind) -> dict[str, Any]:
    """Options of the embedded database."""
    return {
        # IMMEDIATE and a wait: no «database is locked» under several writers.
        # FULL: a commit that was answered survives a power cut.
        "transaction_mode": "IMMEDIATE",
        "timeout": LIMITS[kind].busy,
        # secure_delete: what is deleted is overwritten with zeros, in tables, indexes and free pages.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA secure_delete=ON;",
    }


def postgres_options(kind: ProcessKind, given: dict[str, Any]) -> dict[str, Any]:
    """Options of PostgreSQL; `given`: those of DATABASE_URL, which are kept. A pool lends a connection for as long as
    a request or one step of a delivery takes.
    """
    limits = LIMITS[kind]
    timeouts = {
        "lock_timeout": limits.lock,
        "statement_timeout": limits.statement,
        "idle_in_transaction_session_timeout": limits.idle,
    }
    set_here = " ".join(f"-c {name}={int(seconds * 1000)}" for name, seconds in timeouts.items())
    pool = {"min_size": 0, "max_size": limits.connections, "timeout": limits.pool, "reconnect_timeout": _RECONNECT}
    return {"pool": pool, **_NETWORK, **given, "options": f"{set_here} {given.get('options', '')}".strip()}
