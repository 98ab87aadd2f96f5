"""Which draft or book this browser has open.

The session holds ids only, and what must outlive an expired session, sealed: a shared database or a session table that
leaks tells nothing of a mover.
"""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from renrakucho.faces.book.saved_forms import (
    BELONGS,
    drop_saved_form,
    keep_only_forms_of,
    redirect_to_saved_form,
    save_form,
)
from renrakucho.faces.book.session_sealing import open_from_session, seal_for_session
from renrakucho.mover.book import NoSuchBook, begin_draft, draft_by_id
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice

_DRAFT, _BOOK, _KEY, _SEEN = "draft", "book", "access_key", "seen"
IDLE_SECONDS = 60 * 30  # an opened book closes by itself: phones and PCs are shared
_SEEN_SECONDS = 60

View = Callable[..., HttpResponse]


def current_draft(request: HttpRequest) -> Book | None:
    """What is being entered in this browser: a draft, or the opened book that more is added to."""
    return _book(request, _DRAFT) or current_book(request)


def draft_or_new(request: HttpRequest) -> Book:
    """The same, begun now if there is none. The draft's session outlives the browser by a day."""
    book = current_draft(request)
    if book is None:
        book = begin_draft()
        request.session.cycle_key()  # a number that somebody else may have planted in this browser is left behind
        request.session[_DRAFT] = str(book.id)
    return book


def forget_draft(request: HttpRequest) -> None:
    """Leave the draft; it is not deleted here."""
    request.session.pop(_DRAFT, None)


def page_owner(book: Book | None) -> str:
    """What a page's forms carry, to say whose page it is, also when the session has ended meanwhile."""
    return seal_for_session({"book": str(book.id)}) if book else ""


def resumed_draft(request: HttpRequest) -> Book | None:
    """The draft whose page was posted, taken up again after its session had ended. A registered book needs its key."""
    book = intended_book(request)
    if book is None or book.registered_at:
        return None
    request.session.cycle_key()
    request.session[_DRAFT] = str(book.id)
    return book


def intended_book(request: HttpRequest) -> Book | None:
    """The draft or book that a posted form's page was made for."""
    try:
        return draft_by_id(open_from_session(request.POST.get(BELONGS))["book"])
    except (KeyError, NoSuchBook):
        return None


def is_meant_for(request: HttpRequest, book: Book | None) -> bool:
    """Whether a posted form may go into this draft or book. Another book may have been opened in another tab since its
    page was made, and what one person typed must not go over what another told.
    """
    meant = intended_book(request)
    if book and meant:
        return book.id == meant.id or not (book.registered_at or meant.registered_at)
    return True


def current_book(request: HttpRequest) -> Book | None:
    """The opened book."""
    book = _book(request, _BOOK)
    return book if book and book.registered_at else None


def open_book_session(request: HttpRequest, book: Book) -> None:
    """Open the book in this browser, in a session of its own number."""
    request.session.cycle_key()
    request.session.pop(_DRAFT, None)
    keep_only_forms_of(request, book.id)
    request.session[_BOOK] = str(book.id)
    request.session.set_expiry(IDLE_SECONDS)
    request.session.modified = True


def close_book_session(request: HttpRequest) -> None:
    """Close whatever is open, and forget the session."""
    request.session.flush()


def remember_access_key(request: HttpRequest, access_key: str) -> None:
    """Keep the access key for the page that shows it once."""
    request.session[_KEY] = seal_for_session({"key": access_key})


def access_key_once(request: HttpRequest) -> str:
    """The access key while the session lasts; empty afterwards."""
    return str(open_from_session(request.session.get(_KEY)).get("key", ""))


def needs_book(view: View) -> View:
    """The view gets the opened book. Without one, the mover is asked to open it; what was posted is held."""

    @wraps(view)
    def with_book(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        book = current_book(request)
        if book is None:
            if request.method == "POST":
                save_form(request)
            return redirect(f"{reverse('book:login')}?next={request.path}")
        _touch(request)
        drop_saved_form(request)
        response = redirect_to_saved_form(request, view(request, book, **kwargs), book.id)
        response["Cache-Control"] = "no-store"
        return response

    return with_book


def _touch(request: HttpRequest) -> None:
    """Idle time counts from now. Written once a minute at most: a page that is only read costs no commit."""
    now = int(time())
    if now - request.session.get(_SEEN, 0) >= _SEEN_SECONDS:
        request.session[_SEEN] = now


def own_notice(book: Book, notice_id: UUID) -> Notice | None:
    """The book's notice of this id; another book's is as unknown as none."""
    notice = book.notices.filter(id=notice_id).first()
    if notice:
        notice.book = book
    return notice


def _book(request: HttpRequest, name: str) -> Book | None:
    try:
        return draft_by_id(request.session[name])
    except (KeyError, NoSuchBook):
        return None
