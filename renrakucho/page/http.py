"""HTTP for all faces: client address, limit of new sessions, safe redirects, caching, problem details (RFC 9457).

The client address is for rate limits only: it is never stored as it is, and never logged.
"""

from collections.abc import Mapping
from hashlib import sha256
from ipaddress import IPv4Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag, url_has_allowed_host_and_scheme

from renrakucho.lib.throttle.rate_limit import Attempt, RateLimit

_LINE = 64  # bits of an IPv6 address that one line is given; its owner can choose among the 2^64 addresses below them
# A session is a row that lasts for a day, and may begin with the first form that somebody sends. It is counted where
# that happens; who has a session goes on without a limit.
NEW_SESSIONS = RateLimit("new-session", 600, 600)  # a town hall's counters are one address
MOST_ANONYMOUS = 8_000  # bytes of forms in the session of somebody who has neither opened a book nor logged in


def client_address(request: HttpRequest) -> str:
    """Return the client's network address, for IPv6 the line's network (/64).

    Behind a proxy it is the last entry of X-Forwarded-For, which the proxy itself wrote; else the socket's address.
    """
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    if settings.BEHIND_PROXY and forwarded:
        return _line(forwarded.rsplit(",", 1)[-1].strip())
    return _line(str(request.META.get("REMOTE_ADDR", "")))


def _line(address: str) -> str:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv4Address) or found.ipv4_mapped:
        return str(found if isinstance(found, IPv4Address) else found.ipv4_mapped)
    return str(ip_network((found, _LINE), strict=False))


def safe_next_url(request: HttpRequest, home: str) -> str:
    """Return the request's `next` parameter if it is a path below `home` («/book/»), else `home` itself."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    below = wanted.startswith(home) and ".." not in wanted
    return wanted if below and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else home


def referring_path(request: HttpRequest) -> str:
    """Return the path of the page that this request came from (Referer), without its query; "" from another site."""
    came_from = request.headers.get("Referer", "")
    is_own = came_from and url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return urlsplit(came_from).path if is_own else ""


def cacheable_response(request: HttpRequest, response: HttpResponse, *, max_age: int) -> HttpResponse:
    """Allow everybody to keep the response, with an ETag of its content; 304 where the client has it already."""
    etag = quote_etag(sha256(response.content).hexdigest()[:32])
    return not_modified_response(request, etag, max_age=max_age) or allow_caching(response, etag, max_age=max_age)


def not_modified_response(request: HttpRequest, etag: str, *, max_age: int) -> HttpResponse | None:
    """Return 304 where the client has the content of this (quoted) ETag already; else None."""
    response: HttpResponse | None = get_conditional_response(request, etag=etag)
    return allow_caching(response, etag, max_age=max_age) if response else None


def allow_caching(response: HttpResponse, etag: str, *, max_age: int) -> HttpResponse:
    """Add ETag, Cache-Control (`max_age` in seconds) and CORS headers."""
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={max_age}"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def with_retry_after(response: HttpResponse, attempt: Attempt) -> HttpResponse:
    """Add Retry-After to the response to an attempt that came too often: the seconds that are really left."""
    response["Retry-After"] = str(attempt.retry_after)
    return response


def problem_details_response(
    type_url: str,
    *,
    title: str,
    status: int,
    detail: str,
    reason: str,
    more: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return problem details (RFC 9457). `type_url` leads to the reason's description; `more`: members of its own."""
    content = {"type": type_url, "title": title, "status": status, "detail": detail, "reason": reason, **(more or {})}
    return JsonResponse(
        content,
        status=status,
        content_type="application/problem+json",
        headers=dict(headers or {}),
        json_dumps_params={"ensure_ascii": False},
    )


def refused_session(request: HttpRequest) -> Attempt | None:
    """Count an attempt to begin a session. Returns it where the address has begun too many; None where it may,
    or has one. Ask once a request, before anything is put into the session, and outside of a transaction.
    """
    if has_session(request):
        return None
    attempt = NEW_SESSIONS.count_attempt(client_address(request))
    return None if attempt.allowed else attempt


def has_session(request: HttpRequest) -> bool:
    """Whether the request belongs to a session that is known here; a made-up cookie does not."""
    return request.session.session_key is not None and bool(request.session.keys())
