"""Receipt feed: peer portals poll it for the status of the notices they handed on, and for the providers' answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.notice.connected_providers import provider_name
from renrakucho.notice.models import Notice, PeerOrigin, Status
from renrakucho.receipt.event_feed import read_page
from renrakucho.receipt.evidence import AcceptedEvidence, ReturnedEvidence, evidence_of
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.transitions import TOLD_TO_PEER, peer_feed
from renrakucho.standard.receipt import receipt_document

MOST = 200  # receipts at once
_RELATED = ("notice__book", "notice__origin")


def peer_status(origin: PeerOrigin) -> dict[str, str]:
    """The status in one word (`standing`), and the notice's number here. The words are those of Status, and three for
    withdrawals: «withdrawing», «withdrawn» and, where the provider could not be told of it, «not_withdrawn».
    """
    notice = origin.notice
    if notice is None:
        return {"standing": "withdrawn", "there": ""}
    standing: str = notice.status
    if notice.status == Status.WITHDRAWN and notice.due_at:
        standing = "withdrawing"
    elif _last_word_of_withdrawal(notice) == ReceiptKind.WITHDRAWAL_UNDELIVERED:
        standing = "not_withdrawn"
    return {"standing": standing, "there": notice.number}


def _last_word_of_withdrawal(notice: Notice) -> str:
    """The kind of the last receipt about it; an operator may have sent it once more. Empty: there is none."""
    kinds = (ReceiptKind.WITHDRAWAL_SENT, ReceiptKind.WITHDRAWAL_UNDELIVERED)
    last = notice.receipts.filter(kind__in=kinds).order_by("id").last()
    return last.kind if last else ""


def notice_of_peer(peer: PeerPortal, number: str) -> PeerOrigin | None:
    """The notice that the peer handed on under this number of its own."""
    return PeerOrigin.objects.select_related("notice__book").filter(portal=peer.slug, number=number).first()


def receipts_for_peer(peer: PeerPortal, after: UUID | None) -> dict[str, Any]:
    """One page of the providers' answers to the peer's notices, after the cursor (None: from the beginning).

    `next` is the cursor of the next page; `more`: it can be read at once. Raises UnknownCursor.
    """
    page = read_page(peer_feed(peer.slug), after, MOST, related=_RELATED)
    return {"receipts": _lines(peer, page.receipts), "more": page.more, "next": str(page.cursor)}


def receipts_since(peer: PeerPortal, since: datetime) -> dict[str, Any]:
    """One page by time, for a peer that does not know cursors yet (until 2026-11): recorded at `since` or later.

    `at` of the last receipt is the next `since`. A slow transaction makes its receipts visible late, so whoever asks
    goes back a while.
    """
    found = Receipt.objects.filter(
        notice__origin__portal=peer.slug, kind__in=TOLD_TO_PEER, recorded_at__gte=since
    ).select_related(*_RELATED)
    first = list(found.order_by("recorded_at", "id")[: MOST + 1])
    return {"receipts": _lines(peer, first[:MOST]), "more": len(first) > MOST}


def _lines(peer: PeerPortal, receipts: Sequence[Receipt]) -> list[dict[str, Any]]:
    return [{"at": each.recorded_at.isoformat(), "receipt": _document(peer, each)} for each in receipts]


def _document(peer: PeerPortal, receipt: Receipt) -> dict[str, Any]:
    """The receipt by the standard. Its evidence stays here: this portal answers for it."""
    notice, evidence = receipt.notice, evidence_of(receipt, receipt.notice)
    check = evidence.check if isinstance(evidence, AcceptedEvidence) else None
    return receipt_document(
        receipt.kind,
        by=receipt.by,
        key=str(receipt.id),
        number=notice.origin.number,
        provider=notice.provider,
        provider_name=provider_name(notice.provider),
        portal_name=peer.name,
        portal_url=peer.url,
        recorded_at=receipt.recorded_at,
        receipt_number=evidence.number if isinstance(evidence, AcceptedEvidence) else "",
        reason=evidence.reason if isinstance(evidence, ReturnedEvidence) else "",
        through=settings.BASE_URL,
        check_way=check.way if check else "",
        check_note=check.note if check else "",
    )
