"""What a channel says after sending: a few words, the same for all channels."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class OutcomeKind(StrEnum):
    """SENT: it is where the provider will see it. UNDER_WAY: it was handed on and cannot be called back; ask again how
    it went. TRY_LATER: it did not arrive and may be sent again. REFUSED: it never will be taken as it is. UNKNOWN:
    nobody can say whether it arrived, so it may only be repeated under the same key.
    """

    SENT = "sent"
    UNDER_WAY = "under_way"
    TRY_LATER = "try_later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """`evidence` is the outside world's own answer, kept beside; never shown to the mover as it is.

    reference: under which to ask, with UNDER_WAY. retry_after: when to ask or try again at the soonest, where the
    channel knows better than the postman.
    """

    kind: OutcomeKind
    evidence: str = ""
    reference: str = ""
    retry_after: timedelta | None = None
