"""Registration page: everything as it will be registered, and the button that registers it.

Double submit: a second press of «登録する» that is sent before the answer to the first has arrived.

The first press opens the book in a session with a new key, and the browser that pressed twice never gets this key. So
a copy of the new session stays under the old key for a minute: the second press takes it over, again under a new key,
and both presses end on the same page. The second leaves a copy in turn, for a third.
"""

from datetime import timedelta

from django.contrib import messages
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from renrakucho.faces.book.apply.items_form import ItemsForm
from renrakucho.faces.book.apply.registration_summary import handover_summaries, item_rows
from renrakucho.faces.book.apply.steps import IN_BOOK, StepRequest, application_step, see_other
from renrakucho.faces.book.book_session import open_book_session, remember_access_key
from renrakucho.lib.session_store import session_key_hash
from renrakucho.mover.book import save_entries
from renrakucho.mover.models import Book
from renrakucho.notice.registration import register_book

COPY_SECONDS = 60


@application_step("check")
def registration_page(step: StepRequest) -> HttpResponse:
    """Show the summary; on POST register, once, however often the button is pressed."""
    form = step.items_form  # valid, else application_step would have redirected
    if step.is_post and step.book:
        _register(step.request, step.book, form)
        return see_other("leaves" if IN_BOOK in step.request.POST else "registered")
    context = step.page_context(
        rows=item_rows(form),
        only_read=step.only_edits,
        told=handover_summaries(step.offers, form.entries()),
        origin=step.entries.origin,
        destination=step.entries.destination,
        email=step.entries.items["contact.email"],
        messages=messages.get_messages(step.request),
    )
    return render(step.request, "book/apply/check.html", context)


def _register(request: HttpRequest, book: Book, form: ItemsForm) -> None:
    """Write book, notices, mail and both sessions in one transaction: a second submit finds all of them or none."""
    old_key = request.session.session_key
    with transaction.atomic():
        if not book.registered_at:
            save_entries(book, form.needed())
        access_key = register_book(book)
        if access_key is None:
            _adopt_shared_session(request)
        else:
            remember_access_key(request, book, access_key)
        book.refresh_from_db()
        open_book_session(request, book)
        request.session.save()
        _share_session(request, old_key)


def _share_session(request: HttpRequest, old_key: str | None) -> None:
    """Leave a copy of the present session under the key that the browser came with."""
    if not old_key or old_key == request.session.session_key:
        return
    kept = {name: value for name, value in request.session.items() if not name.startswith("_")}
    until = timezone.now() + timedelta(seconds=COPY_SECONDS)
    Session.objects.create(
        session_key=session_key_hash(old_key), session_data=Session.objects.encode(kept), expire_date=until
    )


def _adopt_shared_session(request: HttpRequest) -> None:
    """Take over what the first press left in the session after this request had read it."""
    request.session.update(request.session.load())
