"""Transition table: which receipt takes a notice from which status to which. Nothing else changes a status.

docs/states.md is made from it.
"""

from collections.abc import Iterable
from contextlib import nullcontext

from django.db import transaction

from renrakucho.lib.database_clock import database_now
from renrakucho.lib.errors import Conflict
from renrakucho.lib.identifiers import uuid7_at
from renrakucho.mover.book import seal_for_book
from renrakucho.notice.models import Notice, PeerOrigin, Status
from renrakucho.notice.outgoing_gate import is_held
from renrakucho.receipt.evidence import Evidence
from renrakucho.receipt.models import FeedEvent, Receipt, ReceiptAuthor, ReceiptKind
from renrakucho.sheet.form import CARRIED

S = Status

LEADS: dict[ReceiptKind, dict[Status, Status]] = {
    ReceiptKind.ENTERED: {S.NOT_ENTERED: S.ENTERED},
    ReceiptKind.HANDED_OVER: {S.NOT_ENTERED: S.HANDED_OVER, S.HANDED_OVER: S.HANDED_OVER},
    # The mover's own word is shown and changes no status: only the provider can say that it accepted.
    ReceiptKind.OWN_WORD: {status: status for status in (S.NOT_ENTERED, S.HANDED_OVER, S.UNDELIVERED)},
    # What was given up can still be fetched by the provider's own system; what it lost it can ask for again.
    ReceiptKind.SENT: {S.ENTERED: S.SENT, S.UNDELIVERED: S.SENT, S.SENT: S.SENT},
    ReceiptKind.OPENED: {S.SENT: S.SENT, S.ACCEPTED: S.ACCEPTED, S.RETURNED: S.RETURNED},
    ReceiptKind.TAKEN: {status: status for status in (S.SENT, S.ACCEPTED, S.RETURNED, S.WITHDRAWN)},
    # A provider can answer what the portal does not know to have arrived: its word is the better proof.
    ReceiptKind.ACCEPTED: dict.fromkeys((S.ENTERED, S.SENT, S.HANDED_OVER, S.UNDELIVERED), S.ACCEPTED),
    ReceiptKind.RETURNED: dict.fromkeys((S.ENTERED, S.SENT, S.UNDELIVERED), S.RETURNED),
    ReceiptKind.UNDELIVERED: {S.ENTERED: S.UNDELIVERED},
    ReceiptKind.ASKED_AGAIN: {S.SENT: S.SENT, S.UNDELIVERED: S.UNDELIVERED},
    # What an operator sends again, or by another channel, is on its way once more.
    ReceiptKind.RETRIED: {S.UNDELIVERED: S.ENTERED, S.ENTERED: S.ENTERED, S.WITHDRAWN: S.WITHDRAWN},
    ReceiptKind.REPLACED: {
        S.ENTERED: S.WITHDRAWN,
        S.SENT: S.WITHDRAWN,
        S.RETURNED: S.WITHDRAWN,
        S.UNDELIVERED: S.WITHDRAWN,
    },
    # One that the mover carried there and did not finish is closed here: its provider was never told by this portal.
    ReceiptKind.WITHDRAWN: {
        S.NOT_ENTERED: S.WITHDRAWN,
        S.HANDED_OVER: S.WITHDRAWN,
        S.ENTERED: S.WITHDRAWN,
        S.SENT: S.WITHDRAWN,
        S.RETURNED: S.WITHDRAWN,
        S.UNDELIVERED: S.WITHDRAWN,
    },
    ReceiptKind.WITHDRAWAL_SENT: {S.WITHDRAWN: S.WITHDRAWN},
    ReceiptKind.WITHDRAWAL_UNDELIVERED: {S.WITHDRAWN: S.WITHDRAWN},
}

WHOSE: dict[ReceiptKind, ReceiptAuthor] = {
    ReceiptKind.ENTERED: ReceiptAuthor.MOVER,
    ReceiptKind.HANDED_OVER: ReceiptAuthor.MOVER,
    ReceiptKind.OWN_WORD: ReceiptAuthor.MOVER,
    ReceiptKind.SENT: ReceiptAuthor.PORTAL,
    ReceiptKind.OPENED: ReceiptAuthor.PROVIDER,
    ReceiptKind.TAKEN: ReceiptAuthor.PROVIDER,
    ReceiptKind.ACCEPTED: ReceiptAuthor.PROVIDER,
    ReceiptKind.RETURNED: ReceiptAuthor.PROVIDER,
    ReceiptKind.UNDELIVERED: ReceiptAuthor.PORTAL,
    ReceiptKind.ASKED_AGAIN: ReceiptAuthor.PROVIDER,
    ReceiptKind.RETRIED: ReceiptAuthor.PORTAL,
    ReceiptKind.REPLACED: ReceiptAuthor.MOVER,
    ReceiptKind.WITHDRAWN: ReceiptAuthor.MOVER,
    ReceiptKind.WITHDRAWAL_SENT: ReceiptAuthor.PORTAL,
    ReceiptKind.WITHDRAWAL_UNDELIVERED: ReceiptAuthor.PORTAL,
}

