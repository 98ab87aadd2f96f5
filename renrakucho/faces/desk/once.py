"""What is shown one single time: a link, recovery codes. Between two pages it lies in the session, sealed."""

import base64
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from renrakucho.lib.seal import Tampered, open_json, seal_json

ONCE = "desk_once"


def lay(request: HttpRequest, what: str, value: Any) -> None:
    """Put it down for the next page."""
    request.session[ONCE] = base64.b64encode(seal_json([what, value], key=_master(), aad=b"desk once")).decode()


def see(request: HttpRequest, what: str) -> Any:
    """Look at it and leave it there; None where there is none."""
    try:
        kind, value = open_json(base64.b64decode(request.session[ONCE]), key=_master(), aad=b"desk once")
    except (KeyError, Tampered, ValueError):
        return None
    return value if kind == what else None


def take(request: HttpRequest, what: str) -> Any:
    """Look at it for the last time; None where there is none."""
    value = see(request, what)
    if value is not None:
        del request.session[ONCE]
    return value


def _master() -> bytes:
    return bytes.fromhex(settings.MASTER_KEY)
