"""Who is at the other end, for limits only: never stored as it is, never logged."""

from hashlib import sha256
from ipaddress import IPv4Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag, url_has_allowed_host_and_scheme

_LINE = 64  # bits: what an IPv6 line is given; within it whoever has the line can choose among 2^64 addresses


def client_address(request: HttpRequest) -> str:
    """The visitor's network address, of IPv6 that of the whole line: the proxy's own last word behind one, the socket's
    else.
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
    """The wish (`next`) that a form or an address carries, if it leads below `home` («/book/»); else `home` itself."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    below = wanted.startswith(home) and ".." not in wanted
    return wanted if below and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else home


def cacheable_response(request: HttpRequest, response: HttpResponse, *, max_age: int) -> HttpResponse:
    """With ETag, Cache-Control (`max_age` in seconds) and CORS; 304 to whoever has it already."""
    etag = quote_etag(sha256(response.content).hexdigest()[:32])
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={max_age}"
    kept: HttpResponse = get_conditional_response(request, etag=etag, response=response) or response
    kept["Access-Control-Allow-Origin"] = "*"  # on a 304 too, which has taken over the others alone
    return kept
