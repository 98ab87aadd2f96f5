"""What happened to a notice, as a clerk reads it."""

from dataclasses import dataclass
from datetime import datetime

from renrakucho.notice.models import Notice
from renrakucho.receipt.models import Kind
from renrakucho.receipt.provider_turn import detail_of


@dataclass(frozen=True)
class Happened:
    """One line. who: the clerk's name where it was one; word: receipt number or reason."""

    kind: Kind
    at: datetime
    who: str
    word: str


def history(notice: Notice) -> list[Happened]:
    """All of it, in order."""
    return [
        Happened(
            kind=Kind(receipt.kind),
            at=receipt.recorded_at,
            who=receipt.staff.name if receipt.staff else receipt.get_by_display(),
            word=word_of(detail_of(receipt, notice)),
        )
        for receipt in notice.receipts.select_related("staff").order_by("id")
    ]


def word_of(detail: dict[str, str]) -> str:
    """The receipt number or the reason of a receipt's detail."""
    return detail.get("number") or detail.get("reason") or ""
