"""Device cookie: a browser that somebody has logged in from is known for their account, so that a stranger who tries
passwords elsewhere does not slow them. OWASP, «Slow Down Online Guessing Attacks with Device Cookies».

It opens nothing: it only has a login counted apart from those of strangers. It is given after a whole login, signed,
and bound to one account; those who share a browser have a cookie each. «Log out everywhere» makes all of them void.
"""

import secrets
from hashlib import sha256

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from renrakucho.provider.staff import Staff

KNOWN_DAYS = 180  # since the last login
MOST_ACCOUNTS = 5  # of one browser: the cookies of a whole shift would make a request's head too long
_SALT = "device-cookie"
_SECONDS = 60 * 60 * 24 * KNOWN_DAYS


def known_device(request: HttpRequest, login_id: str) -> str:
    """Which device of this account's the request comes from, as a text without meaning; "" for an unknown one."""
    sent = request.COOKIES.get(_cookie_name(login_id))
    staff = Staff.objects.filter(login_id=login_id).first() if sent else None
    if not sent or staff is None:
        return ""
    try:
        kept = signing.loads(sent, salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        return ""
    return f"{staff.id}\n{kept['device']}" if kept["of"] == _owner_mark(staff) else ""


def remember_device(request: HttpRequest, response: HttpResponse, staff: Staff) -> None:
    """Make the browser known for this account, after a whole login with it."""
    name = _cookie_name(staff.login_id)
    device = known_device(request, staff.login_id).partition("\n")[2] or secrets.token_urlsafe(16)
    others = [each for each in request.COOKIES if each.startswith(_prefix()) and each != name]
    for each in others[: max(0, len(others) + 1 - MOST_ACCOUNTS)]:
        response.delete_cookie(each)
    response.set_cookie(
        name,
        signing.dumps({"of": _owner_mark(staff), "device": device}, salt=_SALT),
        max_age=_SECONDS,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def _owner_mark(staff: Staff) -> str:
    return f"{staff.id} {staff.sessions_ended}"


def _cookie_name(login_id: str) -> str:
    return _prefix() + sha256(login_id.encode()).hexdigest()[:16]


def _prefix() -> str:
    return "__Host-device-" if settings.SECURE else "device-"
