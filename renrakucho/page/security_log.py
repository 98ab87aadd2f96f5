"""Security log: refused logins, refused requests and opened books, as lines of the log without personal data.

A line has what happened, the route's name (never the path: somebody may have put a name or a code into one), and keyed
hashes of where it came from and of whose account or book it is about. Nobody without the portal's secret can tell from
a hash whom it means; two lines with one hash are about one. The hash of a network address changes every day, so that
nobody is followed for longer. ASVS 5.0, 16.2 and 16.3.
"""

import logging
from collections.abc import Callable
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.encoding import force_str

from renrakucho.lib.capability_urls import CAPABILITY_PREFIXES
from renrakucho.lib.sealing import keyed_hash
from renrakucho.page.http import client_address

log = logging.getLogger("renrakucho.security")
_HASH_LENGTH = 16  # hexadecimal digits: enough to tell apart all that one installation sees
# What is found by everybody belongs to nobody: a page that is not there is a wrong link.
_PUBLIC_NAMESPACES = {"directory", "standard", "monitoring"}


class SecurityEvent(StrEnum):
    """An event of the security log."""

    LOGIN_FAILED = "login_failed"  # wrong password, access key or single sign-on
    FACTOR_FAILED = "factor_failed"  # wrong code or passkey after the right password
    LOGGED_IN = "logged_in"
    BOOK_OPENED = "book_opened"
    REFUSED = "refused"  # 401, 403, 429, or 404 where the object is another's or none


_FAILURES = {SecurityEvent.LOGIN_FAILED, SecurityEvent.FACTOR_FAILED, SecurityEvent.REFUSED}


def log_security_event(request: HttpRequest, event: SecurityEvent, *, account: str = "", status: int = 0) -> None:
    """Log the event. account: what names the account or book it is about, such as a login ID: only its keyed hash is
    logged. status: of the response, where it was refused.
    """
    fields = {"event": str(event), "route": _route(request), "client": _hash(f"{_today()}\n{client_address(request)}")}
    if account:
        fields["account"] = _hash(account)
    if status:
        fields["status"] = str(status)
    said = " ".join(f"{name}={text}" for name, text in fields.items() if name != "event")
    log.log(logging.WARNING if event in _FAILURES else logging.INFO, "%s %s", event, said, extra=fields)


class ReferrerPolicyMiddleware:
    """Referrer policy of addresses with a code in them, also where no view answered: what such a page loads, and where
    it leads, hears of the origin alone, so that the code stands in no log line of another address. (With «no-referrer»
    a form would have no origin, and be refused.)
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the policy where the address needs it."""
        response = self.get_response(request)
        if request.path.startswith(CAPABILITY_PREFIXES):
            response["Referrer-Policy"] = "strict-origin"
        return response


class SecurityLogMiddleware:
    """Logs every request that was refused: by a role, a token, a rate limit, or as somebody else's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and log where the answer is a refusal."""
        response = self.get_response(request)
        if _is_refusal(request, response.status_code):
            log_security_event(request, SecurityEvent.REFUSED, status=response.status_code)
        return response


def _is_refusal(request: HttpRequest, status: int) -> bool:
    if status in (401, 403, 429):
        return True
    match = request.resolver_match
    return status == 404 and match is not None and match.namespace not in _PUBLIC_NAMESPACES


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match and match.view_name else "-"


def _today() -> str:
    return timezone.localdate().isoformat()


def _hash(text: str) -> str:
    return keyed_hash(force_str(settings.SECRET_KEY), f"security-log\n{text}")[:_HASH_LENGTH]
