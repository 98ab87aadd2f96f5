"""What a channel is: one way a notice travels, and what can be said of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from renrakucho.channel.outcome import Outcome
from renrakucho.channel.parcel import Parcel
from renrakucho.channel.trial import Trial


def _always(table: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True)
class Channel:
    """send: the one verb; None where the mover's own browser carries it.

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
    trial: Trial | None = None
