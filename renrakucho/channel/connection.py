"""Connections of this installation to providers: one TOML file, kept out of the repository (but for the sandbox's).

[tokyo-waterworks]                      # web link
secret = "…"                            # signs the return link; without it no acceptance can come back
hosts = ["https://…"]                   # every host that the provider's site leads the browser over
valid_hours = 48                        # life of the return link
[tokyo-waterworks.stop]
entry = "https://…"

[akishima-water]                        # inbox: its staff read and answer at the desk here
desk = true

[chosei-water.fax]                      # another channel's own table: its keys are described in the channel's folder
number = "+81475000000"

[here.fax]                              # defaults of the channel for every provider
server = "hylafax://localhost"

[peers.kansai]                          # another portal: peer_portal.py
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.lib.errors import InvalidInput, NotFound
from renrakucho.sheet.procedure import PROCEDURES

HERE, PEERS = "here", "peers"
_OWN = {"secret", "hosts", "valid_hours", "desk"}


class NotConnected(NotFound):
    """This installation has no entry of this provider for this procedure."""


class BadConnections(InvalidInput):
    """connections.toml cannot be used; the message says why."""


@dataclass(frozen=True)
class Connection:
    """One provider's connection. entries: the URL that a form is posted to, by procedure. tables: by channel."""

    provider: str
    secret: str = ""
    hosts: tuple[str, ...] = ()
    valid_hours: int = 48
    desk: bool = False
    entries: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def entry(self, procedure: str) -> str:
        """The URL that the form is posted to. Raises NotConnected."""
        try:
            return self.entries[procedure]
        except KeyError:
            raise NotConnected(f"{self.provider}: {procedure}") from None


# Called some fifty times a page: pass the path as the settings hold it, since building a Path costs more than the rest.
@lru_cache(maxsize=8)
def load_connections(path: Path | str, sandbox: str, letters: str = "localhost:25") -> dict[str, Connection]:
    """Every connection by the provider's slug, read once a process. Raises BadConnections.

    In the file `sandbox` replaces "{sandbox}", and `letters` (host and port of the mail server) replaces "{letters}".
    """
    source = _source(path, sandbox, letters)
    try:
        here = source.pop(HERE, {})
        return {slug: _connection(slug, given, here) for slug, given in source.items() if slug != PEERS}
    except (TypeError, AttributeError) as error:
        raise BadConnections(f"{path}: {error}") from error


@lru_cache(maxsize=8)
def load_peers(path: Path | str, sandbox: str) -> dict[str, PeerPortal]:
    """Every peer portal by its slug, read once a process. Raises BadConnections."""
    try:
        found = [_peer(slug, given) for slug, given in _source(path, sandbox, "").get(PEERS, {}).items()]
    except (TypeError, AttributeError, ValueError) as error:
        raise BadConnections(f"{path}: {error}") from error
    if len({peer.url for peer in found}) < len(found):
        raise BadConnections(f"{path}: two peers have the same url")
    return {peer.slug: peer for peer in found}


def _source(path: Path | str, sandbox: str, letters: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text("utf-8").replace("{sandbox}", sandbox).replace("{letters}", letters))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadConnections(f"{path}: {error}") from error


def _peer(slug: str, given: dict[str, Any]) -> PeerPortal:
    lists = {name: tuple(given.get(name, ())) for name in ("allow", "prefectures")}
    return PeerPortal(slug, **{**given, **lists})


def _connection(slug: str, given: dict[str, Any], here: dict[str, dict[str, Any]]) -> Connection:
    tables = {name: table for name, table in given.items() if name not in PROCEDURES and isinstance(table, dict)}
    unknown = given.keys() - {*_OWN, *PROCEDURES, *tables}
    if unknown:
        raise BadConnections(f"{slug}: no such key: {', '.join(sorted(unknown))}")
    return Connection(
        provider=slug,
        secret=given.get("secret", ""),
        hosts=tuple(given.get("hosts", ())),
        valid_hours=given.get("valid_hours", 48),
        desk=given.get("desk", False),
        entries={name: given[name]["entry"] for name in PROCEDURES if name in given},
        tables={name: {**here.get(name, {}), **table} for name, table in tables.items()},
    )
