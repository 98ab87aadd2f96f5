"""A shared computer (「共用のパソコンです」): beginning, ending, and the neutral page after it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from renrakucho.faces.book.book_session import close_book_session, current_draft, forget_draft_on_device
from renrakucho.lib.private_files import empty_write_ahead_log
from renrakucho.mover.models import Book
from renrakucho.page.device_use import begin_shared_use, end_shared_use, is_shared_computer
from renrakucho.page.http import safe_next_url


@require_POST
def begin_shared_page(request: HttpRequest) -> HttpResponse:
    """Remember that others use this computer, and go on where it was said. What was begun goes along."""
    forget_draft_on_device(request)
    response = redirect(safe_next_url(request, "/"))
    begin_shared_use(response)
    return response


@require_POST
def end_shared_page(request: HttpRequest) -> HttpResponse:
    """「終わる」: delete the draft, close the book, and have the browser forget this site. Safe to repeat."""
    if is_shared_computer(request):
        draft = current_draft(request)
        if draft and not draft.registered_at:
            Book.objects.filter(id=draft.id, registered_at=None).delete()
        close_book_session(request)
        empty_write_ahead_log()
    response = redirect("book:shared_ended")
    end_shared_use(response)
    return response


@require_safe
@never_cache
def shared_ended_page(request: HttpRequest) -> HttpResponse:
    """The neutral page: what is left on this computer, and nothing of anybody."""
    return render(request, "book/shared_ended.html", {"section": "", "is_shared": is_shared_computer(request)})
