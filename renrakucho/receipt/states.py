"""The table of states: which receipt leads where. Nothing else moves a notice. docs/states.md is made from it."""

from renrakucho.notice.models import Status
from renrakucho.receipt.models import By, Kind

S = Status

LEADS: dict[Kind, dict[Status, Status]] = {
    Kind.ENTERED: {S.NOT_ENTERED: S.ENTERED},
    Kind.HANDED_OVER: {S.NOT_ENTERED: S.HANDED_OVER, S.HANDED_OVER: S.HANDED_OVER},
    # The mover's own word is kept and shown, and moves nothing: only the provider can say that it accepted.
    Kind.OWN_WORD: {S.NOT_ENTERED: S.NOT_ENTERED, S.HANDED_OVER: S.HANDED_OVER},
    # What was given up can still be fetched by the provider's own system; what it lost it can ask for again.
    Kind.SENT: {S.ENTERED: S.SENT, S.UNDELIVERED: S.SENT, S.SENT: S.SENT},
    Kind.OPENED: {S.SENT: S.SENT, S.ACCEPTED: S.ACCEPTED, S.RETURNED: S.RETURNED},
    Kind.TAKEN: {status: status for status in (S.SENT, S.ACCEPTED, S.RETURNED, S.WITHDRAWN)},
    # A provider can answer what the portal does not know to have arrived: its word is the better proof.
    Kind.ACCEPTED: dict.fromkeys((S.ENTERED, S.SENT, S.HANDED_OVER, S.UNDELIVERED), S.ACCEPTED),
    Kind.RETURNED: dict.fromkeys((S.ENTERED, S.SENT, S.UNDELIVERED), S.RETURNED),
    Kind.UNDELIVERED: {S.ENTERED: S.UNDELIVERED},
    Kind.ASKED_AGAIN: {S.SENT: S.SENT, S.UNDELIVERED: S.UNDELIVERED},
    Kind.REPLACED: {
        S.ENTERED: S.WITHDRAWN,
        S.SENT: S.WITHDRAWN,
        S.RETURNED: S.WITHDRAWN,
        S.UNDELIVERED: S.WITHDRAWN,
    },
    Kind.WITHDRAWN: {
        S.NOT_ENTERED: S.WITHDRAWN,
        S.ENTERED: S.WITHDRAWN,
        S.SENT: S.WITHDRAWN,
        S.RETURNED: S.WITHDRAWN,
        S.UNDELIVERED: S.WITHDRAWN,
    },
    Kind.WITHDRAWAL_SENT: {S.WITHDRAWN: S.WITHDRAWN},
    Kind.WITHDRAWAL_UNDELIVERED: {S.WITHDRAWN: S.WITHDRAWN},
}

WHOSE: dict[Kind, By] = {
    Kind.ENTERED: By.MOVER,
    Kind.HANDED_OVER: By.MOVER,
    Kind.OWN_WORD: By.MOVER,
    Kind.SENT: By.PORTAL,
    Kind.OPENED: By.PROVIDER,
    Kind.TAKEN: By.PROVIDER,
    Kind.ACCEPTED: By.PROVIDER,
    Kind.RETURNED: By.PROVIDER,
    Kind.UNDELIVERED: By.PORTAL,
    Kind.ASKED_AGAIN: By.PROVIDER,
    Kind.REPLACED: By.MOVER,
    Kind.WITHDRAWN: By.MOVER,
    Kind.WITHDRAWAL_SENT: By.PORTAL,
    Kind.WITHDRAWAL_UNDELIVERED: By.PORTAL,
}


def leads_to(kind: Kind, status: str) -> Status | None:
    """Where this receipt takes a notice that stands at `status`; None where it may not happen."""
    return LEADS[kind].get(Status(status))
