"""Peer portal: another portal that exchanges notices with this one (連携先サイト間の連携). In connections.toml:

[peers.kansai]
name = "関西引越し手続きサービス"        # as movers and clerks read it
url = "https://kansai.example"          # its RENRAKUCHO_BASE_URL, exactly: it signs with this name
secret = "…"                            # shared by both portals; signs requests and responses
prefectures = ["26", "27", "28"]        # may be left out: the only ones it is believed to serve
allow = ["10.1.2.0/24"]                 # may be left out: its private networks
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from renrakucho.lib.safe_http import Network, is_this_machine, parse_networks

_NAME = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_PREFECTURE = re.compile("[0-4][0-9]")
_LONGEST_SLUG = 20
_SHORTEST_SECRET = 24
_LOOPBACK = ("127.0.0.0/8", "::1")
_MARK = ":"


@dataclass(frozen=True)
class PeerPortal:
    """A peer. `slug` is this installation's short name for it. Raises ValueError for a field that is not valid."""

    slug: str
    name: str
    url: str
    secret: str
    allow: tuple[str, ...] = ()
    prefectures: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        host = urlsplit(self.url)
        if not _NAME.fullmatch(self.slug) or len(self.slug) > _LONGEST_SLUG:
            raise ValueError(
                f"{self.slug!r} is not of small letters, digits and single hyphens, {_LONGEST_SLUG} at most"
            )
        if host.scheme != "https" and not (host.scheme == "http" and is_this_machine(host.hostname or "")):
            raise ValueError(f"{self.slug}: url does not begin with https:// (http:// is for this machine alone)")
        if not host.hostname or host.path or host.query or host.fragment:
            raise ValueError(f"{self.slug}: url is scheme and host, without a slash at the end")
        if len(self.secret) < _SHORTEST_SECRET:
            raise ValueError(f"{self.slug}: the secret has fewer than {_SHORTEST_SECRET} characters")
        if not all(_PREFECTURE.fullmatch(code) for code in self.prefectures):
            raise ValueError(f'{self.slug}: a prefecture is two digits, like "27"')
        parse_networks(self.allow)

    @property
    def networks(self) -> tuple[Network, ...]:
        """Private networks that it may be reached in. A peer with an http:// URL is on this machine."""
        return parse_networks((*self.allow, *(_LOOPBACK if self.url.startswith("http://") else ())))

    def may_serve(self, municipality: str) -> bool:
        """Whether its providers are believed in this municipality (five digits)."""
        return not self.prefectures or municipality[:2] in self.prefectures

    def local_slug(self, provider: str) -> str:
        """The local slug of a provider of the peer: kansai:osaka-water."""
        return f"{self.slug}{_MARK}{provider}"


def name_at_peer(name: str) -> str:
    """The slug at the peer, without the peer's name: osaka-water."""
    return name.rpartition(_MARK)[2]
