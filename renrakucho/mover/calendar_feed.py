"""Calendar feed: the secret address by which a calendar program reads the to-do list of a book, until it is ended.

The address is the feed's number and a keyed mark of it, so that the page can show it again while no table has it.
"""

import hmac
from uuid import UUID

from django.utils import timezone

from renrakucho.lib.errors import NotFound
from renrakucho.lib.master_keyring import index_hash
from renrakucho.mover.book import is_confidential
from renrakucho.mover.models import Book, CalendarFeed

_NUMBER = 32  # hex digits of the number; the mark has as many


class NoSuchFeed(NotFound):
    """No feed has this address, or it was ended."""


def begin_feed(book: Book, language: str) -> CalendarFeed | None:
    """The book's feed, made where it has none. None for a book whose new address is kept from others: a calendar goes
    to whoever shares the account, and nobody here can call it back.
    """
    if is_confidential(book):
        return None
    feed, _made = CalendarFeed.objects.get_or_create(
        book=book, defaults={"language": language, "made_at": timezone.now()}
    )
    return feed


def end_feed(book: Book) -> None:
    """End the book's feed: its address opens nothing any more. Safe to repeat."""
    CalendarFeed.objects.filter(book=book).delete()


def feed_code(feed: CalendarFeed) -> str:
    """The secret part of the feed's address: 64 hex digits."""
    return feed.id.hex + index_hash(f"calendar-feed:{feed.id}")[:_NUMBER]


def feed_of_code(code: str) -> CalendarFeed:
    """The feed with its book. Raises NoSuchFeed, also where the book is closed, or kept from others since."""
    try:
        number = UUID(hex=code[:_NUMBER])
    except ValueError:
        raise NoSuchFeed from None
    feed = CalendarFeed.objects.select_related("book").filter(id=number).first()
    if feed is None or not hmac.compare_digest(feed_code(feed).encode(), code.encode()):
        raise NoSuchFeed
    book = feed.book
    if book.disavowed_at or book.erasure_requested_at or is_confidential(book):
        raise NoSuchFeed
    return feed
