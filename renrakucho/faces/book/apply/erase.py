"""Erasing what was entered, as long as it is not a registered book."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renrakucho.faces.book.apply.steps import see_other
from renrakucho.faces.book.session import current_draft, forget_draft
from renrakucho.mover.models import Book


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Delete the draft; its key goes with it, so that no copy of its row can be read again. A GET deletes nothing."""
    book = current_draft(request) if request.method == "POST" else None
    if book and not book.registered_at:
        Book.objects.filter(id=book.id, registered_at=None).delete()
        forget_draft(request)
        messages.success(request, _("入力した内容を消しました。"))
    return see_other("top")
