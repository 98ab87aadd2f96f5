"""Rate limits of the desk: how often may be tried what can be guessed. All count within windows of 15 minutes."""

from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from renrakucho.lib.throttle.rate_limit import allow_attempt
from renrakucho.page.formatting import format_clock
from renrakucho.page.http import client_address
from renrakucho.provider.staff import Staff

WINDOW_SECONDS = 15 * 60
LOGIN_TRIES = 10  # of one login ID
LOGIN_TRIES_OF_ADDRESS = 60  # a whole office goes out by one address
CODE_TRIES = 5  # of one person's second factor: three of a million codes are good at a time
FACTOR_SETUP_TRIES = 10
OWN_PASSWORD_TRIES = 5  # by whoever sits at a desk that was left open
JOIN_VISITS_OF_ADDRESS = 60


def may_log_in(request: HttpRequest, login_id: str) -> bool:
    """Counts the try before anything is hashed, whatever comes of it."""
    address = _allow("desk-login-from", client_address(request), LOGIN_TRIES_OF_ADDRESS)
    return address and _allow("desk-login", login_id, LOGIN_TRIES)


def may_try_code(staff: Staff) -> bool:
    """Counts a try of the second factor at a login."""
    return _allow("desk-code", str(staff.id), CODE_TRIES)


def may_set_up_factor(staff: Staff) -> bool:
    """Counts a try of the first code of a new second factor."""
    return _allow("desk-factor", str(staff.id), FACTOR_SETUP_TRIES)


def may_try_password(staff: Staff) -> bool:
    """Counts a try of somebody's own password from within their session."""
    return _allow("desk-own-password", str(staff.id), OWN_PASSWORD_TRIES)


def may_visit_invitation(request: HttpRequest) -> bool:
    """Counts a visit to an invitation's link, good or not."""
    return _allow("desk-join-from", client_address(request), JOIN_VISITS_OF_ADDRESS)


def next_try_at() -> str:
    """When the present window ends: 14:45."""
    window = int(timezone.now().timestamp()) // WINDOW_SECONDS
    return format_clock(datetime.fromtimestamp((window + 1) * WINDOW_SECONDS, UTC))


def too_many_tries_message() -> str:
    """Said in a session, where the password or the code is not looked at."""
    return _("短い間に何度も試されたため、止めています。%(time)sになったら、もう一度お試しください。") % {
        "time": next_try_at()
    }


def _allow(name: str, key: str, limit: int) -> bool:
    return allow_attempt(name, key, limit=limit, seconds=WINDOW_SECONDS)
