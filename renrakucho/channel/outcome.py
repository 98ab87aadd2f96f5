"""Outcome of sending: five kinds, for every channel."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class OutcomeKind(StrEnum):
    """SENT: the notice is where the provider will see it.
    UNDER_WAY: it was handed on and cannot be called back; ask later what became of it.
    TRY_LATER: it did not arrive, and may be sent again.
    REFUSED: it will never be taken as it is.
    UNKNOWN: it may have arrived, so it may be repeated under the same idempotency key only.
    """

    SENT = "sent"
    UNDER_WAY = "under_way"
    TRY_LATER = "try_later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


FAILED_KINDS = frozenset({OutcomeKind.TRY_LATER, OutcomeKind.REFUSED, OutcomeKind.UNKNOWN})


@dataclass(frozen=True)
class Outcome:
    """Outcome of one attempt.

    evidence: the other side's answer as it came; it is stored, and never shown to the mover. reference: with UNDER_WAY,
    the name to ask by. retry_after: the earliest next attempt, where the channel knows better than the retry policy.
    reached: False where nobody was reached, by a refused connection or a time-out; the circuit breaker counts these.
    gone: REFUSED because nothing is at the address, which may pass where something was there before.
    name_taken: TRY_LATER because another batch has or had this name; it may go under the next one at once.
    """

    kind: OutcomeKind
    evidence: str = ""
    reference: str = ""
    retry_after: timedelta | None = None
    reached: bool = True
    gone: bool = False
    name_taken: bool = False
