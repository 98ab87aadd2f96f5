"""Who is at the other end, for limits only: never stored as it is, never logged."""

from ipaddress import IPv4Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

_LINE = 64  # bits: what an IPv6 line is given; within it whoever has the line can choose among 2^64 addresses


def address_of(request: HttpRequest) -> str:
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
