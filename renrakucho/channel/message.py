"""What a channel is handed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from renrakucho.sheet.filled import FilledSheet
from renrakucho.standard.notice import notice_document


@dataclass(frozen=True)
class SenderPortal:
    """Who sends: as a provider is told it. contact: one line of text, or empty."""

    name: str
    url: str
    contact: str = ""


@dataclass(frozen=True)
class NoticeMessage:
    """One notice on its way to its provider.

    key: the same over every attempt, so that the receiver takes it once; a withdrawal has one of its own.
    table: this provider's own table for the channel in connections.toml, over the installation's own.
    replaces: the number of the notice that this one stands for, or empty.
    withdrawn: the mover has taken it back, and the provider is to be told.
    reference: what the channel said when it last answered UNDER_WAY; empty: nothing is under way.
    again: which time the provider has asked for it once more, or empty: what went out before is not this one.
    until: after this it is too late for the move; None where nothing is known of its day.
    """

    key: str
    number: str
    provider: str
    provider_name: str
    procedure: str
    filled: FilledSheet
    written_at: datetime
    portal: SenderPortal
    table: Mapping[str, Any] = field(default_factory=dict)
    replaces: str = ""
    withdrawn: bool = False
    reference: str = ""
    again: str = ""
    until: datetime | None = None


def message_document(message: NoticeMessage) -> dict[str, Any]:
    """The notice, or its withdrawal, as plain values."""
    return notice_document(
        message.filled,
        key=message.key,
        number=message.number,
        provider=message.provider,
        provider_name=message.provider_name,
        procedure=message.procedure,
        written_at=message.written_at,
        portal_name=message.portal.name,
        portal_url=message.portal.url,
        contact=message.portal.contact,
        replaces=message.replaces,
        withdrawn=message.withdrawn,
    )
