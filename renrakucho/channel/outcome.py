"""What a channel says after sending: a few words, the same for all channels."""

from dataclasses import dataclass
from enum import StrEnum


class OutcomeKind(StrEnum):
    """SENT: it is where the provider will see it. TRY_LATER: it may be sent again. REFUSED: it never will be taken
    as it is. UNKNOWN: nobody can say whether it arrived, so it may only be repeated under the same key.
    """

    SENT = "sent"
    TRY_LATER = "try_later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """`evidence` is the outside world's own answer, kept beside; never shown to the mover as it is."""

    kind: OutcomeKind
    evidence: str = ""