# What a provider's system is told of its notices, and a peer portal of those that it handed on (receipt.event_feed).
TOLD_TO_PROVIDER = frozenset(
    {
        ReceiptKind.SENT,
        ReceiptKind.UNDELIVERED,
        ReceiptKind.REPLACED,
        ReceiptKind.WITHDRAWN,
        ReceiptKind.ACCEPTED,
        ReceiptKind.RETURNED,
    }
)
TOLD_TO_PEER = frozenset({ReceiptKind.OPENED, ReceiptKind.TAKEN, ReceiptKind.ACCEPTED, ReceiptKind.RETURNED})

# No receipt takes a notice from here to another status.
FINAL_STATUSES = frozenset(
    status for status in Status if all(leads.get(status, status) == status for leads in LEADS.values())
)


def next_status(kind: ReceiptKind, status: str) -> Status | None:
    """Where this receipt takes a notice that stands at `status`; None where it may not happen."""
    return LEADS[kind].get(Status(status))


def may_happen(kind: ReceiptKind, status: str) -> bool:
    """Whether this can happen to a notice that stands at `status`: the one question that every page and action asks."""
    return next_status(kind, status) is not None


def may_move(kind: ReceiptKind, status: str) -> bool:
    """Whether this can happen to a notice that stands at `status`, and takes it to another status."""
    return next_status(kind, status) not in (None, status)


def statuses_before(kind: ReceiptKind) -> frozenset[Status]:
    """The statuses at which this can happen, for a query."""
    return frozenset(LEADS[kind])


class InvalidTransition(Conflict):
    """This cannot happen to the notice at its present status, `status`."""

    def __init__(self, kind: ReceiptKind, status: str) -> None:
        super().__init__(f"{kind} while {status}")
        self.kind = kind
        self.status = status


def locked_notice(notice: Notice) -> Notice:
    """The notice as it stands now, locked until the transaction ends (SQLite: its transaction locks already)."""
    return Notice.objects.select_for_update(no_key=True, of=("self",)).select_related("book").get(id=notice.id)


def require_transition(kind: ReceiptKind, status: str) -> Status:
    """Where this receipt takes a notice that stands at `status`. Raises InvalidTransition."""
    leads = next_status(kind, status)
    if leads is None:
        raise InvalidTransition(kind, status)
    return leads


def record_receipt(
    notice: Notice,
    kind: ReceiptKind,
    evidence: Evidence | None = None,
    *,
    locked: Notice | None = None,
    changed: Iterable[str] = (),
) -> Receipt:
    """Add a receipt with its evidence, sealed, and set the status that it leads to. The only writer of statuses. Those
    who read feeds of events are told of it. Its moment and its key, by which receipts are ordered, are the database
    clock's: lateness and tries are counted from it.

    Call it inside the transaction that does what the receipt proves. locked: the notice as `locked_notice` returned it
    in this very transaction, or as this transaction made it; it is locked here where it is not given. changed: fields
    of the notice that are saved in the same UPDATE as its status. Raises InvalidTransition.
    """
    with nullcontext() if locked else transaction.atomic():
        locked = locked or locked_notice(notice)
        leads = require_transition(kind, locked.status)
        staff = evidence.actor.staff if evidence and evidence.actor else None
        now = database_now()
        receipt = Receipt(id=uuid7_at(now), notice=notice, kind=kind, by=WHOSE[kind], staff=staff, recorded_at=now)
        stored = evidence.stored() if evidence else None
        if stored:
            receipt.detail = seal_for_book(notice.book, f"receipt:{receipt.id}", stored)
        receipt.save(force_insert=True)
        FeedEvent.objects.bulk_create(FeedEvent(feed=feed, receipt=receipt) for feed in _feeds_of(locked, kind))
        notice.status = leads
        notice.save(update_fields=["status", *changed])
        return receipt


def provider_feed(provider: str) -> str:
    """The feed of events for a provider's systems."""
    return f"provider/{provider}"


def peer_feed(portal: str) -> str:
    """The feed of events for a peer portal."""
    return f"peer/{portal}"


def _feeds_of(notice: Notice, kind: ReceiptKind) -> list[str]:
    """The feeds that tell of it. None tells of a draft, of what waits for the proof of its mailbox, or of what a web
    link carries: perhaps it never arrived.
    """
    feeds = []
    left = notice.written_at and notice.channel != CARRIED and not is_held(notice)
    if kind in TOLD_TO_PROVIDER and notice.provider and left:
        feeds.append(provider_feed(notice.provider))
    if kind in TOLD_TO_PEER:
        portals = PeerOrigin.objects.filter(notice=notice).values_list("portal", flat=True)
        feeds += [peer_feed(portal) for portal in portals]
    return feeds
