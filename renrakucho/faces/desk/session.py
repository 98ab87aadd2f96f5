"""Who sits at the desk in this browser.

A desk session holds the clerk and nothing else: one that has a mover's draft or book in it is no desk session, and
logging in here forgets the mover's. What a clerk posted after the session had ended is kept, sealed, until the next
login: a session table that leaks tells nothing of a mover.
"""

import base64
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from renrakucho.lib.seal import Tampered, open_json, seal_json
from renrakucho.provider.staff import Staff

IDLE_SECONDS = 60 * 30  # a desk that was left alone closes by itself
_RENEW_SECONDS = 60  # not with every page: each time is a write to the disk
_HELD, _SEEN = "desk_held", "desk_seen"
_CLERK = {auth.SESSION_KEY, auth.BACKEND_SESSION_KEY, auth.HASH_SESSION_KEY}
_OURS = {*_CLERK, _HELD, _SEEN, "_messages", "_session_expiry"}
_MOST_HELD = 4_000  # characters of a form that came too late

P = ParamSpec("P")
DeskView = Callable[Concatenate[HttpRequest, Staff, P], HttpResponse]


def needs_staff(view: DeskView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """The view gets the clerk. Without one, the login page comes first; what was posted is held."""

    @wraps(view)
    def with_staff(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        staff = current_staff(request)
        if staff is None:
            if request.method == "POST":
                _hold(request)
            response: HttpResponse = redirect("desk:login")
            response["Location"] += f"?next={request.path}"
        else:
            _still_here(request)
            response = view(request, staff, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return with_staff


def current_staff(request: HttpRequest) -> Staff | None:
    """The clerk who is logged in."""
    if request.session.keys() - _OURS:
        for name in _CLERK & request.session.keys():
            del request.session[name]
        return None
    return request.user if isinstance(request.user, Staff) else None


def begin(request: HttpRequest, staff: Staff) -> None:
    """Log in, in a session of its own number that holds nothing from before but a form that came too late."""
    held = request.session.get(_HELD)
    request.session.flush()
    auth.login(request, staff)
    request.session.set_expiry(IDLE_SECONDS)
    if held:
        request.session[_HELD] = held


def _still_here(request: HttpRequest) -> None:
    """Idle time counts from now."""
    now = int(timezone.now().timestamp())
    if now - request.session.get(_SEEN, 0) >= _RENEW_SECONDS:
        request.session[_SEEN] = now


def _hold(request: HttpRequest) -> None:
    fields = {name: text for name, text in request.POST.items() if name != "csrfmiddlewaretoken"}
    if fields and len(json.dumps(fields)) <= _MOST_HELD:
        sealed = seal_json({"path": request.path, "fields": fields}, key=_master(), aad=b"desk")
        request.session[_HELD] = base64.b64encode(sealed).decode()


def is_holding(request: HttpRequest) -> bool:
    """Whether a form came too late."""
    return _HELD in request.session


def held(request: HttpRequest, path: str) -> dict[str, Any] | None:
    """The form that was held for this address, once."""
    try:
        kept = open_json(base64.b64decode(request.session[_HELD]), key=_master(), aad=b"desk")
    except (KeyError, Tampered, ValueError):
        return None
    if kept["path"] != path:
        return None
    del request.session[_HELD]
    fields: dict[str, Any] = kept["fields"]
    return fields


def _master() -> bytes:
    return bytes.fromhex(settings.MASTER_KEY)
