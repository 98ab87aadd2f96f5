"""Listing endpoints for peer portals: public and cacheable, with a rate limit for each address."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from renrakucho.lib.throttle.rate_limit import RateLimit
from renrakucho.page.errors import not_found
from renrakucho.page.http import cacheable_response, client_address, with_retry_after
from renrakucho.relay.served_listing import served_listing, served_sheet

_MAX_AGE = 300  # seconds
# Of one network address: who fetches a listing fetches each of its forms.
LISTINGS = RateLimit("relay_listing", 30, 60)
FORMS = RateLimit("relay_form", 1200, 60)


@require_safe
def providers_listing(request: HttpRequest) -> HttpResponse:
    """GET: the providers that this portal tells for others."""
    attempt = LISTINGS.count_attempt(client_address(request))
    if not attempt.allowed:
        return with_retry_after(HttpResponse(status=429), attempt)
    return cacheable_response(request, _json_response(served_listing()), max_age=_MAX_AGE)


@require_safe
def sheet_listing(request: HttpRequest, provider: str, procedure: str, version: int) -> HttpResponse:
    """GET: one form of the listing."""
    attempt = FORMS.count_attempt(client_address(request))
    if not attempt.allowed:
        return with_retry_after(HttpResponse(status=429), attempt)
    text = served_sheet(provider, procedure, version)
    return cacheable_response(request, _json_response(text), max_age=_MAX_AGE) if text else not_found(request)


def _json_response(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json")
