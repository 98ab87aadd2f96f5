"""Page for whoever must not be found (DV等支援措置): help lines, and how to tell a move that leads nobody there."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from renrakucho.faces.book.apply.steps import see_other
from renrakucho.faces.book.book_session import current_draft, draft_or_new, forget_draft_on_device
from renrakucho.mover.book import entries_of, save_entries
from renrakucho.page.device_use import set_unremembered
from renrakucho.page.errors import too_many
from renrakucho.page.http import refused_session
from renrakucho.timeline.help_lines import help_lines

LEAVE_FOR = "https://www.jma.go.jp/"  # the weather: nobody wonders at it in a browser's window


@require_http_methods(["GET", "HEAD", "POST"])
def hidden_move_page(request: HttpRequest) -> HttpResponse:
    """Show the help and the rules of a confidential move. POST makes the draft or the opened book one, or ends that."""
    book = current_draft(request)
    if request.method == "POST":
        refused = refused_session(request) if book is None else None
        if refused:
            return too_many(request, refused)
        book = book or draft_or_new(request)
        confidential = request.POST.get("confidential") != "no"
        save_entries(book, replace(entries_of(book), confidential=confidential))
        forget_draft_on_device(request)
        response = see_other("leaves" if book.registered_at else "addresses")
        set_unremembered(request, response, confidential=confidential)
        return response
    context = {
        "section": "hidden",
        "help": help_lines(),
        "leave_for": LEAVE_FOR,
        "is_confidential": bool(book) and entries_of(book).confidential if book else False,
        "in_book": bool(book and book.registered_at),
    }
    response = render(request, "book/hidden_move.html", context)
    response["Cache-Control"] = "no-store"
    return response
