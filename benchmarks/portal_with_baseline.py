"""WSGI entry of the portal with one address more: an empty view through every middleware, the baseline of a page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from renrakucho.config.worker import application

from renrakucho.config import urls  # isort: skip - it needs Django, which the entry sets up

__all__ = ["application"]

BASELINE = "benchmark-baseline"


def empty_view(request: HttpRequest) -> HttpResponse:
    """Every middleware and no page."""
    return HttpResponse("")


urls.urlpatterns.append(path(BASELINE, empty_view))
