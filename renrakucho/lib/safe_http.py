"""Safe HTTP client (against SSRF): one POST or GET to a URL that an outsider may have chosen.

The name is resolved once, every address is checked against the network policy, and the connection is made to a checked
address, so that DNS rebinding has no effect. No redirect is followed, no proxy is read from the environment, and one
time limit covers look-up, handshake and body, however slowly the server sends.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from renrakucho.lib.errors import NoResponse, Unreachable
from renrakucho.lib.happy_eyeballs import connect_first
from renrakucho.lib.kept_connections import KeptConnections, OpenConnection
from renrakucho.lib.tracing import SpanAttribute, SpanKind, trace_span

SECONDS = 10.0
LARGEST_ANSWER = 64 * 1024  # bytes of a body that are read
_PORTS = {"https": 443, "http": 80}
Network = IPv4Network | IPv6Network

_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))  # RFC 6052, RFC 8215: IPv4 in the last 32 bits

# IPv6 addresses that IANA allots (RFC 4291, 2.4). Python calls some addresses outside of it global: ::127.0.0.1,
# ::ffff:0:127.0.0.1, fec0::1.
_ALLOTTED = IPv6Network("2000::/3")


def parse_networks(named: Iterable[str]) -> tuple[Network, ...]:
    """Networks from their texts: 10.1.2.0/24, 127.0.0.1, ::1. ValueError: one of them is no network."""
    return tuple(ip_network(each) for each in named)


def is_reachable(address: str, named: Iterable[Network] = ()) -> bool:
    """Whether an address is on the public internet or in one of the `named` networks.

    An IPv4 address inside an IPv6 one counts as the IPv4 address. ValueError: it is no address.
    """
    found = _unpack(ip_address(address.partition("%")[0]))
    if any(found in network for network in named):
        return True
    allotted = isinstance(found, IPv4Address) or found in _ALLOTTED
    return allotted and found.is_global and not found.is_multicast


def is_loopback(address: str) -> bool:
    """Whether an address is of this machine."""
    return _unpack(ip_address(address.partition("%")[0])).is_loopback


def is_this_machine(host: str) -> bool:
    """Whether a host name or address is this machine's, without asking DNS."""
    try:
        return is_loopback(host)
    except ValueError:
        return host == "localhost"


def _unpack(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


class NotSent(Unreachable):
    """Nothing was sent: DNS, the connection or TLS failed."""


class BadTarget(NotSent, ValueError):
    """The URL must not be sent to. The message says why, without the URL's path."""


class NoHttpResponse(NoResponse):
    """The request was sent, at least in part, and there is no response: it may have been accepted."""


@dataclass(frozen=True)
class SafeResponse:
    """A response. headers: names in lower case. body: up to `largest` bytes."""

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
    kept: KeptConnections | None = None,
) -> SafeResponse:
    """POST, or GET without a body, and read the response.

    named: private networks that may be reached; plain http goes to this machine only, where it is named. authorities: a
    PEM file instead of the system's certificates. seconds: time limit of everything together. largest: bytes of the
    body that are read. kept: connections that may be used again; for a request that may be repeated, since one that its
    peer has just closed is followed by a new one. Raises NotSent (BadTarget for a URL that must not be used) and
    NoHttpResponse.
    """
    until = time.monotonic() + seconds
    target = _parse_target(url)
    method = "GET" if body is None else "POST"
    named_by: dict[SpanAttribute, str | int] = {
        SpanAttribute.METHOD: method,
        SpanAttribute.SCHEME: target.scheme,
        SpanAttribute.SERVER: target.hostname or "",
        SpanAttribute.PORT: _port(target),
    }
    with trace_span(method, SpanKind.CLIENT, named_by) as span:
        response = _request_within(target, until, body, headers, named, authorities, largest, kept)
        span.describe({SpanAttribute.STATUS: response.status})
        return response


def _request_within(
    target: SplitResult,
    until: float,
    body: bytes | None,
    headers: Mapping[str, str],
    named: Sequence[Network],
    authorities: str | None,
    largest: int,
    kept: KeptConnections | None,
) -> SafeResponse:
    """One request, over a kept connection where there is one, and over a new one where that has just been closed."""
    place = (target.scheme, target.hostname, _port(target), authorities, tuple(named))
    used, broken = kept.take(place) if kept else None, NoHttpResponse()
    if used:
        try:
            return _exchange_within(target, used, until, body, headers, largest, (kept, place))
        except NoHttpResponse as error:
            broken = error
    try:
        opened = _open(target, named, authorities, until)
    except NotSent:
        if used:  # over the connection before it may have arrived
            raise broken from None
        raise
    return _exchange_within(target, opened, until, body, headers, largest, (kept, place))


