"""Batches of postcards to old addresses: made by an operator of the bureau, seen by its auditors, audited, disclosed.

It is the one place where the bureau reads something that a mover wrote without asking for it one by one: the name and
the old address that are printed. So each card is an audit entry when it is printed and at each download, and stands in
its mover's disclosure. A batch stays the same when it is taken again, but for cards whose move was stopped, erased or
became confidential meanwhile.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from renrakucho.notice.models import Notice
from renrakucho.notice.postcard import Postcard, PostcardBatch, is_sendable, read_postcard, sendable_postcards
from renrakucho.paper.postcard_paper import PostcardText, check_postcard
from renrakucho.paper.printed_page import CannotPrint
from renrakucho.provider.audit_log import AuditAction, log_operation
from renrakucho.provider.staff import Staff

MOST_CARDS = 500  # of a batch; the others wait for the next


def waiting_postcards() -> int:
    """How many cards wait for a batch. Those of books that became confidential are counted until then."""
    return sendable_postcards().filter(batch=None).count()


def make_batch(staff: Staff) -> PostcardBatch | None:
    """Put the cards that wait into a new batch; pressed again, there is nothing left for another one. None: nothing
    waits that can be printed. Raises NoFont.
    """
    with transaction.atomic():
        waiting = sendable_postcards().filter(batch=None).select_for_update(of=("self",), no_key=True)[:MOST_CARDS]
        rows = list(waiting)
        hidden = [row.id for row in rows if not is_sendable(row)]
        Postcard.objects.filter(id__in=hidden).delete()
        kept = [row for row in rows if row.id not in hidden]
        printed = [row for row in kept if _is_printable(read_postcard(row))]
        if not printed:
            return None
        batch = PostcardBatch.objects.create(
            made_at=timezone.now(), made_by=staff, cards=len(printed), unprintable=len(kept) - len(printed)
        )
        Postcard.objects.filter(id__in=[row.id for row in printed]).update(batch=batch)
        _log(staff, AuditAction.POSTCARD_MADE, batch, printed)
        return batch


def read_batch(staff: Staff, batch: PostcardBatch) -> list[PostcardText]:
    """The cards of a batch, for printing. Each reading is audited, a row a card."""
    with transaction.atomic():
        rows = [row for row in sendable_postcards().filter(batch=batch) if is_sendable(row)]
        _log(staff, AuditAction.POSTCARD_TAKEN, batch, rows)
        return [read_postcard(row) for row in rows]


def retire_batches(before: datetime, most: int) -> int:
    """Delete what the batches made before then have of their movers, and their rows. Returns how many batches."""
    ids = list(PostcardBatch.objects.filter(made_at__lt=before).order_by("id").values_list("id", flat=True)[:most])
    with transaction.atomic():
        Postcard.objects.filter(batch__in=ids).update(content=None, batch=None)
        PostcardBatch.objects.filter(id__in=ids).delete()
    return len(ids)


def _is_printable(card: PostcardText) -> bool:
    try:
        check_postcard(card)
    except CannotPrint:
        return False
    return True


def _log(staff: Staff, action: AuditAction, batch: PostcardBatch, rows: list[Postcard]) -> None:
    """A row a card, by the number of its book's first notice: in the disclosure it stands for the book."""
    first: dict[object, str] = {}
    notices = Notice.objects.filter(book__in=[row.book_id for row in rows]).order_by("position", "id")
    for book_id, number in notices.values_list("book_id", "number"):
        first.setdefault(book_id, number)
    log_operation(staff, action, about=str(batch.id), numbers=[first.get(row.book_id, "") for row in rows])
