"""Feed of events with a cursor: what happened to a reader's notices, complete and in one order.

An event gets its number when it is first read: under the lock of its feed's row, in a statement of its own after the
one that took the lock, which therefore sees all that was committed before. So no transaction, however long it stays
open, commits an event behind a cursor. No clock is asked, nobody who writes waits, and no job can stand still.

Without the lock two readers would give one number twice, and in one statement with it leave numbers out and then give
them twice; a number given at the insert, or a time (as until 2026-11), passes by what commits late.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from renrakucho.lib.database_clock import MOST_SKEW, database_now
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.identifiers import first_uuid7_at
from renrakucho.receipt.models import EventFeed, FeedEvent, Receipt

log = logging.getLogger(__name__)

# Of one poll: some 100 ms (2026-11). The next one goes on.
MOST_NUMBERED = 10_000
# A cursor from before events were numbered passed by what was committed late: it goes back once.
OLD_CURSOR_OVERLAP_MS = 60 * 60 * 1000
# In the order in which they were written: a notice's receipts are written under its lock, whatever the clocks say.
_NUMBER = """
UPDATE receipt_feedevent SET number = fresh.number FROM (
    SELECT id, %s + row_number() OVER (ORDER BY id) AS number FROM receipt_feedevent
    WHERE feed = %s AND number IS NULL ORDER BY id LIMIT %s
) AS fresh WHERE receipt_feedevent.id = fresh.id
"""

_ANCHOR_STEPS = (1_000, 100_000)
_MARK_BITS, _MARKS = 28, 1 + len(_ANCHOR_STEPS)
_CUSTOM_VERSION = 8  # of a UUID (RFC 9562): 122 bits of our own


class UnknownCursor(InvalidInput):
    """The text is no cursor that was ever given out."""


@dataclass(frozen=True)
class FeedPage:
    """cursor: after the page. more: the next page can be read at once. rewound: the cursor that was given is not known
    here, as after a restore, and the page begins at an earlier place: some of it may have been told before.
    """

    receipts: Sequence[Receipt]
    cursor: UUID
    more: bool
    rewound: bool


def read_page(feed: str, after: UUID | None, limit: int, *, only: Q | None = None, related: Sequence[str]) -> FeedPage:
    """The receipts after the cursor (None: from the beginning), `limit` at most. only: a condition on the event;
    related: what is read along with each receipt. Raises UnknownCursor.
    """
    last = number_events(feed)
    start, rewound = _place_of(feed, after, last)
    if start >= last:
        return FeedPage([], after if after and not rewound else _cursor_at(feed, last), False, rewound)
    rows = FeedEvent.objects.filter(only or Q(), feed=feed, number__gt=start, number__lte=last)
    with_receipt = rows.select_related("receipt", *(f"receipt__{name}" for name in related))
    found = list(with_receipt.order_by("number")[: limit + 1])
    more = len(found) > limit
    cursor = _cursor_at(feed, found[limit - 1].number or 0 if more else last)
    return FeedPage([event.receipt for event in found[:limit]], cursor, more, rewound)


def number_events(feed: str) -> int:
    """Number the events that have no number yet, and return the last number of the feed.

    Whoever then reads the events up to this number reads all that there will ever be.
    """
    new = FeedEvent.objects.filter(feed=feed, number=None)
    if new.exists():
        with transaction.atomic():
            row = _locked_feed(feed)
            with connection.cursor() as cursor:
                cursor.execute(_NUMBER, [row.last_number, feed, MOST_NUMBERED])
                row.last_number += cursor.rowcount
            row.save(update_fields=["last_number"])
            return row.last_number
    return EventFeed.objects.filter(name=feed).values_list("last_number", flat=True).first() or 0


def _locked_feed(feed: str) -> EventFeed:
    rows = EventFeed.objects.select_for_update(no_key=True).filter(name=feed)
    row = rows.first()
    if row is None:
        EventFeed.objects.bulk_create([EventFeed(name=feed)], ignore_conflicts=True)
        row = rows.get()
    return row


# A cursor is a UUID, as it always was for its readers: 38 bits of the event's number, 28 of its receipt's key, and 28
# each of the receipts at two round numbers before it, the anchors. In another provider's feed, or in a database that
# was restored to an earlier state, the keys differ: then the reading goes on after the last anchor that agrees.


def _cursor_at(feed: str, number: int) -> UUID:
    marks = _marks(feed, number)
    packed = number
    for place in _places(number):
        packed = packed << _MARK_BITS | marks.get(place, 0)
    return UUID(int=_spread(packed))


def _place_of(feed: str, after: UUID | None, last: int) -> tuple[int, bool]:
    """The number after which to read on, and whether that is before the cursor's own place. Raises UnknownCursor."""
    if after is None or not after.int:
        return 0, False
    if after.version == 7:
        return _place_of_old_cursor(feed, after, last), True
    if after.version != _CUSTOM_VERSION:
        raise UnknownCursor
    packed = _gathered(after)
    number = packed >> _MARK_BITS * _MARKS
    marks = _marks(feed, number)
    for index, place in enumerate(_places(number)):
        mark = packed >> _MARK_BITS * (_MARKS - 1 - index) & (1 << _MARK_BITS) - 1
        if place <= last and marks.get(place, 0) == mark:
            if place < number:
                log.warning("%s: the cursor %d is not known here, back to %d", feed, number, place)
            return place, place < number
    log.warning("%s: the cursor %d is not known here, back to the beginning", feed, number)
    return 0, True


def _place_of_old_cursor(feed: str, after: UUID, last: int) -> int:
    """Cursors until 2026-11: the key of a receipt, or a moment in the form of one."""
    if after > first_uuid7_at(database_now() + MOST_SKEW):
        return 0
    since = UUID(int=max(0, after.int - (OLD_CURSOR_OVERLAP_MS << 80)))
    later = FeedEvent.objects.filter(feed=feed, number__lte=last, receipt_id__gt=since)
    first = later.order_by("number").values_list("number", flat=True).first()
    return first - 1 if first else last


def _places(number: int) -> list[int]:
    return [number, *(max(number - 1, 0) // step * step for step in _ANCHOR_STEPS)]


def _marks(feed: str, number: int) -> dict[int, int]:
    rows = FeedEvent.objects.filter(feed=feed, number__in=_places(number)).values_list("number", "receipt_id")
    return {place: key.int & (1 << _MARK_BITS) - 1 for place, key in rows if place is not None}


def _spread(packed: int) -> int:
    """122 bits as a UUID of version 8."""
    high, middle, low = packed >> 74, packed >> 62 & 0xFFF, packed & (1 << 62) - 1
    return high << 80 | _CUSTOM_VERSION << 76 | middle << 64 | 2 << 62 | low


def _gathered(cursor: UUID) -> int:
    return cursor.int >> 80 << 74 | (cursor.int >> 64 & 0xFFF) << 62 | cursor.int & (1 << 62) - 1
