"""Rate limits of staff accounts: how often may be tried what can be guessed. All count within windows of 15 minutes.

Only wrong tries count: each is counted before it is looked at, and its caller uncounts it when it was right.

A lock-out must be no weapon: whoever knows a login ID can type wrong passwords for it. So a login from a device that is
known for the account counts for that device alone, and any other one for the network that it comes from. Where an
account is tried from many networks, each of them has fewer tries, and still some (docs/decisions/0014).
"""

from dataclasses import replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from renrakucho.account.device_cookie import known_device
from renrakucho.lib.throttle.rate_limit import Attempt, RateLimit
from renrakucho.page.formatting import format_clock
from renrakucho.page.http import client_address
from renrakucho.provider.login_failures import count_login_failure
from renrakucho.provider.staff import Staff

_WINDOW_SECONDS = 15 * 60
LOGIN = RateLimit("desk-login", 10, _WINDOW_SECONDS)  # of one login ID from one network, by unknown devices
LOGIN_ANYWHERE = RateLimit("desk-login-anywhere", 50, _WINDOW_SECONDS)  # of one login ID; more is taken as an attack
ATTACKED_TRIES = 3  # instead of LOGIN's, while the ID is under attack
LOGIN_OF_DEVICE = RateLimit("desk-login-device", 10, _WINDOW_SECONDS)  # of one login ID from one known device
LOGIN_FROM = RateLimit("desk-login-from", 60, _WINDOW_SECONDS)  # a whole office goes out by one address
CODE = RateLimit("desk-code", 5, _WINDOW_SECONDS)  # of one second factor: three of a million codes are good at a time
FACTOR_SETUP = RateLimit("desk-factor", 10, _WINDOW_SECONDS)
OWN_PASSWORD = RateLimit("desk-own-password", 5, _WINDOW_SECONDS)  # by whoever sits at a desk that was left open
SIGN_ON_FROM = RateLimit("desk-sign-on-from", 60, _WINDOW_SECONDS)  # answers of issuers that led nowhere


def login_attempt(request: HttpRequest, login_id: str) -> Attempt:
    """Count a login, before anything is hashed."""
    device = known_device(request, login_id)
    if device:
        return LOGIN_OF_DEVICE.count_attempt(device)
    attempt = _login_of_stranger(client_address(request), login_id)
    if not attempt.allowed:
        count_login_failure(login_id)
    return attempt


def _login_of_stranger(network: str, login_id: str) -> Attempt:
    attempt = LOGIN_FROM.count_attempt(network)
    if not attempt.allowed:
        return attempt
    anywhere = LOGIN_ANYWHERE.count_attempt(login_id)
    limit = LOGIN if anywhere.allowed else replace(LOGIN, limit=ATTACKED_TRIES)
    own = attempt.with_attempt(limit.count_attempt(f"{network}\n{login_id}"))
    return replace(own, keys=own.keys + anywhere.keys)


def failed_login(request: HttpRequest, login_id: str) -> None:
    """Note a wrong password, for the account's owner to see where it came from a device that is not known."""
    if not known_device(request, login_id):
        count_login_failure(login_id)


def code_attempt(staff: Staff) -> Attempt:
    """Count a try of the second factor at a login."""
    return CODE.count_attempt(str(staff.id))


def factor_setup_attempt(staff: Staff) -> Attempt:
    """Count a try of the first code of a new second factor."""
    return FACTOR_SETUP.count_attempt(str(staff.id))


def password_attempt(staff: Staff) -> Attempt:
    """Count a try of somebody's own password from within their session."""
    return OWN_PASSWORD.count_attempt(str(staff.id))


def sign_on_attempt(request: HttpRequest) -> Attempt:
    """Count an answer of an issuer, before anything is asked of it."""
    return SIGN_ON_FROM.count_attempt(client_address(request))


def too_many_tries_message(attempt: Attempt) -> str:
    """Said in a session, where the password or the code is not looked at."""
    return _("短い間に何度も試されたため、止めています。%(time)sになったら、もう一度お試しください。") % {
        "time": format_clock(attempt.ends_at)
    }
