"""Rate limits of staff accounts: how often may be tried what can be guessed. All count within windows of 15 minutes.

Only wrong tries count: each is counted before it is looked at, and its caller uncounts it when it was right.
"""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from renrakucho.lib.throttle.rate_limit import Attempt, RateLimit
from renrakucho.page.formatting import format_clock
from renrakucho.page.http import client_address
from renrakucho.provider.staff import Staff

_WINDOW_SECONDS = 15 * 60
LOGIN = RateLimit("desk-login", 10, _WINDOW_SECONDS)  # of one login ID
LOGIN_FROM = RateLimit("desk-login-from", 60, _WINDOW_SECONDS)  # a whole office goes out by one address
CODE = RateLimit("desk-code", 5, _WINDOW_SECONDS)  # of one second factor: three of a million codes are good at a time
FACTOR_SETUP = RateLimit("desk-factor", 10, _WINDOW_SECONDS)
OWN_PASSWORD = RateLimit("desk-own-password", 5, _WINDOW_SECONDS)  # by whoever sits at a desk that was left open
JOIN_FROM = RateLimit("desk-join-from", 60, _WINDOW_SECONDS)


def login_attempt(request: HttpRequest, login_id: str) -> Attempt:
    """Count a login, before anything is hashed."""
    attempt = LOGIN_FROM.count_attempt(client_address(request))
    return attempt.with_attempt(LOGIN.count_attempt(login_id)) if attempt.allowed else attempt


def code_attempt(staff: Staff) -> Attempt:
    """Count a try of the second factor at a login."""
    return CODE.count_attempt(str(staff.id))


def factor_setup_attempt(staff: Staff) -> Attempt:
    """Count a try of the first code of a new second factor."""
    return FACTOR_SETUP.count_attempt(str(staff.id))


def password_attempt(staff: Staff) -> Attempt:
    """Count a try of somebody's own password from within their session."""
    return OWN_PASSWORD.count_attempt(str(staff.id))


def invitation_attempt(request: HttpRequest) -> Attempt:
    """Count a visit to an invitation's link."""
    return JOIN_FROM.count_attempt(client_address(request))


def too_many_tries_message(attempt: Attempt) -> str:
    """Said in a session, where the password or the code is not looked at."""
    return _("短い間に何度も試されたため、止めています。%(time)sになったら、もう一度お試しください。") % {
        "time": format_clock(attempt.ends_at)
    }
