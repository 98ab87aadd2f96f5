"""What all addresses of the standard have in common: they are public, and last."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from renrakucho.page.public import public

MAX_AGE = 3600  # seconds; within a version only what is compatible changes

Answer = Callable[..., HttpResponse]


def lasting(answer: Answer) -> Answer:
    """May be read from anywhere and kept a while; 304 to whoever has it already."""

    @wraps(answer)
    def view(request: HttpRequest, **named: str) -> HttpResponse:
        return public(request, answer(request, **named), max_age=MAX_AGE)

    return view
