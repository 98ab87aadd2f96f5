"""Exchange folder: files written for a provider, who fetches them over SFTP or otherwise."""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from renrakucho.lib.errors import Conflict


class DifferentFileExists(Conflict, FileExistsError):
    """A file of this name exists with other content. It is left as it is."""


def put_file(folder: Path, name: str, content: bytes) -> str:
    """Write a file atomically, and then its SHA-256 beside it (`<name>.sha256`). Returns the SHA-256.

    Nothing is overwritten; repeating it with the same content changes nothing. Raises DifferentFileExists, OSError.
    """
    digest = sha256(content).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / name, content)
    _put(folder / f"{name}.sha256", f"{digest}  ".encode() + os.fsencode(name) + b"\n")
    return digest


def known_serials(folder: Path, provider: str) -> set[int]:
    """The serials of all files that this provider has had here, fetched and removed or not.

    They outlive a restore of the database: a name that the provider may have fetched is never given to other content.
    Nothing where the folder cannot be read: then it cannot be written to either.
    """
    named = re.compile(rf"{re.escape(provider)}-[0-9]{{8}}-([0-9]{{6,9}})\.csv(?:\.sha256)?")
    with suppress(OSError):
        found = {int(match[1]) for path in folder.iterdir() if (match := named.fullmatch(path.name))}
        return found | _kept_serials(folder, provider)
    return set()


def keep_serial(folder: Path, provider: str, serial: int) -> None:
    """Note the serial of a file that was written, for when the file itself is gone. Raises OSError."""
    refuse_symlink(folder)
    if serial not in _kept_serials(folder, provider):
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        with os.fdopen(os.open(_serials_file(folder, provider), flags, 0o644), "wb") as file:
            file.write(f"{serial:06}\n".encode("ascii"))
            file.flush()
            os.fsync(file.fileno())


def _kept_serials(folder: Path, provider: str) -> set[int]:
    """Whoever may write here may write nonsense: what is no serial counts for nothing."""
    path = _serials_file(folder, provider)
    if path.is_symlink() or not path.is_file():
        return set()
    with path.open("rb") as file:
        lines = file.read(_MOST_BYTES).decode("ascii", "replace").split("\n")
    return {int(line) for line in lines if _SERIAL.fullmatch(line)}


def _serials_file(folder: Path, provider: str) -> Path:
    return folder / f".{provider}.serials"


def remove_old_files(folder: Path, before: datetime) -> int:
    """Remove nightly files, answers that were taken and results that are older. Returns how many.

    Only plain files of a name that this portal gives; a link is followed nowhere. One that cannot be removed stays.
    """
    removed = 0
    for inner, pattern in _REMOVABLE:
        place = folder / inner
        if place.is_symlink() or not place.is_dir():
            continue
        for path in place.glob(pattern):
            with suppress(OSError):
                if not path.is_symlink() and path.is_file() and path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    removed += 1
    return removed


def refuse_symlink(folder: Path) -> None:
    """A provider that may write here must not lead a write into another folder, such as another provider's."""
    if folder.is_symlink():
        raise NotADirectoryError(folder.name)


_SERIAL = re.compile(r"[0-9]{6,9}")
_MOST_BYTES = 1_000_000
# <provider>-<day>-<serial>.csv and its .sha256; what providers brought, and what came of it.
_REMOVABLE = (
    (".", "*-[0-9]*-[0-9]*.csv"),
    (".", "*-[0-9]*-[0-9]*.csv.sha256"),
    ("answers/done", "*"),
    ("results", "*.csv"),
)


def _put(path: Path, content: bytes) -> None:
    refuse_symlink(path.parent)
    partial_file = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with partial_file.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(partial_file, path)  # unlike a rename, it does not overwrite
        except FileExistsError:
            if path.read_bytes() != content:
                raise DifferentFileExists(path.name) from None
    finally:
        partial_file.unlink(missing_ok=True)


def batch_encoding(table: Mapping[str, Any]) -> str:
    """The encoding that the table names; UTF-8 by default."""
    return str(table.get("encoding", "UTF-8"))
