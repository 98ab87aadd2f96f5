"""Whom other portals' movers can tell through this one: public, and the same for everybody."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe

from renrakucho.lib.throttle.tally import allow
from renrakucho.page.errors import not_found
from renrakucho.page.visitor import address_of
from renrakucho.relay.listing import form, listing

_MAX_AGE = 300
_SECONDS = 60
_LISTINGS, _FORMS = 30, 1200  # a minute and address: whoever fetches a listing fetches each of its forms


@require_safe
def providers(request: HttpRequest) -> HttpResponse:
    """The listing."""
    if not _bearable(request, "relay_listing", _LISTINGS):
        return _too_many()
    return _public(request, listing())


@require_safe
def sheet(request: HttpRequest, provider: str, procedure: str, version: int) -> HttpResponse:
    """One form."""
    if not _bearable(request, "relay_form", _FORMS):
        return _too_many()
    text = form(provider, procedure, version)
    return _public(request, text) if text else not_found(request)


def _bearable(request: HttpRequest, what: str, limit: int) -> bool:
    return allow(what, address_of(request), limit=limit, seconds=_SECONDS)


def _too_many() -> HttpResponse:
    return HttpResponse(status=429, headers={"Retry-After": str(_SECONDS)})


def _public(request: HttpRequest, text: str) -> HttpResponse:
    etag = quote_etag(sha256(text.encode()).hexdigest()[:32])
    seen = [one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))]
    response = HttpResponseNotModified() if etag in seen else HttpResponse(text, content_type="application/json")
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={_MAX_AGE}"
    response["Access-Control-Allow-Origin"] = "*"
    return response
