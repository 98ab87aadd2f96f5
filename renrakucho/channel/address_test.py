"""An address at a provider: nothing personal goes there before the office has read back a code from a test page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from renrakucho.channel.message import SenderPortal
from renrakucho.channel.outcome import Outcome


@dataclass(frozen=True)
class AddressTestPage:
    """The test page on its way. It names nobody.

    key, table and reference are as a Parcel's; code: what is to be read back.
    """

    key: str
    code: str
    portal: SenderPortal
    table: Mapping[str, Any] = field(default_factory=dict)
    reference: str = ""


@dataclass(frozen=True)
class AddressTest:
    """address: which address a provider's table names, always written the same way; a changed one is another.

    send: brings the test page there; it never raises, as a channel's own `send`.
    """

    address: Callable[[Mapping[str, Any]], str]
    send: Callable[[AddressTestPage], Outcome]
