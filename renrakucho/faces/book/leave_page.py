"""Leaving a page with a form: what was typed and not sent yet is kept for the page, and shown there again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from renrakucho.faces.book.book_session import current_draft, form_owner, is_meant_for
from renrakucho.faces.book.saved_forms import save_form
from renrakucho.page.device_use import device_rule


@require_http_methods(["GET", "HEAD", "POST"])
def leave_page(request: HttpRequest) -> HttpResponse:
    """Keep the form of `page`, then lead to `to`: the «back» of a form. A script that keeps as one types asks for no
    page. A GET (an error page that is loaded again) keeps nothing, and leads back to `page`.
    """
    page, to = _own_path(request, "page"), _own_path(request, "to")
    if request.method != "POST":
        return redirect(page or "/")
    if page:
        keep_typed(request, page)
    return redirect(to) if to else HttpResponse(status=204)


def keep_typed(request: HttpRequest, page: str) -> None:
    """Keep the posted form for this page without its errors, unless it is another book's. On a shared computer only
    while the session lasts that it was typed in.
    """
    book = current_draft(request)
    if is_meant_for(request, book) and (book or device_rule(request).resumes):
        save_form(request, form_owner(request, page), path=page, unsent=True)


def _own_path(request: HttpRequest, name: str) -> str:
    path = request.GET.get(name, "")
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""
