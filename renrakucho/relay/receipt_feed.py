"""Receipt feed: peer portals poll it for the status of the notices they handed on, and for the providers' answers."""

from datetime import datetime
from typing import Any

from django.conf import settings

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.notice.connected_providers import provider_name
from renrakucho.notice.models import PeerOrigin, Status
from renrakucho.receipt.evidence import AcceptedEvidence, ReturnedEvidence, evidence_of
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.standard.receipt import receipt_document

MOST = 200  # receipts at once
_BY_PROVIDER = (ReceiptKind.OPENED, ReceiptKind.TAKEN, ReceiptKind.ACCEPTED, ReceiptKind.RETURNED)


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
    elif notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_UNDELIVERED).exists():
        standing = "not_withdrawn"
    return {"standing": standing, "there": notice.number}


def notice_of_peer(peer: PeerPortal, number: str) -> PeerOrigin | None:
    """The notice that the peer handed on under this number of its own."""
    return PeerOrigin.objects.select_related("notice__book").filter(portal=peer.slug, number=number).first()


def receipts_for_peer(peer: PeerPortal, since: datetime) -> dict[str, Any]:
    """One page of the providers' answers to the peer's notices, recorded at `since` or later, oldest first.

    Cursor pagination: `at` of the last receipt is the next `since`; `more`: there is a next page. A slow transaction
    makes its receipts visible late, so whoever asks goes back a while.
    """
    found = Receipt.objects.filter(
        notice__origin__portal=peer.slug, kind__in=_BY_PROVIDER, recorded_at__gte=since
    ).select_related("notice__book", "notice__origin")
    first = list(found.order_by("recorded_at", "id")[: MOST + 1])
    page = [{"at": each.recorded_at.isoformat(), "receipt": _document(peer, each)} for each in first[:MOST]]
    return {"receipts": page, "more": len(first) > MOST}


def _document(peer: PeerPortal, receipt: Receipt) -> dict[str, Any]:
    """The receipt by the standard. Its evidence stays here: this portal answers for it."""
    notice, evidence = receipt.notice, evidence_of(receipt, receipt.notice)
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
    )
