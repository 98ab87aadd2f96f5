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

A secret is a text, or says where it is: {file = "secrets/tokyo-waterworks"} (beside this file, or a whole path) or
{env = "TOKYO_WATERWORKS_SECRET"}. So is a fax line's server, whose URL may have a password.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from renrakucho.lib.errors import InvalidInput, NotFound


class NotConnected(NotFound):
    """This installation has no entry of this provider for this procedure."""


class BadConnections(InvalidInput):
    """The whole of connections.toml cannot be used; the message says why, in Japanese and English."""


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
