"""One POST, or GET, to somebody else's machine, which cannot be turned against our own.

The name is looked up once, every address it has is checked, and the connection is made to one of those: a name that
answers otherwise a second time leads nowhere. No redirect is followed, no proxy is taken from the environment, and the
whole of it, with look-up and handshake, ends in time, however slowly the other side drips.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from renrakucho.lib.errors import NoResponse, Unreachable

SECONDS = 10.0
LARGEST_ANSWER = 64 * 1024  # bytes that are read; whatever follows is not
_PORTS = {"https": 443, "http": 80}
Network = IPv4Network | IPv6Network

_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))  # RFC 6052, RFC 8215: IPv4 in the last 32 bits

# What IANA gives out of IPv6 (RFC 4291, 2.4). Outside of it lie forms that only look like the open internet to Python:
# ::127.0.0.1, ::ffff:0:127.0.0.1, fec0::1.
_ALLOTTED = IPv6Network("2000::/3")


def parse_networks(named: Iterable[str]) -> tuple[Network, ...]:
    """«10.1.2.0/24», «127.0.0.1», «::1». ValueError: one of them is no network."""
    return tuple(ip_network(each) for each in named)


def is_reachable(address: str, named: Iterable[Network] = ()) -> bool:
    """Whether something may be sent there. An IPv4 address that is packed into IPv6 counts as itself; ValueError for
    what is no address.
    """
    found = _unpacked(ip_address(address.partition("%")[0]))
    if any(found in network for network in named):
        return True
    allotted = isinstance(found, IPv4Address) or found in _ALLOTTED
    return allotted and found.is_global and not found.is_multicast


def is_loopback(address: str) -> bool:
    """Whether it is this machine itself."""
    return _unpacked(ip_address(address.partition("%")[0])).is_loopback


def is_this_machine(host: str) -> bool:
    """Whether a host's name or address is this machine itself, whatever a name server says."""
    try:
        return is_loopback(host)
    except ValueError:
        return host == "localhost"


def _unpacked(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


class NotSent(Unreachable):
    """Nothing was sent: the name, the connection or its encryption failed."""


class BadTarget(NotSent, ValueError):
    """The URL must not be sent to. The message says why, without the URL's path."""


class NoHttpResponse(NoResponse):
    """It was sent, wholly or in part, and nobody can say whether it was taken."""


@dataclass(frozen=True)
class SafeResponse:
    """status: the three digits; headers: names in lower case; body: its first bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def safe_request(
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    named: Sequence[Network] = (),
    authorities: str | None = None,
    seconds: float = SECONDS,
    largest: int = LARGEST_ANSWER,
) -> SafeResponse:
    """POST, and read the answer; without a body it is a GET. `largest`: bytes that are read of the answer.

    named: networks that may be reached though they are not of the open internet; plain http only to this machine
    itself, where it is among them. authorities: a PEM file instead of the system's certificates.
    Raises BadTarget, NotSent, NoAnswer.
    """
    until = time.monotonic() + seconds
    target = _target(url)
    addresses = _looked_up(target, until)
    for address in addresses:
        if not is_reachable(address, named):
            raise BadTarget("the name leads to an address that is not of the open internet")
        if target.scheme == "http" and not is_loopback(address):
            raise BadTarget("http would carry it in the open: https is needed")
    with closing(_connected(target, addresses, until)) as plain, closing(plain.dup()) as handle:
        # Each read has a time limit of its own; only cutting the line bounds them all together.
        cut = threading.Timer(max(until - time.monotonic(), 0), _cut, (handle,))
        cut.daemon = True
        cut.start()
        try:
            with closing(_encrypted(target, plain, authorities)) as line:
                return _exchanged(target, line, body, headers, largest)
        finally:
            cut.cancel()
            cut.join()


def _target(url: str) -> SplitResult:
    try:
        target = urlsplit(url)
        port = target.port
    except ValueError:
        raise BadTarget("this is no address") from None
    if target.scheme not in _PORTS or not target.hostname or port == 0:
        raise BadTarget("an address begins with https:// and a host")
    if target.username is not None or target.password is not None:
        raise BadTarget("an address has no user and password in it")
    return target


def _looked_up(target: SplitResult, until: float) -> list[str]:
    """Every address of the name. The system's look-up knows no time limit, so it is not waited for beyond ours."""
    found: list[str] = []

    def look_up() -> None:
        with suppress(OSError, UnicodeError):
            answers = socket.getaddrinfo(target.hostname, _port(target), type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    looking = threading.Thread(target=look_up, daemon=True)
    looking.start()
    looking.join(max(until - time.monotonic(), 0))
    if not found:
        raise NotSent("the name was not found")
    return list(found)


def _connected(target: SplitResult, addresses: Sequence[str], until: float) -> socket.socket:
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            break
        with suppress(OSError):
            made = socket.create_connection((address, _port(target)), timeout=left)
            made.settimeout(max(until - time.monotonic(), 0.001))
            return made
    raise NotSent("no connection")


def _encrypted(target: SplitResult, plain: socket.socket, authorities: str | None) -> socket.socket:
    if target.scheme == "http":
        return plain
    try:
        context = ssl.create_default_context(cafile=authorities)
        return context.wrap_socket(plain, server_hostname=target.hostname)
    except ssl.SSLCertVerificationError as error:
        raise NotSent(f"its certificate is not trusted: {error.verify_message}") from None
    except (OSError, ValueError) as error:
        raise NotSent(f"no encrypted connection: {type(error).__name__}") from None


def _exchanged(
    target: SplitResult, line: socket.socket, body: bytes | None, headers: Mapping[str, str], largest: int
) -> SafeResponse:
    connection = http.client.HTTPConnection(target.hostname or "", _port(target))
    connection.sock = line
    connection.auto_open = 0
    place = f"{target.path or '/'}{'?' if target.query else ''}{target.query}"
    try:
        connection.request(
            "GET" if body is None else "POST", place, body, {**headers, "Host": _host(target), "Connection": "close"}
        )
        with connection.getresponse() as response:
            told = {name.lower(): text for name, text in response.getheaders()}
            first = response.read(largest)
            # Cut off in its headers it looks like an answer without a body whose end is told by hanging up.
            cut = response.length is None and not response.chunked and not first
            if cut or (response.length and len(first) < largest):
                raise NoHttpResponse("IncompleteRead")
            return SafeResponse(response.status, told, first)
    except (OSError, http.client.HTTPException) as error:
        raise NoHttpResponse(type(error).__name__) from None


def _host(target: SplitResult) -> str:
    name = (target.hostname or "").encode("idna").decode()
    name = f"[{name}]" if ":" in name else name
    return name if _port(target) == _PORTS[target.scheme] else f"{name}:{_port(target)}"


def _port(target: SplitResult) -> int:
    return target.port or _PORTS[target.scheme]


def _cut(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)
