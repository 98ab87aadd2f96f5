"""Books are deleted on PostgreSQL, and its raw files are read: run as a program by test_raw_pages.py.

usage: raw_pages_program.py [kept]: «kept» takes the destruction of the period's key out
Prints counts: wrapped keys of the deleted books that the raw table or the write-ahead log still has after VACUUM, how
many of these the master key opens, and how often the mover's name stands there in plain text.
"""

import os
import sys
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after setup
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from renrakucho.lib.period_keyring import PeriodKeyLost, destroy_period_keys, unwrap_for_period  # noqa: E402
from renrakucho.lib.sealing import SealBroken  # noqa: E402
from renrakucho.mover.book import begin_draft  # noqa: E402
from renrakucho.mover.entries import MoveEntries  # noqa: E402

NAME = "勅使河原"


def raw_files() -> bytes:
    """The table's file, and every file of the write-ahead log."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath('mover_book'))")
        table = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT pg_read_binary_file('pg_wal/' || name) FROM pg_ls_waldir()")
        return table + b"".join(bytes(log) for (log,) in cursor.fetchall())


def opens(wrapped: bytes, period: int | None, place: bytes) -> bool:
    """Whether the master key, with the periods' keys that are there, opens this wrapped key."""
    try:
        return bool(unwrap_for_period(wrapped, period, place))
    except (SealBroken, PeriodKeyLost):
        return False


def main(*, kept: bool) -> None:
    """Begin books, delete them, vacuum, destroy the period's key, look."""
    call_command("migrate", "mover", verbosity=0)
    books = [begin_draft(MoveEntries(items={"name.family": NAME})) for _number in range(5)]
    assert all(opens(bytes(book.wrapped_key), book.key_period, book.id.bytes) for book in books)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM mover_book")  # by hand: the tables that its deletion takes along are not here
        cursor.execute("VACUUM mover_book")
    if not kept:
        destroy_period_keys(timezone.now() + timedelta(days=36), in_use=())
    raw = raw_files()
    left = [book for book in books if bytes(book.wrapped_key) in raw]
    opened = [book for book in left if opens(bytes(book.wrapped_key), book.key_period, book.id.bytes)]
    print(len(left), len(opened), raw.count(NAME.encode()))


if __name__ == "__main__":
    os.chdir(os.environ["RENRAKUCHO_VAR"])
    main(kept="kept" in sys.argv[1:])
