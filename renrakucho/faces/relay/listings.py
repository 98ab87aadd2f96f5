"""Listing endpoints for peer portals: public and cacheable, with a rate limit for each address."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from renrakucho.lib.throttle.rate_limit import allow_attempt
from renrakucho.page.errors import not_found
from renrakucho.page.http import cacheable_response, client_address
from renrakucho.relay.served_listing import served_listing, served_sheet

_MAX_AGE = 300  # seconds
_SECONDS = 60
_LISTINGS, _FORMS = 30, 1200  # rate limits a minute and address: who fetches a listing fetches each of its forms


@require_safe
def providers_listing(request: HttpRequest) -> HttpResponse:
    """GET: the providers that this portal tells for others."""
    if not _within_limit(request, "relay_listing", _LISTINGS):
        return _too_many_requests()
    return cacheable_response(request, _json_response(served_listing()), max_age=_MAX_AGE)


@require_safe
def sheet_listing(request: HttpRequest, provider: str, procedure: str, version: int) -> HttpResponse:
    """GET: one form of the listing."""
    if not _within_limit(request, "relay_form", _FORMS):
        return _too_many_requests()
    text = served_sheet(provider, procedure, version)
    return cacheable_response(request, _json_response(text), max_age=_MAX_AGE) if text else not_found(request)


def _within_limit(request: HttpRequest, what: str, limit: int) -> bool:
    return allow_attempt(what, client_address(request), limit=limit, seconds=_SECONDS)


def _too_many_requests() -> HttpResponse:
    return HttpResponse(status=429, headers={"Retry-After": str(_SECONDS)})


def _json_response(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json")
