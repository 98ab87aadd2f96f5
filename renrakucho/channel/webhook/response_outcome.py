"""Outcome of a webhook's HTTP response: the table of statuses, and Retry-After."""

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.lib.safe_http import SafeResponse

# Not here: 2xx, which depends on the body, and every other 4xx, which a retry does not change.
_STATUSES = {
    # It was not accepted for a reason that passes or can be mended: credentials, timeout, rate limit, a redirect to an
    # error page (redirects are not followed), maintenance.
    OutcomeKind.TRY_LATER: {301, 302, 303, 307, 308, 401, 403, 408, 421, 423, 425, 429, 503},
    OutcomeKind.SENT: {409},  # the key came before: the notice is there
    # The system failed on it, or a proxy lost the answer: the notice may have been stored.
    OutcomeKind.UNKNOWN: {*range(500, 600)} - {503},
}
_GONE = {404, 405, 410}  # nothing is at the address: for good, or while a new version is put in place
_HTML = re.compile(rb"\s*<(!doctype html|html|head|body)\b", re.IGNORECASE)
_LONGEST_RETRY_AFTER = timedelta(hours=6)
_LONGEST_EVIDENCE = 2_000  # characters of the body


def webhook_outcome(answer: SafeResponse, now: datetime) -> Outcome:
    """The outcome, with the status and the beginning of the body as evidence."""
    kind = _kind(answer)
    wait = _retry_after(answer, now) if kind == OutcomeKind.TRY_LATER else None
    return Outcome(kind, _evidence(answer), retry_after=wait, gone=answer.status in _GONE)


def _kind(answer: SafeResponse) -> OutcomeKind:
    if 200 <= answer.status < 300:
        return OutcomeKind.UNKNOWN if _is_web_page(answer) else OutcomeKind.SENT
    for kind, statuses in _STATUSES.items():
        if answer.status in statuses:
            return kind
    return OutcomeKind.REFUSED if 400 <= answer.status < 500 else OutcomeKind.UNKNOWN


def _is_web_page(answer: SafeResponse) -> bool:
    """Whether a page for people answered in the system's place: a login, or «under maintenance», with a 200."""
    return "html" in answer.headers.get("content-type", "").lower() or bool(_HTML.match(answer.body))


def _is_read(answer: SafeResponse) -> bool:
    """Whether the body is empty or JSON, as the standard asks for."""
    try:
        json.loads(answer.body.strip() or b"{}")
    except (ValueError, RecursionError):
        return False
    return True


def _retry_after(answer: SafeResponse, now: datetime) -> timedelta | None:
    """Retry-After (RFC 9110, 10.2.3): seconds or a date, six hours at most; None where there is no valid one."""
    value = answer.headers.get("retry-after", "").strip()
    try:
        if value.isascii() and value.isdigit():
            wait = timedelta(seconds=min(int(value), int(_LONGEST_RETRY_AFTER.total_seconds())))
        else:
            wait = parsedate_to_datetime(value).astimezone(UTC) - now
    except (ValueError, OverflowError):
        return None
    return min(wait, _LONGEST_RETRY_AFTER) if wait > timedelta(0) else None


def _evidence(answer: SafeResponse) -> str:
    kind = answer.headers.get("content-type", "")[:100]
    note = "" if answer.status >= 300 or _is_read(answer) else "(the body is no JSON that can be read)\n"
    return f"{answer.status} {kind}\n{note}{answer.body.decode('utf-8', 'replace')[:_LONGEST_EVIDENCE]}".strip()
