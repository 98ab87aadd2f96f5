"""What another portal is told of the notices that it handed on: how each stands, and what the providers said."""

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
_PROVIDERS_WORD = (ReceiptKind.OPENED, ReceiptKind.TAKEN, ReceiptKind.ACCEPTED, ReceiptKind.RETURNED)


def peer_status(origin: PeerOrigin) -> dict[str, str]:
    """In one word, and the notice's number here. The words are those of Status, and three for what was taken back:
    «withdrawing», «withdrawn» and, where the provider could not be told of it, «not_withdrawn».
    """
    notice = origin.notice
    if notice is None:
        return {"standing": "withdrawn", "there": ""}
    said = notice.status
    if notice.status == Status.WITHDRAWN and notice.due_at:
        said = "withdrawing"
    elif notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_UNDELIVERED).exists():
        said = "not_withdrawn"
    return {"standing": said, "there": notice.number}


def notice_of_peer(peer: PeerPortal, number: str) -> PeerOrigin | None:
    """The notice that this portal handed on under its own number."""
    return PeerOrigin.objects.select_related("notice__book").filter(portal=peer.slug, number=number).first()


def receipts_for_peer(peer: PeerPortal, since: datetime) -> dict[str, Any]:
    """The providers' words on this portal's notices, recorded at `since` or later, oldest first.

    `at` is exact, for the next question. `more`: there are others behind them. What a transaction holds back shows up
    late: whoever asks goes back a while.
    """
    found = Receipt.objects.filter(
        notice__origin__portal=peer.slug, kind__in=_PROVIDERS_WORD, recorded_at__gte=since
    ).select_related("notice__book", "notice__origin")
    first = list(found.order_by("recorded_at", "id")[: MOST + 1])
    said = [{"at": one.recorded_at.isoformat(), "receipt": _document(peer, one)} for one in first[:MOST]]
    return {"receipts": said, "more": len(first) > MOST}


def _document(peer: PeerPortal, receipt: Receipt) -> dict[str, Any]:
    """The receipt by the standard. The evidence stays here: what it is worth, this portal answers for."""
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