def _open(target: SplitResult, named: Sequence[Network], authorities: str | None, until: float) -> OpenConnection:
    """Connect to a checked address, with TLS for https."""
    addresses = _resolve(target, until)
    for address in addresses:
        if not is_reachable(address, named):
            raise BadTarget("the name leads to an address that is not of the open internet")
        if target.scheme == "http" and not is_loopback(address):
            raise BadTarget("http would carry it in the open: https is needed")
    plain = _connect(target, addresses, until)
    opened = OpenConnection(plain, plain.dup())
    try:
        with _ended_at(opened, until):
            opened.line = _start_tls(target, plain, authorities)
    except BaseException:
        plain.close()
        opened.close()
        raise
    return opened


@contextmanager
def _ended_at(connection: OpenConnection, until: float) -> Iterator[None]:
    """Watchdog. A socket's time limit is per read; only ending the connection bounds all reads together."""
    timer = threading.Timer(until - time.monotonic(), connection.end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _exchange_within(
    target: SplitResult,
    connection: OpenConnection,
    until: float,
    body: bytes | None,
    headers: Mapping[str, str],
    largest: int,
    keeping: tuple[KeptConnections | None, Hashable],
) -> SafeResponse:
    """One exchange. Afterwards the connection is kept where both sides want that, and closed otherwise."""
    kept, place = keeping
    may_keep = False
    try:
        with _ended_at(connection, until):
            response, may_keep = _exchange(target, connection.line, body, headers, largest, close=kept is None)
        return response
    finally:
        if kept and may_keep:  # one that the watchdog has ended is found not to be fresh
            kept.keep(place, connection)
        else:
            connection.close()


def _parse_target(url: str) -> SplitResult:
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


def _resolve(target: SplitResult, until: float) -> list[str]:
    """Every address of the name. The system's resolver has no time limit, so a thread waits for it."""
    found: list[str] = []

    def look_up() -> None:
        with suppress(OSError, UnicodeError):
            answers = socket.getaddrinfo(target.hostname, _port(target), type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    looking = threading.Thread(target=look_up, daemon=True)
    looking.start()
    looking.join(until - time.monotonic())
    if not found:
        raise NotSent("the name was not found")
    return list(found)


def _connect(target: SplitResult, addresses: Sequence[str], until: float) -> socket.socket:
    made = connect_first(addresses, _port(target), until)
    if made is None:
        raise NotSent("no connection")
    made.setblocking(True)  # the watchdog ends it
    return made


def _start_tls(target: SplitResult, plain: socket.socket, authorities: str | None) -> socket.socket:
    if target.scheme == "http":
        return plain
    try:
        context = ssl.create_default_context(cafile=authorities)
        return context.wrap_socket(plain, server_hostname=target.hostname)
    except ssl.SSLCertVerificationError as error:
        raise NotSent(f"its certificate is not trusted: {error.verify_message}") from None
    except (OSError, ValueError) as error:
        raise NotSent(f"no encrypted connection: {type(error).__name__}") from None


class FinalResponse(http.client.HTTPResponse):
    """A response that reads past what announces it: the library knows 100 (Continue), and not 102 and 103."""

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            status_line = super()._read_status()  # type: ignore[misc]  # not in typeshed; so since Python 2.4
            version, status, reason = status_line
            if not 100 < status < 200:
                return version, status, reason
            http.client.parse_headers(self.fp)


def _exchange(
    target: SplitResult,
    line: socket.socket,
    body: bytes | None,
    headers: Mapping[str, str],
    largest: int,
    *,
    close: bool,
) -> tuple[SafeResponse, bool]:
    """The response, and whether the connection can be used again."""
    connection = http.client.HTTPConnection(target.hostname or "", _port(target))
    connection.sock = line
    connection.auto_open = 0
    connection.response_class = FinalResponse
    place = f"{target.path or '/'}{'?' if target.query else ''}{target.query}"
    sent = {**headers, "Host": _host(target), "Connection": "close" if close else "keep-alive"}
    try:
        connection.request(
            "GET" if body is None else "POST",
            place,
            body,
            sent,
        )
        with connection.getresponse() as response:
            lower_case = {name.lower(): text for name, text in response.getheaders()}
            first = response.read(largest)
            # A response that is cut off in its headers looks like one with an empty body that ends with the connection.
            cut = response.length is None and not response.chunked and not first
            if cut or (response.length and len(first) < largest):
                raise NoHttpResponse("IncompleteRead")
            may_keep = response.isclosed() and not response.will_close  # closed: read to its end
            return SafeResponse(response.status, lower_case, first), may_keep
    except (OSError, http.client.HTTPException) as error:
        raise NoHttpResponse(type(error).__name__) from None


def _host(target: SplitResult) -> str:
    name = (target.hostname or "").encode("idna").decode()
    name = f"[{name}]" if ":" in name else name
    return name if _port(target) == _PORTS[target.scheme] else f"{name}:{_port(target)}"


def _port(target: SplitResult) -> int:
    return target.port or _PORTS[target.scheme]
