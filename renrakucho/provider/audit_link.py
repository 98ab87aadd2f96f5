"""Links of the audit log's hash chain, and its head: the last number and hash, kept in a file outside the database.

The database links each entry to the one before (provider.append_only). Whoever has added an entry writes the head to
the file as soon as it is committed, and the worker does so every few seconds: entries and links that somebody removes
from the end of the log are missed (provider.audit_chain). A head is a true one whoever writes it, in whatever order.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, models, transaction

from renrakucho.lib.errors import AppendOnly
from renrakucho.lib.identifiers import new_uuid7

CHAIN_BEGINNING = "0" * 64
_HEADS_KEPT = 1_000  # at least; the file is cut when it has twice as many


class AppendOnlyRow(models.Model):
    """A row that is added and never changed: an audit entry, a receipt. Its key sorts by time."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert. Raises AppendOnly for a row that exists."""
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)


class AuditLink(AppendOnlyRow):
    """One link; its id is that of its entry. number: from 1, without a gap. entry_hash: the entry's seal."""

    number = models.BigIntegerField(unique=True)
    entry_hash = models.CharField(max_length=64)
    chain_hash = models.CharField(max_length=64)


@dataclass(frozen=True)
class ChainHead:
    """The last link: its number (0: there is none) and chain_hash."""

    number: int
    chain_hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.chain_hash}"


def chain_head() -> ChainHead:
    """The head as the database has it."""
    last = AuditLink.objects.order_by("-number").first()
    return ChainHead(last.number, last.chain_hash) if last else ChainHead(0, CHAIN_BEGINNING)


def keep_head() -> ChainHead:
    """Add the head to the file outside the database, where it is not the last one there, and return it."""
    head = chain_head()
    if head.number:
        with _locked_heads() as file:
            line = f"{head}\n".encode()
            if not _ends_with(file, line):
                file.write(line)
                if file.tell() > 2 * _HEADS_KEPT * len(line):
                    _cut(file)
    return head


def keep_head_after_commit() -> None:
    """Keep the head as soon as the present transaction is committed; once, however many entries it adds. An error is
    logged, and stops nobody: the worker keeps the head of this entry too.
    """
    waiting: Iterable[Any] = connection.run_on_commit
    if not any(keep_head in each for each in waiting):
        transaction.on_commit(keep_head, robust=True)


def kept_heads() -> list[ChainHead]:
    """The heads in the file outside the database, in the order in which they were written."""
    try:
        lines = Path(settings.AUDIT_HEAD_FILE).read_text("utf-8").split()
    except OSError:
        return []
    return [head for line in lines if (head := read_head(line))]


def read_head(text: str) -> ChainHead | None:
    """A head as `str` writes it; None for another text."""
    number, _colon, chain_hash = text.strip().partition(":")
    is_head = number.isdecimal() and len(chain_hash) == len(CHAIN_BEGINNING)
    return ChainHead(int(number), chain_hash) if is_head else None


@contextmanager
def _locked_heads() -> Iterator[IO[bytes]]:
    """The file of heads, at its end, for this process alone. Only its owner may read it."""
    path = Path(settings.AUDIT_HEAD_FILE)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):  # it was not cut meanwhile
                file.seek(0, os.SEEK_END)
                yield file
                return


def _ends_with(file: IO[bytes], line: bytes) -> bool:
    file.seek(max(0, file.tell() - len(line)))
    return file.read() == line  # which leaves the file at its end


def _cut(file: IO[bytes]) -> None:
    """Put the newest heads in the file's place."""
    file.flush()
    file.seek(0)
    newest = file.readlines()[-_HEADS_KEPT:]
    path = Path(settings.AUDIT_HEAD_FILE)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "wb") as shorter:
        shorter.writelines(newest)
    Path(draft).replace(path)
