"""How often may be tried what can be guessed."""

from datetime import UTC, datetime

from django.utils import timezone

from renrakucho.lib.throttle.rate_limit import allow_attempt
from renrakucho.page.formatting import format_clock
from renrakucho.provider.staff import Staff

IN_SECONDS = 15 * 60
OWN_PASSWORD_TRIES = 5  # by whoever sits at a desk that was left open


def next_try_at() -> str:
    """When the present window of tries ends: 14:45."""
    window = int(timezone.now().timestamp()) // IN_SECONDS
    return format_clock(datetime.fromtimestamp((window + 1) * IN_SECONDS, UTC))


def may_try_password(staff: Staff) -> bool:
    """Counts a try of somebody's own password from within their session."""
    return allow_attempt("desk-own-password", str(staff.id), limit=OWN_PASSWORD_TRIES, seconds=IN_SECONDS)
