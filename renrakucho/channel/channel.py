"""Channel interface: how one channel sends notices, reads answers and describes itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renrakucho.channel.address_test import AddressTest
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome


@dataclass(frozen=True)
class AnswerRow:
    """One row of an answer file, as written. A right row has either a receipt number or a reason for returning."""

    number: str
    receipt_number: str
    reason: str


@dataclass(frozen=True)
class AnswerFile:
    """A file of answers from a provider.

    name: the file's name in the provider's folder. mistake: why no row can be read, or empty. settle: takes one result
    a row, in the rows' order, as sentences for the provider's staff, and writes them back; the file is not read again.
    """

    name: str
    rows: tuple[AnswerRow, ...]
    mistake: str
    settle: Callable[[Sequence[str]], None]


def _always(table: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True)
class Channel:
    """How notices travel to a provider. A table is the provider's own for the channel, from connections.toml.

    send: sends one message, or asks what became of it; None where the mover's own browser carries the form.
    ready: whether a table has all that `send` needs; a provider whose table is not ready is not offered.
    send_batch: sends many messages that `send` left UNDER_WAY, under a batch name that stays at every retry.
    read_answers: the answer files that have come by this channel.
    address_test: how an address is verified before anything personal goes there; None where none has to be.
    local: whether `send` stays on this machine, so that it can neither hang nor be unreachable.
    The texts are for docs/channels.md: what a provider needs, what proves arrival and acceptance, and what happens at a
    failure.
    """

    label: str
    needs: str
    arrived: str
    accepted: str
    failing: str
    send: Callable[[NoticeMessage], Outcome] | None = None
    ready: Callable[[Mapping[str, Any]], bool] = _always
    send_batch: Callable[[Sequence[NoticeMessage], str], Outcome] | None = None
    read_answers: Callable[[Mapping[str, Any]], Iterator[AnswerFile]] | None = None
    address_test: AddressTest | None = None
    local: bool = False
