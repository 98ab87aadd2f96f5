"""Rate limits of capability URLs: how often one network address may be wrong about a code that stands in an address.

Only wrong codes count: each is counted before it is looked at, and its caller uncounts it when it was right. A whole
office, and a company's calendar servers, go out by one network address.
"""

from django.http import HttpRequest

from renrakucho.lib.throttle.rate_limit import Attempt, RateLimit
from renrakucho.page.http import client_address

_WINDOW_SECONDS = 15 * 60
_JOIN = RateLimit("desk-join-from", 60, _WINDOW_SECONDS)
# By the prefixes of lib.capability_urls; tests/config/test_capability_urls.py holds that none is left out.
CODE_LIMITS: dict[str, RateLimit] = {
    # By trying out, one notice among a hundred thousand open ones would be found in five centuries.
    "/a/": RateLimit("answer-code", 300, _WINDOW_SECONDS),
    "/desk/join/": _JOIN,
    "/bureau/join/": _JOIN,
    "/return/": RateLimit("return-link", 60, _WINDOW_SECONDS),
    "/book/new-key/": RateLimit("key-link", 60, _WINDOW_SECONDS),
    # Programs go on asking for calendars that their movers have ended.
    "/calendar/": RateLimit("calendar-feed", 600, _WINDOW_SECONDS),
}


def code_attempt(request: HttpRequest) -> Attempt:
    """Count a visit to an address with a code."""
    limit = next(limit for prefix, limit in CODE_LIMITS.items() if request.path.startswith(prefix))
    return limit.count_attempt(client_address(request))
