"""The last page: everything as it will be registered, and the button that registers it."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renrakucho.faces.book.apply.double_submit import adopt_shared_session, share_session
from renrakucho.faces.book.apply.items_form import ItemsForm
from renrakucho.faces.book.apply.registration_summary import handover_summaries, item_rows
from renrakucho.faces.book.apply.steps import IN_BOOK, StepRequest, application_step, see_other
from renrakucho.faces.book.book_session import open_book_session, remember_access_key
from renrakucho.mover.book import save_entries
from renrakucho.mover.models import Book
from renrakucho.notice.registration import register_book


@application_step("check")
def registration_page(visit: StepRequest) -> HttpResponse:
    """Shown, or registered: once, however often the button is pressed."""
    form = visit.items  # valid, or this page would not have been reached (steps.first_lacking)
    if visit.posted and visit.book:
        _register(visit.request, visit.book, form)
        return see_other("leaves" if IN_BOOK in visit.request.POST else "registered")
    context = visit.page(
        rows=item_rows(form),
        only_read=visit.in_book and all(offer.key in visit.there for offer in visit.offers),
        told=handover_summaries(visit.offers, form.entries()),
        origin=visit.entries.origin,
        destination=visit.entries.destination,
        email=visit.entries.items["contact.email"],
    )
    return render(visit.request, "book/apply/check.html", context)


def _register(request: HttpRequest, book: Book, form: ItemsForm) -> None:
    """Book, notices, mail and both sessions in one transaction: a second press finds all of them or none."""
    came_with = request.session.session_key
    with transaction.atomic():
        if not book.registered_at:
            save_entries(book, form.needed())
        access_key = register_book(book)
        if access_key is None:
            adopt_shared_session(request)
        else:
            remember_access_key(request, access_key)
        book.refresh_from_db()
        open_book_session(request, book)
        request.session.save()
        share_session(request, came_with)
