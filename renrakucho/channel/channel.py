"""What a channel is: one way a notice travels, and what can be said of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renrakucho.channel.brought import Brought
from renrakucho.channel.outcome import Outcome
from renrakucho.channel.parcel import Parcel
from renrakucho.channel.trial import Trial


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
    send: Callable[[Parcel], Outcome] | None = None
    ready: Callable[[Mapping[str, Any]], bool] = _always
    gather: Callable[[Sequence[Parcel], str], Outcome] | None = None
    brought: Callable[[Mapping[str, Any]], Iterator[Brought]] | None = None
    trial: Trial | None = None
