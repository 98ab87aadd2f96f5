"""Which network addresses a message may go to: those of the open internet, and those that were named."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))  # RFC 6052, RFC 8215: IPv4 in the last 32 bits

# What IANA gives out of IPv6 (RFC 4291, 2.4). Outside of it lie forms that only look like the open internet to Python:
# ::127.0.0.1, ::ffff:0:127.0.0.1, fec0::1.
_ALLOTTED = IPv6Network("2000::/3")


def networks(named: Iterable[str]) -> tuple[Network, ...]:
    """«10.1.2.0/24», «127.0.0.1», «::1». ValueError: one of them is no network."""
    return tuple(ip_network(each) for each in named)


def reachable(address: str, named: Iterable[Network] = ()) -> bool:
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
