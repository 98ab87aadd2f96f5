"""What is shown one single time: a link, recovery codes. Between two pages it lies in the session, sealed."""

from typing import Any

from django.http import HttpRequest

from renrakucho.lib.sealing import open_text, seal_as_text

ONCE = "desk_once"
_PLACE = b"desk once"


def put_one_time(request: HttpRequest, what: str, value: Any) -> None:
    """Put it down for the next page."""
    request.session[ONCE] = seal_as_text([what, value], _PLACE)


def peek_one_time(request: HttpRequest, what: str) -> Any:
    """Look at it and leave it there; None where there is none."""
    kind, value = open_text(request.session.get(ONCE, ""), _PLACE) or ("", None)
    return value if kind == what else None


def take_one_time(request: HttpRequest, what: str) -> Any:
    """Look at it for the last time; None where there is none."""
    value = peek_one_time(request, what)
    if value is not None:
        del request.session[ONCE]
    return value
