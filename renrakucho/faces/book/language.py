"""The switch of languages of pages with a form: what was typed and not sent yet is kept, and shown again."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from renrakucho.faces.book.leave_page import keep_typed
from renrakucho.page.http import safe_next_url
from renrakucho.page.language import ASKED, asked_language


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def change_language(request: HttpRequest) -> HttpResponse:
    """Back to the page (`next`) in the language asked for. Who takes no cookies reads it by the page's address."""
    if request.method == "POST" and settings.CSRF_COOKIE_NAME in request.COOKIES:
        return _keep_typed(request)
    return redirect(f"{safe_next_url(request, '/').partition('?')[0]}?{urlencode({ASKED: asked_language(request)})}")


@csrf_protect
def _keep_typed(request: HttpRequest) -> HttpResponse:
    """With the form kept for its page, unless that is another book's; the cookie keeps the language."""
    page = safe_next_url(request, "/")
    keep_typed(request, page)
    return redirect(page)
