"""Calendar subscription of the to-do list: made and ended by its mover, read by a calendar program without a login."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from renrakucho.faces.book.apply.steps import see_other
from renrakucho.faces.book.book_session import needs_book
from renrakucho.faces.book.timeline.timeline_lines import calendar_bytes_of, list_lines
from renrakucho.mover.book import entries_of
from renrakucho.mover.calendar_feed import NoSuchFeed, begin_feed, end_feed, feed_code, feed_of_code
from renrakucho.mover.models import Book, CalendarFeed
from renrakucho.page.code_limits import code_attempt
from renrakucho.page.errors import not_found, too_many


@dataclass(frozen=True)
class FeedAddresses:
    """The address of a feed, and the same as the link that opens a calendar program."""

    https: str
    webcal: str


def feed_addresses(book: Book) -> FeedAddresses | None:
    """The addresses of the book's feed; None where it has none."""
    feed = CalendarFeed.objects.filter(book=book).first()
    if feed is None:
        return None
    address = settings.BASE_URL + reverse("book:calendar_feed", args=[feed_code(feed)])
    return FeedAddresses(address, f"webcal:{address.partition(':')[2]}")


@require_POST
@needs_book
def mark_feed_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Begin the subscription, or end it. Pressing again changes nothing."""
    if request.POST.get("feed") == "end":
        end_feed(book)
    else:
        begin_feed(book, get_language() or "ja")
    return see_other("timeline", "#calendar")


@require_safe
def calendar_feed_page(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a calendar program with the tasks that are left, in the language that the feed was made in."""
    attempt = code_attempt(request)
    if not attempt.allowed:
        return too_many(request, attempt)
    try:
        feed = feed_of_code(code)
    except NoSuchFeed:
        return not_found(request)
    attempt.uncount()
    with translation.override(feed.language):
        lines = [line for line in list_lines(feed.book, entries_of(feed.book)) if not line.done]
        content = calendar_bytes_of(feed.book, lines)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
