"""Whom other portals' movers can tell through this one: public, and the same for everybody."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from renrakucho.lib.throttle.rate_limit import allow_attempt
from renrakucho.page.errors import not_found
from renrakucho.page.http import cacheable_response, client_address
from renrakucho.relay.served_listing import served_listing, served_sheet

_MAX_AGE = 300  # seconds
_SECONDS = 60
_LISTINGS, _FORMS = 30, 1200  # a minute and address: whoever fetches a listing fetches each of its forms


@require_safe
def providers_listing(request: HttpRequest) -> HttpResponse:
    """The listing."""
    if not _bearable(request, "relay_listing", _LISTINGS):
        return _too_many()
    return cacheable_response(request, _in_json(served_listing()), max_age=_MAX_AGE)


@require_safe
def sheet_listing(request: HttpRequest, provider: str, procedure: str, version: int) -> HttpResponse:
    """One form."""
    if not _bearable(request, "relay_form", _FORMS):
        return _too_many()
    text = served_sheet(provider, procedure, version)
    return cacheable_response(request, _in_json(text), max_age=_MAX_AGE) if text else not_found(request)


def _bearable(request: HttpRequest, what: str, limit: int) -> bool:
    return allow_attempt(what, client_address(request), limit=limit, seconds=_SECONDS)


def _too_many() -> HttpResponse:
    return HttpResponse(status=429, headers={"Retry-After": str(_SECONDS)})


def _in_json(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json")
