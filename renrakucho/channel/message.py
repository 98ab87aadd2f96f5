"""Message: a notice as a channel sends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from renrakucho.sheet.filled import FilledSheet
from renrakucho.standard.notice import notice_document


@dataclass(frozen=True)
class SenderPortal:
    """The sending portal, as providers read it. contact: one line of text, or empty."""

    name: str
    url: str
    contact: str = ""


@dataclass(frozen=True)
class NoticeMessage:
    """One notice, or its withdrawal, to one provider.

    key: idempotency key, equal at every attempt; a withdrawal has its own.
    table: the provider's table for this channel in connections.toml, merged over the installation's own.
    replaces: the number of the notice that this one replaces, or empty.
    withdrawn: the mover has withdrawn the notice, and the provider has to be told. reported: it was withdrawn because
    the owner of the mailbox reported that it is not theirs.
    reference: the reference of the last UNDER_WAY outcome; empty while nothing is under way.
    again: counts how often the provider has asked for the notice once more, or empty; a resent notice is a new message.
    until: deadline; later the notice is of no use for the move. None where the day of the move is unknown.
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
    reported: bool = False
    reference: str = ""
    again: str = ""
    until: datetime | None = None


def message_document(message: NoticeMessage) -> dict[str, Any]:
    """The notice, or its withdrawal, as a document of the published standard."""
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
        reported=message.reported,
    )
