"""Table of channels by name, and the choice of a provider's channel. A new channel is one folder and one line here."""

from renrakucho.channel.channel import Channel
from renrakucho.channel.connection import Connection
from renrakucho.channel.fax.fax_channel import FAX
from renrakucho.channel.files.files_channel import FILES
from renrakucho.channel.inbox.inbox_channel import INBOX
from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.channel.pull.pull_channel import PULL
from renrakucho.channel.relay.relay_channel import RELAY
from renrakucho.channel.webhook.webhook_channel import WEBHOOK
from renrakucho.channel.weblink.weblink_channel import WEBLINK
from renrakucho.sheet.form import Procedure, Sheet

CHANNELS: dict[str, Channel] = {
    "weblink": WEBLINK,
    "inbox": INBOX,
    "webhook": WEBHOOK,
    "pull": PULL,
    "files": FILES,
    "fax": FAX,
    "relay": RELAY,
}


def local_channel(connection: Connection, sheet: Sheet, procedure: Procedure) -> str | None:
    """The name of the channel by which this installation sends the sheet; None where it has no connection for it.

    A channel with a table of its own comes before the desk.
    """
    if sheet.carried:
        return sheet.channel if procedure in connection.entries else None
    return next(iter(connection.tables), sheet.channel if connection.desk else None)


def peer_connection(peer: PeerPortal, provider: str) -> Connection:
    """The connection to a provider that is connected at another portal."""
    return Connection(provider, tables={"relay": {"peer": peer}})
