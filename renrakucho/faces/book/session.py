"""Which draft or book this browser has open.

The session holds ids only, and what must outlive an expired session, sealed: a shared database or a session table that
leaks tells nothing of a mover.
"""

import base64
import json
from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from renrakucho.lib.seal import Tampered, open_json, seal_json
from renrakucho.mover.book import NoSuchBook, begin, draft
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice

BELONGS = "belongs"  # a form's hidden field: which draft or book its page was made for, sealed
_DRAFT, _BOOK, _HELD, _KEY, _SEEN = "draft", "book", "held", "access_key", "seen"
IDLE_SECONDS = 60 * 30  # an opened book closes by itself: phones and PCs are shared
_SEEN_SECONDS = 60
_MOST_HELD = 20_000  # characters of a form that came too late

View = Callable[..., HttpResponse]


def current_draft(request: HttpRequest) -> Book | None:
    """What is being entered in this browser: a draft, or the opened book that more is added to."""
    return _book(request, _DRAFT) or current_book(request)


def draft_or_new(request: HttpRequest) -> Book:
    """The same, begun now if there is none. The draft's session outlives the browser by a day."""
    book = current_draft(request)
    if book is None:
        book = begin()
        request.session.cycle_key()  # a number that somebody else may have planted in this browser is left behind
        request.session[_DRAFT] = str(book.id)
    return book


def forget_draft(request: HttpRequest) -> None:
    """Leave the draft; it is not deleted here."""
    request.session.pop(_DRAFT, None)


def belonging(book: Book | None) -> str:
    """What a page's forms carry, to say whose page it is, also when the session has ended meanwhile."""
    return _sealed({"book": str(book.id)}) if book else ""


def taken_up(request: HttpRequest) -> Book | None:
    """The draft whose page was posted, taken up again after its session had ended. A registered book needs its key."""
    book = meant_for(request)
    if book is None or book.registered_at:
        return None
    request.session[_DRAFT] = str(book.id)
    return book


def meant_for(request: HttpRequest) -> Book | None:
    """The draft or book that a posted form's page was made for."""
    try:
        return draft((_opened(request.POST.get(BELONGS)) or {})["book"])
    except (KeyError, NoSuchBook):
        return None


def is_for(request: HttpRequest, book: Book | None) -> bool:
    """Whether a posted form may go into this draft or book. Another book may have been opened in another tab since its
    page was made, and what one person typed must not go over what another told.
    """
    meant = meant_for(request)
    if book and meant:
        return book.id == meant.id or not (book.registered_at or meant.registered_at)
    return True


def current_book(request: HttpRequest) -> Book | None:
    """The opened book."""
    book = _book(request, _BOOK)
    return book if book and book.registered_at else None


def open_in(request: HttpRequest, book: Book) -> None:
    """Open the book in this browser, in a session of its own number."""
    request.session.cycle_key()
    request.session.pop(_DRAFT, None)
    kept = _opened(request.session.get(_HELD))
    if kept and kept["book"] not in ("", str(book.id)):  # a notice's own page knows whose it is
        del request.session[_HELD]
    request.session[_BOOK] = str(book.id)
    request.session.set_expiry(IDLE_SECONDS)
    request.session.modified = True


def close(request: HttpRequest) -> None:
    """Close whatever is open, and forget the session."""
    request.session.flush()


def remember_access_key(request: HttpRequest, access_key: str) -> None:
    """Keep the access key for the page that shows it once."""
    request.session[_KEY] = _sealed({"key": access_key})


def access_key_once(request: HttpRequest) -> str:
    """The access key while the session lasts; empty afterwards."""
    return str((_opened(request.session.get(_KEY)) or {}).get("key", ""))


def hold(request: HttpRequest) -> None:
    """Keep a form that came after its session had ended, until the mover has opened the book again."""
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in ("csrfmiddlewaretoken", BELONGS)}
    if len(json.dumps(fields, ensure_ascii=False)) <= _MOST_HELD:
        book = meant_for(request)
        kept = {"path": request.path, "fields": fields, "book": str(book.id) if book else ""}
        request.session[_HELD] = _sealed(kept)


def is_holding(request: HttpRequest) -> str:
    """«typed»: what was typed is kept; «pressed»: a button was pressed too late, with nothing typed; or empty."""
    kept = _opened(request.session.get(_HELD))
    return ("typed" if kept["fields"] else "pressed") if kept else ""


def held_path(request: HttpRequest) -> str:
    """The address that the held form was sent to; empty where none is."""
    return str((_opened(request.session.get(_HELD)) or {}).get("path", ""))


def held(request: HttpRequest) -> dict[str, list[str]]:
    """The form that was held for this address, until it is sent again; empty where none is."""
    kept = _opened(request.session.get(_HELD))
    fields: dict[str, list[str]] = kept["fields"] if kept and kept["path"] == request.path else {}
    return fields


def sent_again(request: HttpRequest) -> None:
    """Let go of what was held for this address."""
    if request.method == "POST" and held_path(request) == request.path:
        del request.session[_HELD]


def needs_book(view: View) -> View:
    """The view gets the opened book. Without one, the mover is asked to open it; what was posted is held."""

    @wraps(view)
    def with_book(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        book = current_book(request)
        if book is None:
            if request.method == "POST":
                hold(request)
            return redirect(f"{reverse('book:login')}?next={request.path}")
        _touch(request)
        sent_again(request)
        response = view(request, book, **kwargs)
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
        return draft(request.session[name])
    except (KeyError, NoSuchBook):
        return None


def _master() -> bytes:
    return bytes.fromhex(settings.MASTER_KEY)


def _sealed(value: dict[str, Any]) -> str:
    return base64.b64encode(seal_json(value, key=_master(), aad=b"session")).decode()


def _opened(sealed: str | None) -> dict[str, Any] | None:
    try:
        return open_json(base64.b64decode(sealed), key=_master(), aad=b"session") if sealed else None
    except (Tampered, ValueError):
        return None
