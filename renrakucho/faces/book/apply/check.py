"""The last page: everything as it will be registered, and the button that registers it."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renrakucho.faces.book.apply.check_rows import rows, told
from renrakucho.faces.book.apply.items_form import ItemsForm
from renrakucho.faces.book.apply.second_press import leave_word, take_over
from renrakucho.faces.book.apply.steps import IN_BOOK, Visit, see_other, step
from renrakucho.faces.book.session import open_in, remember_access_key
from renrakucho.mover.book import save
from renrakucho.mover.models import Book
from renrakucho.notice.opening import open_book


@step("check")
def check(visit: Visit) -> HttpResponse:
    """Shown, or registered: once, however often the button is pressed."""
    form = visit.items  # valid, or this page would not have been reached (steps.first_lacking)
    if visit.posted and visit.book:
        _register(visit.request, visit.book, form)
        return see_other("leaves" if IN_BOOK in visit.request.POST else "registered")
    context = visit.page(
        rows=rows(form),
        only_read=visit.in_book and all(offer.key in visit.there for offer in visit.offers),
        told=told(visit.offers, form.entries()),
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
            save(book, form.needed())
        access_key = open_book(book)
        if access_key is None:
            take_over(request)
        else:
            remember_access_key(request, access_key)
        book.refresh_from_db()
        open_in(request, book)
        request.session.save()
        leave_word(request, came_with)
