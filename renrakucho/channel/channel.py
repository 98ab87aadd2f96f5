"""Answers that a provider brought by a channel, many at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renrakucho.channel.address_test import AddressTest
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome


@dataclass(frozen=True)
class AnswerRow:
    """One answer, as it was written: exactly one of receipt_number and reason should be there."""

    number: str
    receipt_number: str
    reason: str


@dataclass(frozen=True)
class AnswerFile:
    """name: what it is called there. mistake: why nothing of it can be read, or empty. settle: give back what came of
    each row, in their order, in words for the provider's people; after that it is not brought again.
    """

    name: str
    rows: tuple[AnswerRow, ...]
    mistake: str
    settle: Callable[[Sequence[str]], None]


def _always(table: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True)
class Channel:
    """send: the one verb; None where the mover's own browser carries it.

    brought: answers that came by it, many at once.
    gather: carries many at once of what `send` left under way; the lot's name is the same when it is tried again.
    ready: whether a provider's table says enough to send by it; one that is not ready is not offered.
    trial: where the address has to be proved before anything personal goes there; None where it proves itself.
    The words are for docs/channels.md: what the provider needs, what shows that it arrived and that it was accepted,
    and what happens where it fails.
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
