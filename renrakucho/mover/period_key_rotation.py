"""Period keys of books: each book's key hangs on the present week's key, and older weeks' keys are destroyed.

A copy of the database opens nothing once the keys of its weeks are gone, 28 days later at most: neither a book that was
deleted meanwhile nor one that is still here. See docs/decisions/0015.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from renrakucho.lib.database_clock import database_now
from renrakucho.lib.errors import NotInstalled
from renrakucho.lib.message_text import BothLanguages
from renrakucho.lib.period_keyring import (
    destroy_period_keys,
    period_of,
    sealing_period,
    stored_periods,
    unwrap_for_period,
    wrap_for_period,
)
from renrakucho.lib.sealing import SealBroken
from renrakucho.mover.models import Book

log = logging.getLogger(__name__)
BATCH = 200  # books that are read at once


class PeriodKeysLost(NotInstalled):
    """Books hang on period keys that are not in the store. said, remedy: for people, in Japanese and English."""

    remedy = BothLanguages(
        "RENRAKUCHO_PERIOD_KEYSのフォルダーが正しいかを確かめ、控えておいたフォルダーの中身を戻してください。",
        "See whether RENRAKUCHO_PERIOD_KEYS names the right folder, and put the copy of it back.",
    )

    def __init__(self, lost: str) -> None:
        self.said = BothLanguages(
            f"れんらく帳を開くための週ごとの鍵がありません（{lost}）。このままでは、そのれんらく帳は二度と読めません。",
            f"Keys of weeks that books hang on are missing ({lost}): without them these books can never be read again.",
        )
        super().__init__(f"{self.said} {self.remedy}")


def periods_in_use() -> list[int]:
    """The periods whose keys books hang on: a look-up in an index for each, however many books there are."""
    found: list[int] = []
    rows = Book.objects.exclude(key_period=None).order_by("key_period").values_list("key_period", flat=True)
    while (number := rows.filter(key_period__gt=found[-1] if found else -1).first()) is not None:
        found.append(number)
    return found


def check_period_keys() -> None:
    """Compare the store with what books hang on. Raises PeriodKeysLost: nothing may start without these keys."""
    stored = set(stored_periods())
    lost = [str(number) for number in periods_in_use() if number not in stored]
    if lost:
        raise PeriodKeysLost(", ".join(lost))


def rewrap_old_books() -> int:
    """Hang the key of every book from an earlier period on the present period's key. Returns how many.

    Each row is changed where it still has what was read (compare and swap): several workers, a rotation of the master
    key and movers go on beside it. A batch is one commit: with one for each book it takes three times as long. A run
    that was killed is repeated, and passes by what is done.
    """
    number, changed, broken = sealing_period(), 0, 0
    for books in _batches_before(number):
        with transaction.atomic():  # one commit for all of them
            for book in books:
                try:
                    changed += _rewrap(book, number)
                except SealBroken:
                    broken += 1
    if broken:
        log.error("%d books open with none of the keys, and stay on their old period's", broken)
    return changed


def _rewrap(book: Book, number: int) -> int:
    place, wrapped = book.id.bytes, bytes(book.wrapped_key)
    fresh = wrap_for_period(unwrap_for_period(wrapped, book.key_period, place), number, place)
    unchanged = Book.objects.filter(pk=book.pk, wrapped_key=wrapped)
    return unchanged.update(wrapped_key=fresh, key_period=number)


def rotate_period_keys(now: datetime | None = None) -> list[int]:
    """Rewrap what hangs on older keys, then destroy the keys that are 28 days old. Returns their numbers.

    A key that a book still hangs on is kept, and said in the log: a book must never be lost to the schedule.
    """
    now = now or database_now()
    changed = rewrap_old_books()
    destroyed = destroy_period_keys(now, periods_in_use())
    if changed or destroyed:
        log.info("%d books hang on the period key %d; destroyed: %s", changed, period_of(now), destroyed or "none")
    return destroyed


def _batches_before(number: int) -> Iterator[list[Book]]:
    old = Book.objects.filter(Q(key_period=None) | Q(key_period__lt=number)).only("pk", "wrapped_key", "key_period")
    last = None
    while batch := list((old if last is None else old.filter(pk__gt=last)).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk
