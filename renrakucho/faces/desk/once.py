"""What is shown one single time: a link, recovery codes. Between two pages it lies in the session, sealed."""

from typing import Any

from django.http import HttpRequest

from renrakucho.lib.master import opened_text, sealed_text

ONCE = "desk_once"
_PLACE = b"desk once"


def lay(request: HttpRequest, what: str, value: Any) -> None:
    """Put it down for the next page."""
    request.session[ONCE] = sealed_text([what, value], _PLACE)


def see(request: HttpRequest, what: str) -> Any:
    """Look at it and leave it there; None where there is none."""
    kind, value = opened_text(request.session.get(ONCE, ""), _PLACE) or ("", None)
    return value if kind == what else None


def take(request: HttpRequest, what: str) -> Any:
    """Look at it for the last time; None where there is none."""
    value = see(request, what)
    if value is not None:
        del request.session[ONCE]
    return value
