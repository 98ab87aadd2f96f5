"""Rate limit and tally: fixed windows, counted in the database so that all workers count together."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.encoding import force_str

from renrakucho.lib.sealing import keyed_hash
from renrakucho.lib.throttle.models import RateWindow

# One atomic statement, so that two requests at once are counted as two. The ORM cannot express it.
_COUNT = """
    INSERT INTO throttle_ratewindow (key, count, ends_at) VALUES {rows}
    ON CONFLICT (key) DO UPDATE SET count = throttle_ratewindow.count + 1
    RETURNING key, count
"""


@dataclass(frozen=True)
class Attempt:
    """One counted attempt, or several that are counted together. ends_at: when the window ends, and the next attempt
    is allowed.
    """

    allowed: bool
    ends_at: datetime
    keys: tuple[str, ...] = ()

    @property
    def retry_after(self) -> int:
        """Whole seconds until the next attempt is allowed, at least one."""
        return max(1, math.ceil((self.ends_at - timezone.now()).total_seconds()))

    def with_attempt(self, other: "Attempt") -> "Attempt":
        """Both as one attempt: it is allowed where both are."""
        refused = [attempt.ends_at for attempt in (self, other) if not attempt.allowed]
        ends_at = max(refused or [self.ends_at, other.ends_at])
        return Attempt(not refused, ends_at, self.keys + other.keys)

    def uncount(self) -> None:
        """Take the attempt out of the count: it was right, and only wrong ones count."""
        RateWindow.objects.filter(key__in=self.keys, count__gt=0).update(count=F("count") - 1)


@dataclass(frozen=True)
class RateLimit:
    """`limit` attempts of one client in a window of `seconds`. name: of what is attempted.

    Where only wrong attempts count, each is counted before it is looked at, and uncounted when it was right: a crowd of
    guesses at one moment gets no further than the limit.
    """

    name: str
    limit: int
    seconds: int

    def count_attempt(self, who: str) -> Attempt:
        """Count one attempt by `who`; it is allowed where it is among the first `limit` of this window.

        Windows begin at whole multiples of `seconds` since 1970. `who` may be an IP or mail address: it is not stored.
        Call it outside of a transaction that may be rolled back, or the attempt is not counted.
        """
        [attempt] = count_attempts([(self, who)])
        return attempt


@dataclass(frozen=True)
class AttemptTally:
    """Counts something of somebody over the last `windows` windows of `seconds`, and refuses nothing."""

    name: str
    seconds: int
    windows: int

    def count(self, who: str) -> None:
        """Count one more. `who` is not stored. Call it outside of a transaction that may be rolled back."""
        window = _window_now(self.seconds)
        forgotten_at = datetime.fromtimestamp((window + self.windows) * self.seconds, UTC)
        _count({_window_key(self.name, window, who): forgotten_at})

    def totals(self, whose: Collection[str]) -> dict[str, int]:
        """How many were counted of each, in one query."""
        now = _window_now(self.seconds)
        keys = {
            _window_key(self.name, window, who): who
            for who in whose
            for window in range(now - self.windows + 1, now + 1)
        }
        found = dict.fromkeys(whose, 0)
        for key, count in RateWindow.objects.filter(key__in=keys).values_list("key", "count"):
            found[keys[key]] += count
        return found


def count_attempts(limits: Sequence[tuple[RateLimit, str]]) -> list[Attempt]:
    """Count one attempt under each of these limits, each by its own `who`, in one statement. No two may be the same."""
    windows = [_window_now(limit.seconds) for limit, _who in limits]
    keys = [_window_key(limit.name, window, who) for (limit, who), window in zip(limits, windows, strict=True)]
    ends = [
        datetime.fromtimestamp((window + 1) * limit.seconds, UTC)
        for (limit, _who), window in zip(limits, windows, strict=True)
    ]
    counts = _count(dict(zip(keys, ends, strict=True)))
    return [
        Attempt(counts[key] <= limit.limit, ends_at, (key,))
        for (limit, _who), key, ends_at in zip(limits, keys, ends, strict=True)
    ]


def _window_now(seconds: int) -> int:
    return int(timezone.now().timestamp()) // seconds


def _window_key(name: str, window: int, who: str) -> str:
    return keyed_hash(force_str(settings.SECRET_KEY), f"{name}\n{window}\n{who}")


def _count(windows: Mapping[str, datetime]) -> dict[str, int]:
    """Count one more in each of these windows, which are given with their ends. Returns the counts."""
    ordered = sorted(windows.items())  # rows are always locked in this order: no two requests wait for each other
    values = [each for key, ends in ordered for each in (key, connection.ops.adapt_datetimefield_value(ends))]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(rows=", ".join(["(%s, 1, %s)"] * len(ordered))), values)
        return {key: int(count) for key, count in cursor.fetchall()}


def delete_old_windows(before: datetime) -> int:
    """Delete the windows that ended before the moment. Returns how many."""
    removed, _ = RateWindow.objects.filter(ends_at__lt=before).delete()
    return removed
