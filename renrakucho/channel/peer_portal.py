"""Peer portal: another portal that exchanges notices with this one (連携先サイト間の連携). In connections.toml:

[peers.kansai]
name = "関西引越し手続きサービス"        # as movers and clerks read it
url = "https://kansai.example"          # its RENRAKUCHO_BASE_URL, exactly: it signs with this name
secret = "…"                            # shared by both portals; signs requests and responses
prefectures = ["26", "27", "28"]        # may be left out: the only ones it is believed to serve
allow = ["10.1.2.0/24"]                 # may be left out: its private networks
[peers.kansai.providers]                # may be left out: which of its providers are which of our directory's
osaka-water = "osaka-waterworks"
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NotRequired, TypedDict

from renrakucho.channel.table_faults import TableFault, network_faults, schema_faults, secret_faults, url_faults
from renrakucho.lib.safe_http import Network, is_this_machine, parse_networks

_NAME = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_PREFECTURE = re.compile("[0-4][0-9]")
_LONGEST_SLUG = 20
_LOOPBACK = ("127.0.0.0/8", "::1")
_MARK = ":"


class PeerTable(TypedDict):
    """[peers.<slug>]"""

    name: str
    url: str
    secret: str
    prefectures: NotRequired[list[str]]
    allow: NotRequired[list[str]]
    providers: NotRequired[dict[str, str]]


def peer_faults(slug: str, table: Mapping[str, Any], trial: bool = True) -> list[TableFault]:
    """Every fault of a peer's table; those of values only where all keys are right."""
    return list(schema_faults(table, PeerTable, "a peer")) or list(_value_faults(slug, table, trial))


def _value_faults(slug: str, table: Mapping[str, Any], trial: bool) -> Iterator[TableFault]:
    if not _NAME.fullmatch(slug) or len(slug) > _LONGEST_SLUG:
        yield TableFault(
            (),
            f"{slug}は、{_LONGEST_SLUG}文字以内の小文字の英数字と、一つずつの-で書きます",
            f"{slug!r} is not of small letters, digits and single hyphens, {_LONGEST_SLUG} at most",
        )
    yield from url_faults(("url",), table["url"], plain_http=is_this_machine, origin=True)
    yield from secret_faults(("secret",), table["secret"], trial=trial)
    if not all(_PREFECTURE.fullmatch(code) for code in table.get("prefectures", ())):
        yield TableFault(
            ("prefectures",), '都道府県は"27"のように2けたの番号で書きます', 'a prefecture is two digits, like "27"'
        )
    yield from network_faults(("allow",), table.get("allow", ()))


@dataclass(frozen=True)
class PeerPortal:
    """A peer. `slug` is this installation's short name for it. providers: pairs of a provider's slug there and its id
    in the directory here, as the operator knows them: a name that a peer gives proves nothing. Raises ValueError for a
    field that is not valid.
    """

    slug: str
    name: str
    url: str
    secret: str
    allow: tuple[str, ...] = ()
    prefectures: tuple[str, ...] = ()
    providers: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        lists = {"allow": list(self.allow), "prefectures": list(self.prefectures)}
        table = {**asdict(self), **lists, "providers": dict(self.providers)}
        slug = table.pop("slug")
        for fault in peer_faults(slug, table):
            raise ValueError(f"{slug}: {fault.english}")

    @property
    def networks(self) -> tuple[Network, ...]:
        """Private networks that it may be reached in. A peer with an http:// URL is on this machine."""
        return parse_networks((*self.allow, *(_LOOPBACK if self.url.startswith("http://") else ())))

    def may_serve(self, municipality: str) -> bool:
        """Whether its providers are believed in this municipality (five digits)."""
        return not self.prefectures or municipality[:2] in self.prefectures

    def directory_ids(self, provider: str) -> tuple[str, ...]:
        """The ids in the directory here of a provider of the peer; none where the operator named none."""
        return tuple(known for slug, known in self.providers if slug == provider)

    def local_slug(self, provider: str) -> str:
        """The local slug of a provider of the peer: kansai:osaka-water."""
        return f"{self.slug}{_MARK}{provider}"


def name_at_peer(name: str) -> str:
    """The slug at the peer, without the peer's name: osaka-water."""
    return name.rpartition(_MARK)[2]
