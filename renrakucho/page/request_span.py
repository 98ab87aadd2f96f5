"""Middleware that makes each request a span, by its route's name: a path may hold a code or a number of a notice."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from renrakucho.lib.tracing import SpanAttribute, SpanKind, trace_span

_METHODS = ("GET", "HEAD", "POST", "OPTIONS")  # anything else a client may invent is «other»


class RequestSpanMiddleware:
    """Middleware, the outermost one where spans are exported."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        method = known_method(request)
        with trace_span(method, SpanKind.SERVER, {SpanAttribute.METHOD: method}) as span:
            response = self._get_response(request)
            route, status = route_name(request), response.status_code
            described: dict[SpanAttribute, str | int] = {SpanAttribute.ROUTE: route, SpanAttribute.STATUS: status}
            if status >= 500:
                described[SpanAttribute.ERROR] = str(status)
            span.describe(described, name=f"{method} {route}")
            return response


def route_name(request: HttpRequest) -> str:
    """The name of the request's route; «none» where no route took it. For a request that was answered."""
    return (request.resolver_match.view_name if request.resolver_match else "") or "none"


def known_method(request: HttpRequest) -> str:
    """The request's method, or «other»: a client may invent any."""
    return request.method if request.method in _METHODS else "other"
