"""Device use: how long a session lives and what a browser may remember, by whose device it is; one table.

A shared computer (「共用のパソコンです」) is known by a cookie of its own, which ends with the browser and outlives the
session: whoever posts a page that an expired session left behind is told that it has ended, and nothing is kept of it.
The same cookie has the browser of a confidential move remember no page and no field: else its form history and the
windows it restores would have the new address.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from time import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from renrakucho.lib.session_store import KEPT_ON_DEVICE

DEVICE_COOKIE = "device"
_SEEN = "shared_seen"  # the session's value
_SEEN_SECONDS = 60  # a page that is only read costs no commit
_PURPOSE = re.compile(rb' autocomplete="[^"]*"')
_FORM = re.compile(rb"<form(?=[ >])")


class DeviceUse(StrEnum):
    """Whose device it is, as its mover said; USUAL: nothing was said. UNREMEMBERED: of a confidential move. The cookie
    has one of the last two.
    """

    USUAL = "usual"
    KEPT = "kept"
    UNREMEMBERED = "unremembered"
    SHARED = "shared"


@dataclass(frozen=True)
class DeviceRule:
    """idle_seconds: until an opened book closes by itself. draft_idle_seconds: until a draft's session ends; None: a
    day after it was last saved, or with the draft where it is kept. resumes: a form of an expired session is kept, and
    goes on. remembers: pages may be cached, and fields filled by the browser.
    """

    idle_seconds: int
    draft_idle_seconds: int | None
    resumes: bool
    remembers: bool


RULES: Mapping[DeviceUse, DeviceRule] = {
    DeviceUse.USUAL: DeviceRule(60 * 30, None, resumes=True, remembers=True),
    DeviceUse.KEPT: DeviceRule(60 * 30, None, resumes=True, remembers=True),
    DeviceUse.UNREMEMBERED: DeviceRule(60 * 30, None, resumes=True, remembers=False),
    DeviceUse.SHARED: DeviceRule(60 * 10, 60 * 10, resumes=False, remembers=False),
}


def device_use(request: HttpRequest) -> DeviceUse:
    """Whose device this request comes from."""
    if told := _told_use(request):
        return told
    return DeviceUse.KEPT if request.session.get(KEPT_ON_DEVICE) else DeviceUse.USUAL


def device_rule(request: HttpRequest) -> DeviceRule:
    """The rule for the device of this request."""
    return RULES[device_use(request)]


def is_shared_computer(request: HttpRequest) -> bool:
    """Whether its mover said that others use this computer. Asks no session."""
    return _told_use(request) == DeviceUse.SHARED


def _told_use(request: HttpRequest) -> DeviceUse | None:
    told = request.COOKIES.get(cookie_name())
    return DeviceUse(told) if told in (DeviceUse.SHARED, DeviceUse.UNREMEMBERED) else None


def cookie_name() -> str:
    """The name of the cookie that says whose device it is."""
    return f"{settings.COOKIE_PREFIX}{DEVICE_COOKIE}"


def begin_shared_use(response: HttpResponse) -> None:
    """Say in the browser that its computer is shared, until it is closed."""
    _set_cookie(response, DeviceUse.SHARED)


def set_unremembered(request: HttpRequest, response: HttpResponse, *, confidential: bool) -> None:
    """Have the browser remember no page and no field of a confidential move, until it is closed; of another move, as
    usual again. A shared computer stays one.
    """
    told = _told_use(request)
    if confidential and told is None:
        _set_cookie(response, DeviceUse.UNREMEMBERED)
    if not confidential and told == DeviceUse.UNREMEMBERED:
        response.delete_cookie(cookie_name(), samesite="Lax")


def _set_cookie(response: HttpResponse, use: DeviceUse) -> None:
    response.set_cookie(cookie_name(), use, secure=settings.SECURE, httponly=True, samesite="Lax")


def end_shared_use(response: HttpResponse) -> None:
    """Have the browser forget this site: its cookies, what it stored, and the pages it could go back to."""
    response.delete_cookie(cookie_name(), samesite="Lax")
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'


class DeviceRuleMiddleware:
    """By the rule of the device: every page unstored, no field remembered, and each session ends when it was idle.

    The innermost middleware: it changes pages before their length is said.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        response = self.get_response(request)
        told = _told_use(request)
        if told is None:
            return response
        rule = RULES[told]
        if rule.draft_idle_seconds:
            _limit_session(request.session, rule.draft_idle_seconds)
        if not rule.remembers:
            _forget_page(response)
        return response


def _limit_session(session: SessionBase, seconds: int) -> None:
    if session.is_empty() or not session.keys():
        return  # nobody has one, and asking for it makes none
    session.pop(KEPT_ON_DEVICE, None)
    now = int(time())
    if session.get("_session_expiry") != seconds or now - session.get(_SEEN, 0) >= _SEEN_SECONDS:
        session.set_expiry(seconds)
        session[_SEEN] = now


def _forget_page(response: HttpResponse) -> None:
    patch_cache_control(response, no_store=True)
    if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
        # Here and not in each template: no field that comes later can be forgotten.
        content = _PURPOSE.sub(b' autocomplete="off"', response.content)
        response.content = _FORM.sub(b'<form autocomplete="off"', content)
