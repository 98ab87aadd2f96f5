"""Book session: which draft or book this browser has open, and its idle timeout (the rules: page.device_use).

The session has ids, and sealed what must outlive an expired session: a session table that leaks tells nothing of a
mover.
"""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_cache_control

from renrakucho.faces.book.saved_forms import (
    BELONGS,
    OPENED_BOOK,
    SAVED_FORMS,
    drop_saved_form,
    keep_only_forms_of,
    open_from_session,
    redirect_to_saved_form,
    save_form,
    seal_for_session,
)
from renrakucho.lib.session_store import KEPT_ON_DEVICE
from renrakucho.mover.book import NoSuchBook, begin_draft, draft_by_id, draft_until, key_mark
from renrakucho.mover.book_openings import close_opening, close_other_openings, record_opening
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice
from renrakucho.page.device_use import device_rule, is_shared_computer
from renrakucho.page.security_log import SecurityEvent, log_security_event

_DRAFT, _BOOK, _KEY, _SEEN, _MARK, _OPENING = "draft", OPENED_BOOK, "access_key", "seen", "key_mark", "opening"
_SEEN_SECONDS = 60

View = Callable[..., HttpResponse]


def current_draft(request: HttpRequest) -> Book | None:
    """Return the draft that is entered in this browser, or the opened book that providers are added to."""
    return _book(request, _DRAFT) or current_book(request)


def draft_or_new(request: HttpRequest) -> Book:
    """Return the current draft; begin one if there is none. Its session ends with the browser, and a day after it was
    last saved at the latest.
    """
    return current_draft(request) or _enter_draft(request, begin_draft())


def _enter_draft(request: HttpRequest, book: Book) -> Book:
    request.session.cycle_key()  # against session fixation: somebody else may have planted the old key
    for name in (_BOOK, _MARK, _KEY):  # of a book whose session is over
        request.session.pop(name, None)
    request.session[_DRAFT] = str(book.id)
    return book


def keep_draft_on_device(request: HttpRequest, *, keep: bool) -> None:
    """Let this browser find its draft as long as there is one; or until it is closed, since devices are shared. An
    opened book is left as it is, and a shared computer keeps nothing.
    """
    keep = keep and not is_shared_computer(request)
    book = _book(request, _DRAFT)
    if book and not book.registered_at and keep != is_draft_kept(request):
        request.session[KEPT_ON_DEVICE] = keep
        request.session.set_expiry(draft_until(book) if keep else None)


def forget_draft_on_device(request: HttpRequest) -> None:
    """End the cookie with the browser, whatever was chosen before."""
    if request.session.pop(KEPT_ON_DEVICE, None):
        request.session.set_expiry(None)


def is_draft_kept(request: HttpRequest) -> bool:
    """Whether this browser finds its draft until it is deleted."""
    return _DRAFT in request.session and bool(request.session.get(KEPT_ON_DEVICE))


def page_owner(book: Book | None) -> str:
    """Return the sealed owner of a page's forms, which is still known when the session has expired."""
    return seal_for_session({"book": str(book.id)}) if book else ""


def resumed_draft(request: HttpRequest) -> Book | None:
    """Resume the draft whose form was posted after its session had expired; None for a registered book, which needs
    its access key, and on a shared computer, where the next person may post it.
    """
    if not device_rule(request).resumes:
        return None
    book = intended_book(request)
    if book is None or book.registered_at:
        return None
    return _enter_draft(request, book)


def intended_book(request: HttpRequest) -> Book | None:
    """Return the draft or book that the posted form belongs to."""
    try:
        return draft_by_id(_owner_of_form(request))
    except NoSuchBook:
        return None


def _owner_of_form(request: HttpRequest) -> str:
    return str(open_from_session(request.POST.get(BELONGS)).get("book", ""))


def form_owner(request: HttpRequest, path: str) -> UUID | None:
    """Return the id of the draft or book that the posted form of this page belongs to: by the form itself, by the
    notice whose page it is, or by what is open.
    """
    book = intended_book(request)
    if book:
        return book.id
    try:
        notice_id = resolve(path).kwargs.get("notice_id")
    except Resolver404:
        return None
    if notice_id:
        return Notice.objects.filter(id=notice_id).values_list("book_id", flat=True).first()
    book = current_draft(request)
    return book.id if book else None


