"""Prometheus metrics: durations of requests by route, counted in each process, and what the database knows.

With several processes prometheus_client keeps their counts in files of one folder (PROMETHEUS_MULTIPROC_DIR, which the
settings name before it is imported). Routes are names, never paths: a path may hold a number of a notice.
"""

import os
import time
from collections.abc import Callable
from secrets import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from renrakucho.faces.monitoring.portal_metrics import PortalCollector
from renrakucho.page.request_span import known_method, route_name

_counted = CollectorRegistry()
REQUEST_SECONDS = Histogram(
    "renrakucho_request_seconds",
    "Time until the answer was made, by the name of the route",
    ("route", "method", "status"),
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10),
    registry=_counted,
)


class RequestMetricsMiddleware:
    """Middleware, the outermost one: counts each request and its duration."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self._get_response(request)
        labels = (route_name(request), known_method(request), response.status_code)
        REQUEST_SECONDS.labels(*labels).observe(time.perf_counter() - began)
        return response


@never_cache
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """All metrics as text; 401 without the token, where one is set."""
    expected, given = f"Bearer {settings.METRICS_TOKEN}", request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and not compare_digest(given.encode(), expected.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    known = CollectorRegistry()
    known.register(PortalCollector())
    text = generate_latest(_request_counts()) + generate_latest(known)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _request_counts() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return _counted
    of_all = CollectorRegistry()
    MultiProcessCollector(of_all)  # type: ignore[no-untyped-call]
    return of_all
