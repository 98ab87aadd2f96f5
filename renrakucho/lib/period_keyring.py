"""Period keyring: one key a week, outside the database and destroyed on schedule, so that old backups open nothing.

What is sealed here needs the master key and the key of its week. The keys are in the folder settings.PERIOD_KEYS, one
file each of 64 hex digits, named by the number of its week (days since 1970 divided by seven); all machines of an
installation share the folder. A key is on the disk before anything is sealed with it. See docs/decisions/0015.
"""

import base64
import os
import secrets
import tempfile
import time
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from renrakucho.lib.master_keyring import SESSION_PLACES, master_key, open_bytes_with_master_key
from renrakucho.lib.sealing import KEY, SealBroken, open_bytes, open_json, seal_bytes, seal_json

DAYS_OF_PERIOD = 7
KEPT_DAYS = 28  # from the first day of its week; what hung on it has another key from its second week on
_NUMBER = 4  # bytes before what is sealed with the key of that number
_keys: dict[tuple[str, int], bytes] = {}


class PeriodKeyLost(SealBroken):
    """The key of this period is not in the store: it was destroyed on schedule, or lost."""


def period_of(now: datetime) -> int:
    """The number of the week in which this moment is."""
    return (now.astimezone(UTC).date() - date(1970, 1, 1)).days // DAYS_OF_PERIOD


def sealing_period() -> int:
    """The period whose key seals now; its key is made where nobody has made it yet. OSError: it cannot be stored."""
    number = int(time.time() // 86_400) // DAYS_OF_PERIOD
    if (settings.PERIOD_KEYS, number) not in _keys:
        _keys.clear()  # a new week: forget what was destroyed meanwhile
        _make(number)
        _keys[settings.PERIOD_KEYS, number] = _read(number)
    return number


def period_key(number: int) -> bytes:
    """The 32 bytes of a period's key. Raises PeriodKeyLost."""
    found = _keys.get((settings.PERIOD_KEYS, number))
    if found is None:
        found = _keys[settings.PERIOD_KEYS, number] = _read(number)
    return found


def stored_periods() -> list[int]:
    """The periods whose keys are in the store, the oldest first."""
    folder = Path(settings.PERIOD_KEYS)
    return sorted(int(path.name) for path in folder.glob("*") if path.name.isdigit()) if folder.is_dir() else []


def destroy_period_keys(now: datetime, in_use: Collection[int]) -> list[int]:
    """Destroy the keys of periods that began 28 days ago or earlier, but for those in use. Returns their numbers.

    Their files are overwritten first: a disk that writes elsewhere (SSD, copy on write) may keep what was there.
    """
    oldest = period_of(now - timedelta(days=KEPT_DAYS))
    old = [number for number in stored_periods() if number <= oldest and number not in in_use]
    for number in old:
        path = _path(number)
        with suppress(FileNotFoundError), path.open("r+b") as file:  # another worker may be first
            file.write(b"0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink(missing_ok=True)
        _keys.pop((settings.PERIOD_KEYS, number), None)
    return old


def seal_for_period(value: Any, place: bytes) -> bytes:
    """Seal a JSON value that lives for days at most, for one place: it opens no longer than the key of its week."""
    number = sealing_period()
    inner = seal_json(value, key=period_key(number), aad=place)
    return seal_bytes(number.to_bytes(_NUMBER, "big") + inner, key=master_key(), aad=place)


def open_for_period(sealed: bytes | memoryview, place: bytes) -> Any:
    """Open what seal_for_period sealed for this place. Raises SealBroken."""
    inner = open_bytes_with_master_key(bytes(sealed), place)
    return open_json(inner[_NUMBER:], key=period_key(int.from_bytes(inner[:_NUMBER], "big")), aad=place)


def seal_as_text(value: Any, place: bytes) -> str:
    """Seal a JSON value as base64 text, for a session: the session table holds nothing readable."""
    if place not in SESSION_PLACES:
        raise ValueError("not one of SESSION_PLACES: a rotation of the master key would not find it")
    return base64.b64encode(seal_for_period(value, place)).decode()


def open_text(text: str, place: bytes) -> Any:
    """Open what seal_as_text sealed for this place; None for anything else."""
    try:
        return open_for_period(base64.b64decode(text), place)
    except (SealBroken, ValueError):
        return None


def wrap_for_period(data_key: bytes, number: int, place: bytes) -> bytes:
    """A data key under the period's key and the master key."""
    return seal_bytes(seal_bytes(data_key, key=period_key(number), aad=place), key=master_key(), aad=place)


def unwrap_for_period(wrapped: bytes, number: int | None, place: bytes) -> bytes:
    """The data key that was wrapped in this period; None: before there were periods. Raises SealBroken."""
    inner = open_bytes_with_master_key(wrapped, place)
    return inner if number is None else open_bytes(inner, key=period_key(number), aad=place)


def _path(number: int) -> Path:
    return Path(settings.PERIOD_KEYS) / str(number)


def _read(number: int) -> bytes:
    try:
        key = bytes.fromhex(_path(number).read_text("ascii"))
    except (OSError, ValueError):
        raise PeriodKeyLost(number) from None
    if len(key) != KEY:
        raise PeriodKeyLost(number)
    return key


def _make(number: int) -> None:
    """Store a new key whole, unless there is one: several processes and machines begin a week together."""
    path = _path(number)
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".new.")  # only its owner may read it
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)  # atomic, and never replaces a key that is there
    finally:
        os.unlink(draft)  # noqa: PTH108 - the name from mkstemp is a text
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # a power cut now must not take the key away from what it has sealed
    finally:
        os.close(folder)
