"""Rate limit: fixed windows, counted in the database so that all workers count together."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.encoding import force_str

from renrakucho.lib.signing import keyed_hash
from renrakucho.lib.throttle.models import RateWindow

# One atomic statement, so that two requests at once are counted as two. The ORM cannot express it.
_COUNT = """
    INSERT INTO throttle_ratewindow (key, count, ends_at) VALUES (%s, 1, %s)
    ON CONFLICT (key) DO UPDATE SET count = throttle_ratewindow.count + 1
    RETURNING count
"""


def allow_attempt(what: str, who: str, *, limit: int, seconds: int) -> bool:
    """Count one attempt at `what` by `who`; returns whether it is among the first `limit` of this window.

    Windows begin at whole multiples of `seconds` since 1970. `who` may be an IP or mail address: it is not stored. Call
    it outside of a transaction that may be rolled back, or the attempt is not counted.
    """
    window, _ = divmod(int(timezone.now().timestamp()), seconds)
    key = keyed_hash(force_str(settings.SECRET_KEY), f"{what}\n{window}\n{who}")
    ends_at = datetime.fromtimestamp((window + 1) * seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, connection.ops.adapt_datetimefield_value(ends_at)])
        (count,) = cursor.fetchone()
    return bool(count <= limit)


def delete_old_windows(before: datetime) -> int:
    """Delete the windows that ended before the moment. Returns how many."""
    removed, _ = RateWindow.objects.filter(ends_at__lt=before).delete()
    return removed
