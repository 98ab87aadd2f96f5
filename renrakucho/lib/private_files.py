"""Private files: the embedded database, its write-ahead log and the keys, for the installation's own user alone; and
nothing that was deleted stays in them.

SQLite makes `-wal` and `-shm` with the permissions of the database, so the database's file is made before it is opened.
"""

import logging
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

log = logging.getLogger(__name__)

_PRIVATE = 0o600
_FOLDER = 0o711  # others pass through to `static`, which a proxy may serve, and cannot list the rest
_INNER_FOLDER = 0o700
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_LISTING = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
_PUBLIC_FOLDERS = ("static", "metrics")
_PUBLIC_SUFFIX = ".json"  # tables made of public sources


def create_private_file(path: Path) -> None:
    """Make an empty file that its owner alone may read, where there is none and one can be made."""
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE))


def files_open_to_others() -> list[Path]:
    """Private files and folders of this installation that group or others may read, list or change."""
    return sorted({path for path, mode in _private_modes() if _is_open(path, mode)})


def close_to_others() -> list[Path]:
    """Take the permissions of group and others from those files, and log each. Returns what was closed; what belongs to
    somebody else stays as it is, and the doctor names it.
    """
    closed = []
    modes = dict(_private_modes())
    for path in files_open_to_others():
        with suppress(OSError):
            path.chmod(modes[path])
            closed.append(path)
            log.warning("other users of this machine could read %s: closed to them now", path)
    return closed


def empty_write_ahead_log() -> bool:
    """Write SQLite's log back into the database, and cut its file to nothing. Call it outside of a transaction.

    With `PRAGMA secure_delete` (config.database_options) neither file has what was deleted afterwards. False: somebody
    was reading or writing for longer than the busy time-out, so try again later. PostgreSQL empties its own
    log by itself: there nothing is done.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return connection.vendor != "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()[0]
    return not busy


def _private_modes() -> Iterator[tuple[Path, int]]:
    """Yield each private path with the permissions that it should have."""
    var = Path(settings.VAR)
    yield var, _FOLDER
    yield from _below(var.iterdir() if var.is_dir() else ())
    keys = Path(settings.PERIOD_KEYS)
    yield keys, _INNER_FOLDER
    yield from _below(keys.iterdir() if keys.is_dir() else ())
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        named = str(database["NAME"])
        yield from ((Path(named + ending), _PRIVATE) for ending in ("", "-wal", "-shm", "-journal"))


def _below(paths: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    for path in paths:
        if path.is_symlink() or path.suffix == _PUBLIC_SUFFIX:
            continue
        if path.is_dir():
            if path.name not in _PUBLIC_FOLDERS:
                yield path, _INNER_FOLDER
                yield from _below(path.iterdir())
        elif path.is_file():
            yield path, _PRIVATE


def _is_open(path: Path, mode: int) -> bool:
    try:
        found = path.stat().st_mode
    except OSError:
        return False
    return bool(found & (_LISTING if mode == _FOLDER else _OTHERS))
