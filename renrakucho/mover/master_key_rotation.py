"""Rotation of the master key: everything that it sealed is sealed again with the newest key, in batches.

Each row is changed where it still has what was read (compare and swap), so that nothing is locked, and whoever writes
meanwhile is not overwritten. A run that was killed is repeated from the start; what is done already is passed by. What
opens with none of the keys is left as it is, and counted.
"""

import os
import secrets
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
from django.db import models, transaction

from renrakucho.lib.master_keyring import (
    SESSION_PLACES,
    key_fingerprint,
    keyring_texts,
    read_keys_again,
    use_sealing_key,
)
from renrakucho.lib.sealing import SealBroken, open_bytes, seal_bytes
from renrakucho.lib.session_store import SessionStore
from renrakucho.mover.master_key_check import INDEX_KEY_PLACE, check_master_key
from renrakucho.mover.models import Book, DisclosureKey, MasterKeyFingerprint
from renrakucho.provider.staff import Staff, owner_place
from renrakucho.provider.staff_mail import StaffMail
from renrakucho.provider.system_key import IdempotentResponse

BATCH = 200  # rows of a transaction


@dataclass(frozen=True)
class SealedColumn:
    """A column that the master key seals. place: of a row's value."""

    model: type[models.Model]
    field: str
    place: Callable[[Any], bytes]


SEALED_COLUMNS = (
    SealedColumn(MasterKeyFingerprint, "index_key", lambda row: INDEX_KEY_PLACE),
    SealedColumn(Book, "wrapped_key", lambda row: row.id.bytes),
    SealedColumn(DisclosureKey, "sealed_key", lambda row: row.id.bytes),
    SealedColumn(Staff, "factor", lambda row: owner_place(row.id, "factor")),
    SealedColumn(Staff, "address", lambda row: owner_place(row.id, "address")),
    SealedColumn(StaffMail, "sealed", lambda row: owner_place(row.id, "mail")),
    SealedColumn(IdempotentResponse, "answer", lambda row: row.id.bytes),
)


@dataclass
class RotationCount:
    """Rows of a column, or values of sessions. changed: sealed again; broken: opened with none of the keys."""

    name: str
    seen: int = 0
    changed: int = 0
    broken: int = 0


def switch_sealing_key() -> str:
    """Have the newest key seal from now on, in every process that knows it. Returns its fingerprint.

    Raises WrongMasterKey where the present key is not in the keyring.
    """
    check_master_key()
    newest = key_fingerprint(keyring_texts()[-1])
    MasterKeyFingerprint.objects.filter(id=1).update(fingerprint=newest)
    use_sealing_key(newest)
    return newest


def rewrap_everything(say: Callable[[RotationCount], None]) -> list[RotationCount]:
    """Seal everything again that an older key sealed. `say` hears of each batch. Safe to repeat."""
    counts = []
    for column in SEALED_COLUMNS:
        count = RotationCount(f"{column.model._meta.db_table}.{column.field}")
        for rows in _batches(column.model._default_manager.exclude(**{column.field: None}).only("pk", column.field)):
            with transaction.atomic():
                for row in rows:
                    _rewrap_row(column, row, count)
            say(count)
        counts.append(count)
    return [*counts, _rewrap_sessions(say)]


def _batches(rows: models.QuerySet[Any]) -> Iterator[list[Any]]:
    last = None
    while batch := list((rows if last is None else rows.filter(pk__gt=last)).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def _rewrap_row(column: SealedColumn, row: Any, count: RotationCount) -> None:
    count.seen += 1
    sealed = bytes(getattr(row, column.field))
    try:
        fresh = _sealed_again(sealed, column.place(row))
    except SealBroken:
        count.broken += 1
        return
    if fresh:
        unchanged = column.model._default_manager.filter(pk=row.pk, **{column.field: sealed})
        count.changed += unchanged.update(**{column.field: fresh})


def _sealed_again(sealed: bytes, place: bytes) -> bytes | None:
    """The blob under the newest key; None where it is that already. Raises SealBroken."""
    *older, newest = (bytes.fromhex(text) for text in keyring_texts())
    try:
        open_bytes(sealed, key=newest, aad=place)
    except SealBroken:
        for key in older:
            try:
                return seal_bytes(open_bytes(sealed, key=key, aad=place), key=newest, aad=place)
            except SealBroken:
                continue
        raise
    return None


def _rewrap_sessions(say: Callable[[RotationCount], None]) -> RotationCount:
    count = RotationCount("sessions")
    for rows in _batches(Session.objects.all()):
        with transaction.atomic():
            for row in rows:
                _rewrap_session(row, count)
        say(count)
    return count


def _rewrap_session(row: Session, count: RotationCount) -> None:
    count.seen += 1
    values = row.get_decoded()
    fresh = {name: text for name, value in values.items() if (text := _text_again(value))}
    if fresh:
        data = SessionStore().encode({**values, **fresh})
        unchanged = Session.objects.filter(pk=row.pk, session_data=row.session_data)
        count.changed += unchanged.update(session_data=data)


def _text_again(value: object) -> str:
    """The sealed text of a session under the newest key; empty where it is no sealed text, or is that already."""
    if not isinstance(value, str):
        return ""
    try:
        sealed = b64decode(value, validate=True)
    except ValueError:
        return ""
    for place in SESSION_PLACES:
        try:
            fresh = _sealed_again(sealed, place)
        except SealBroken:
            continue
        return b64encode(fresh).decode() if fresh else ""
    return ""


def add_new_key(path: Path) -> None:
    """Add a new key to the key's file, below the one that is there."""
    _write_keys(path, [*path.read_text("utf-8").split(), secrets.token_hex(32)])


def keep_newest_key(path: Path) -> None:
    """Leave the newest key alone in the key's file."""
    _write_keys(path, path.read_text("utf-8").split()[-1:])


def _write_keys(path: Path, keys: list[str]) -> None:
    """Replace the file atomically; only its owner may read it."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(keys))
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(path)
    read_keys_again()
