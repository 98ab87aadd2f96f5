"""Pending logins: what a browser's session keeps, sealed, while its person logs in at an OpenID issuer.

Each is given out once, and only to the browser that began it: a made-up, repeated or foreign answer finds none. There
are three at most, each for ten minutes.
"""

from typing import Any

from django.http import HttpRequest

from renrakucho.lib.oidc.oidc_issuer import LoginFault, LoginRejected
from renrakucho.lib.oidc.oidc_login import PendingLogin
from renrakucho.lib.period_keyring import open_text, seal_as_text

PENDING_LOGINS = "issuer_logins"  # name in the session
MOST_PENDING = 3  # tabs of one browser
_SEAL = b"issuer logins"


def keep_pending_login(request: HttpRequest, pending: PendingLogin, purpose: dict[str, Any]) -> None:
    """Keep it until its answer comes. purpose: a JSON object, what the login is for. The oldest gives way."""
    kept = [*_pending(request), [pending.as_json(), purpose]][-MOST_PENDING:]
    request.session[PENDING_LOGINS] = seal_as_text(kept, _SEAL)


def take_pending_login(request: HttpRequest, issuer: str, redirect_uri: str) -> tuple[PendingLogin, dict[str, Any]]:
    """The login of this browser that the request's `state` answers, and what it is for; it is forgotten with that.

    issuer, redirect_uri: of the address that was asked. Raises LoginRejected.
    """
    state, kept = request.GET.get("state", ""), _pending(request)
    found = [each for each in kept if each[0]["state"] == state]
    if not found:
        raise LoginRejected(LoginFault.UNKNOWN_STATE)
    request.session[PENDING_LOGINS] = seal_as_text([each for each in kept if each not in found], _SEAL)
    pending = PendingLogin(**found[0][0])
    if (pending.issuer, pending.redirect_uri) != (issuer, redirect_uri):
        raise LoginRejected(LoginFault.OTHER_ISSUER)
    return pending, found[0][1]


def _pending(request: HttpRequest) -> list[Any]:
    return open_text(request.session.get(PENDING_LOGINS, ""), _SEAL) or []
