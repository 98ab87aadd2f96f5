"""Registration page: everything as it will be registered, and the button that registers it.

Double submit: a second press of «登録する» that is sent before the answer to the first has arrived. The first press
opens the book in a session with a new number, and the old number is over at once. The second is led by the sealed field
of its form to the page that asks for the mailed code, which opens nothing without it.
"""

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renrakucho.faces.book.apply.items_form import ItemsForm
from renrakucho.faces.book.apply.mailbox_page import code_page
from renrakucho.faces.book.apply.registration_summary import handover_summaries, item_rows
from renrakucho.faces.book.apply.steps import IN_BOOK, StepRequest, application_step, see_other
from renrakucho.faces.book.book_session import current_book, current_draft, intended_book, open_book_session
from renrakucho.faces.book.mailbox_code import MailboxCodeForm, capped_page
from renrakucho.mover.book import save_entries
from renrakucho.mover.models import Book
from renrakucho.notice.notice_caps import CapReached, count_code_mail
from renrakucho.notice.registration import register_book
from renrakucho.page.http import client_address
from renrakucho.page.language import page_language


def registration_page(request: HttpRequest) -> HttpResponse:
    """Show the summary; on POST register, once, however often the button is pressed."""
    if request.method == "POST" and current_draft(request) is None:
        registered = intended_book(request)
        if registered and registered.registered_at and IN_BOOK not in request.POST:
            return code_page(request, registered, MailboxCodeForm())
    return _registration_step(request)


@application_step("check")
def _registration_step(step: StepRequest) -> HttpResponse:
    form = step.items_form  # valid, else application_step would have redirected
    if step.is_post and step.book:
        return _register(step, step.book, form)
    context = step.page_context(
        rows=item_rows(form),
        only_read=step.only_edits,
        told=handover_summaries(step.offers, form.entries()),
        origin=step.entries.origin,
        destination=step.entries.destination,
        email=step.entries.items["contact.email"],
        helper=step.entries.helper,
        hidden=step.entries.confidential,
        messages=messages.get_messages(step.request),
    )
    return render(step.request, "book/apply/check.html", context)


def _register(step: StepRequest, book: Book, form: ItemsForm) -> HttpResponse:
    if current_book(step.request):
        register_book(book)
        return see_other("leaves" if IN_BOOK in step.request.POST else "mailbox")
    try:
        count_code_mail(step.entries.items["contact.email"], client_address(step.request))
    except CapReached as error:
        return capped_page(step.request, error)
    if _register_and_open(step.request, book, form):
        return see_other("mailbox")
    # Another request was quicker, and this one's session is over since.
    return code_page(step.request, book, MailboxCodeForm())


def _register_and_open(request: HttpRequest, book: Book, form: ItemsForm) -> bool:
    """Write book, notices, mail and session in one transaction: a second submit finds all of them or none. False: the
    book was registered before.
    """
    with transaction.atomic():
        if book.registered_at:
            return False
        language = page_language()
        own = "" if language == settings.LANGUAGE_CODE else language
        save_entries(book, replace(form.needed(), language=own))
        if not register_book(book):
            return False
        book.refresh_from_db()
        open_book_session(request, book)
        request.session.save()
    return True
