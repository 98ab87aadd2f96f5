"""What a provider's system answered to a push, in our few words. This table is the channel's whole judgement."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.lib.safe_http import SafeResponse

# Not here: 2xx, which depends on what came with it, and every other 4xx, which will be no better the next time.
_STATUSES = {
    # It was not taken, and why will pass or be mended: no key or no right, asked too slowly or too often, a detour to a
    # page that says «sorry» (nobody follows it), out of service.
    OutcomeKind.TRY_LATER: {301, 302, 303, 307, 308, 401, 403, 408, 421, 423, 425, 429, 503},
    OutcomeKind.SENT: {409},  # it is there already: the same key came before
    # It broke while it had it, or something in between lost the answer: perhaps it was kept.
    OutcomeKind.UNKNOWN: {*range(500, 600)} - {503},
}
_LONGEST_WAIT = timedelta(hours=6)
_MOST_EVIDENCE = 2_000  # characters of the answer


def webhook_outcome(answer: SafeResponse, now: datetime) -> Outcome:
    """The outcome, with status and first words of the answer as evidence."""
    kind = _kind(answer)
    wait = _wait(answer, now) if kind == OutcomeKind.TRY_LATER else None
    return Outcome(kind, _evidence(answer), retry_after=wait)


def _kind(answer: SafeResponse) -> OutcomeKind:
    if 200 <= answer.status < 300:
        return OutcomeKind.SENT if _is_a_systems_word(answer) else OutcomeKind.UNKNOWN
    for kind, statuses in _STATUSES.items():
        if answer.status in statuses:
            return kind
    return OutcomeKind.REFUSED if 400 <= answer.status < 500 else OutcomeKind.UNKNOWN


def _is_a_systems_word(answer: SafeResponse) -> bool:
    """Nothing, or JSON. A page in HTML is a login or a «sorry» in front of the system, which has seen nothing."""
    if not answer.body.strip():
        return True
    try:
        json.loads(answer.body)
    except (ValueError, RecursionError):
        return False
    return True


def _wait(answer: SafeResponse, now: datetime) -> timedelta | None:
    """Retry-After (RFC 9110, 10.2.3): seconds or a date; None where it says nothing that can be kept to."""
    said = answer.headers.get("retry-after", "").strip()
    try:
        if said.isascii() and said.isdigit():
            wait = timedelta(seconds=min(int(said), int(_LONGEST_WAIT.total_seconds())))
        else:
            wait = parsedate_to_datetime(said).astimezone(UTC) - now
    except (ValueError, OverflowError):
        return None
    return min(wait, _LONGEST_WAIT) if wait > timedelta(0) else None


def _evidence(answer: SafeResponse) -> str:
    kind = answer.headers.get("content-type", "")[:100]
    return f"{answer.status} {kind}\n{answer.body.decode('utf-8', 'replace')[:_MOST_EVIDENCE]}".strip()