def is_meant_for(request: HttpRequest, book: Book | None) -> bool:
    """Whether a posted form may be saved in this draft or book. Another book may have been opened in another tab since
    the page was loaded, and the input of one person must not overwrite what another has told.
    """
    if book and _owner_of_form(request) == str(book.id):
        return True
    owner = intended_book(request)
    if book and owner:
        return not (book.registered_at or owner.registered_at)
    return True


def current_book(request: HttpRequest) -> Book | None:
    """Return the opened book. A session that was opened with an access key that has been replaced since is over."""
    book = _book(request, _BOOK)
    if book is None or not book.registered_at or book.disavowed_at:
        return None
    return book if request.session.get(_MARK) == key_mark(book) else None


def open_book_session(request: HttpRequest, book: Book) -> None:
    """Open the book in this browser, in a session of its own: the old one is deleted at once, and only what belongs to
    this book goes along. Whoever used this browser before may be somebody else.
    """
    log_security_event(request, SecurityEvent.BOOK_OPENED, account=str(book.id))
    keep_only_forms_of(request, book.id)
    kept = {name: request.session[name] for name in (SAVED_FORMS, _KEY) if name in request.session}
    if open_from_session(kept.get(_KEY)).get("book") != str(book.id):
        kept.pop(_KEY, None)
    before = current_opening(request) if request.session.get(_BOOK) == str(book.id) else None
    request.session.flush()
    opening = record_opening(book, request.headers.get("User-Agent", ""), before)
    request.session.update(kept | {_BOOK: str(book.id), _MARK: key_mark(book), _OPENING: str(opening.id)})
    request.session.set_expiry(device_rule(request).idle_seconds)


def close_book_session(request: HttpRequest) -> None:
    """Close the book or draft, and delete the session."""
    opening = current_opening(request)
    if opening:
        close_opening(opening)
    request.session.flush()


def current_opening(request: HttpRequest) -> UUID | None:
    """Return the id of the opening that this browser's session was made by; None: it is older than openings are."""
    opening = request.session.get(_OPENING)
    return UUID(opening) if opening else None


def close_other_sessions(request: HttpRequest, book: Book) -> None:
    """Close the book in every other browser."""
    close_other_openings(book, current_opening(request))
    request.session[_MARK] = key_mark(book)


def remember_access_key(request: HttpRequest, book: Book, access_key: str) -> None:
    """Keep the book's access key, sealed, for the page that shows it."""
    request.session[_KEY] = seal_for_session({"book": str(book.id), "key": access_key})


def access_key_once(request: HttpRequest, book: Book) -> str:
    """Return the book's access key while the session that it was made in lasts; "" afterwards."""
    remembered = open_from_session(request.session.get(_KEY))
    return str(remembered["key"]) if remembered.get("book") == str(book.id) else ""


def needs_book(view: View) -> View:
    """Give the view the opened book. Without one, save a posted form and redirect to the login."""

    @wraps(view)
    def with_book(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        book = current_book(request)
        if book is None:
            if request.method == "POST":
                if not device_rule(request).resumes:
                    return redirect("book:shared_ended")
                save_form(request, form_owner(request, request.path))
            return redirect(f"{reverse('book:login')}?next={request.path}")
        restart_idle_timeout(request)
        drop_saved_form(request)
        response = redirect_to_saved_form(request, view(request, book, **kwargs), book.id)
        patch_cache_control(response, no_store=True)
        return response

    return with_book


def restart_idle_timeout(request: HttpRequest) -> None:
    """Restart the idle timeout of an opened book, at most once a minute: a page that is only read costs no commit."""
    now = int(time())
    if _BOOK in request.session and now - request.session.get(_SEEN, 0) >= _SEEN_SECONDS:
        request.session[_SEEN] = now


def own_notice(book: Book, notice_id: UUID) -> Notice | None:
    """Return the book's notice of this id; None where there is none, or where it is another book's."""
    notice = book.notices.filter(id=notice_id).first()
    if notice:
        notice.book = book
    return notice


def _book(request: HttpRequest, name: str) -> Book | None:
    try:
        return draft_by_id(request.session[name])
    except (KeyError, NoSuchBook):
        return None
