"""Retention of a book: until when it is kept, from its last 受理 and the last day of its move."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from renrakucho.lib.retention_policy import KeptData, retention_days
from renrakucho.mover.book import entries_of
from renrakucho.mover.models import Book
from renrakucho.receipt.models import Receipt, ReceiptKind

_MOVE_DAYS = ("move.leave_on", "move.arrive_on")
_LATEST = timedelta(days=366)  # of a move that is entered: one typed for 2099 keeps nothing until then


def kept_until(book: Book) -> date:
    """The last day, in Japan, on which the book is there. It moves on with a later 受理 or a later day of the move.

    Raises SealBroken.
    """
    return max(_events(book)) + timedelta(days=retention_days(KeptData.BOOK))


def erased_from(book: Book) -> datetime:
    """The moment from which the book has to go: the end of the last day."""
    return timezone.make_aware(datetime.combine(kept_until(book) + timedelta(days=1), time()))


def _events(book: Book) -> Iterator[date]:
    began = timezone.localdate(book.registered_at or book.created_at)
    last = Receipt.objects.filter(notice__book=book, kind=ReceiptKind.ACCEPTED).order_by("recorded_at").last()
    if last:
        yield timezone.localdate(last.recorded_at)
    days = [_day(entries_of(book).items.get(name, "")) for name in _MOVE_DAYS]
    known = [min(day, began + _LATEST) for day in days if day]
    yield from known
    if not known:
        yield began


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
