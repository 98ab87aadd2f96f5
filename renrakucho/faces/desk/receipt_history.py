"""What happened to a notice, as a clerk reads it."""

from dataclasses import dataclass
from datetime import datetime

from renrakucho.notice.models import Notice
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.provider_actions import evidence_of


@dataclass(frozen=True)
class HistoryLine:
    """One line. who: the clerk's name where it was one; word: receipt number or reason."""

    kind: ReceiptKind
    at: datetime
    who: str
    word: str


def receipt_history(notice: Notice) -> list[HistoryLine]:
    """All of it, in order."""
    return [
        HistoryLine(
            kind=ReceiptKind(receipt.kind),
            at=receipt.recorded_at,
            who=receipt.staff.name if receipt.staff else receipt.get_by_display(),
            word=number_or_reason(evidence_of(receipt, notice)),
        )
        for receipt in notice.receipts.select_related("staff").order_by("id")
    ]


def number_or_reason(detail: dict[str, str]) -> str:
    """The receipt number or the reason of a receipt's detail."""
    return detail.get("number") or detail.get("reason") or ""
