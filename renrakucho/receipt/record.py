"""record(): the only writer of receipts and of a notice's status, both in one transaction."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from renrakucho.mover.sealed import seal_for
from renrakucho.notice.models import Notice
from renrakucho.provider.staff import Staff
from renrakucho.receipt.models import Kind, Receipt
from renrakucho.receipt.states import WHOSE, leads_to


class OutOfTurn(Exception):
    """This cannot happen to the notice as it stands now; `status` says how it stands."""

    def __init__(self, kind: Kind, status: str) -> None:
        super().__init__(f"{kind} while {status}")
        self.kind = kind
        self.status = status


def locked(notice: Notice) -> Notice:
    """The notice as it stands now, kept from others until the transaction ends (SQLite: they are kept out already)."""
    return Notice.objects.select_for_update(of=("self",)).select_related("book").get(id=notice.id)


def record(notice: Notice, kind: Kind, *, staff: Staff | None = None, detail: Any = None) -> Receipt:
    """Add a receipt, and move the notice where it leads.

    Call it inside the transaction that does what the receipt proves. Raises OutOfTurn.
    """
    with transaction.atomic():
        now = timezone.now()
        status = locked(notice).status
        leads = leads_to(kind, status)
        if leads is None:
            raise OutOfTurn(kind, status)
        receipt = Receipt(notice=notice, kind=kind, by=WHOSE[kind], staff=staff, recorded_at=now)
        if detail is not None:
            receipt.detail = seal_for(notice.book, f"receipt:{receipt.id}", detail)
        receipt.save(force_insert=True)
        notice.status = leads
        notice.save(update_fields=["status"])
        return receipt
