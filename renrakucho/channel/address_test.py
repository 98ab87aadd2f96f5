"""Address verification, the channel's part: an office reads back a code from a test page before it gets notices."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from renrakucho.channel.message import SenderPortal
from renrakucho.channel.outcome import Outcome


@dataclass(frozen=True)
class AddressTestPage:
    """A test page to an address. It holds nobody's data.

    key, table and reference are those of a NoticeMessage. code: the office reads it back.
    """

    key: str
    code: str
    portal: SenderPortal
    table: Mapping[str, Any] = field(default_factory=dict)
    reference: str = ""


@dataclass(frozen=True)
class AddressTest:
    """address: the address that a provider's table names, in one normal spelling, so that a changed one is seen.

    send: sends a test page, or asks what became of it; like a channel's `send` it raises nothing.
    """

    address: Callable[[Mapping[str, Any]], str]
    send: Callable[[AddressTestPage], Outcome]
