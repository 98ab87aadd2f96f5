"""Retention job: what is past its time goes, by the table of lib.retention_policy. Each kind has one step here.

A step removes at most so many rows at once and is repeated, so that a run that was killed goes on with the next one.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from renrakucho.channel.files.exchange_folder import remove_old_files
from renrakucho.delivery.book_erasure import erase_book
from renrakucho.delivery.models import ErasedNotice
from renrakucho.lib.database_clock import database_now
from renrakucho.lib.private_files import empty_write_ahead_log
from renrakucho.lib.retention_policy import KeptData, retention_days
from renrakucho.lib.sealing import SealBroken
from renrakucho.mover.models import Book, KeyRequest
from renrakucho.notice.connected_providers import connected_providers, local_connections, sheets_of
from renrakucho.notice.models import Listing, Notice, SheetVersion
from renrakucho.provider.audit_chain import retire_entries
from renrakucho.provider.staff_mail import StaffMail
from renrakucho.provider.system_key import IdempotentResponse
from renrakucho.receipt.book_retention import erased_from
from renrakucho.receipt.postcard_batch import retire_batches
from renrakucho.relay.models import ReceivedReceipt

log = logging.getLogger(__name__)
BATCH = 100
_AGAIN = timedelta(days=1)  # a book that does not open now is looked at again


def enforce_retention(now: datetime | None = None) -> dict[str, int]:
    """Remove what is past its time, and log how much of each kind. Returns that, by those kinds."""
    now = now or database_now()
    removed = {}
    for kind, step in STEPS.items():
        before = now - timedelta(days=retention_days(kind))
        total = 0
        while count := step(before, now):
            total += count
        if total:
            removed[kind.value] = total
    if removed:
        empty_write_ahead_log()
        log.info("retention: removed %s", ", ".join(f"{count} {name}" for name, count in removed.items()))
    return removed


def _drafts(before: datetime, now: datetime) -> int:
    """Erase drafts, and books whose mailbox was never proved: nobody was told their key."""
    unproved = Q(mailbox_proved_at=None, pending_key__isnull=False)
    return _erase(Book.objects.filter(Q(registered_at=None) | unproved, created_at__lt=before), now)


def _books(before: datetime, now: datetime) -> int:
    """Erase registered books. When each goes stands in a column, which is computed anew where it says that it is due:
    a later 受理 or day of the move puts it off.
    """
    due = Book.objects.filter(Q(erase_at=None) | Q(erase_at__lte=now), registered_at__isnull=False).order_by("id")
    erased = 0
    while seen := list(due[:BATCH]):
        for book in seen:
            try:
                at = erased_from(book)
            except SealBroken:
                log.error("book %s does not open: it is kept", book.id)
                at = now + _AGAIN
            if at <= now:
                erase_book(book, now)
                erased += 1
            else:
                Book.objects.filter(id=book.id).update(erase_at=at)
    return erased


def _erase(books: QuerySet[Book], now: datetime) -> int:
    found = list(books.order_by("id")[:BATCH])
    for book in found:
        erase_book(book, now)
    return len(found)


def _rows(rows: QuerySet[Any]) -> int:
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    rows.model._default_manager.filter(pk__in=ids).delete()
    return len(ids)


def _unused_sheets(before: datetime, now: datetime) -> int:
    """Remove forms that no notice was written by, but those that providers have now."""
    used = Notice.objects.filter(sheet=OuterRef("key"))
    in_use = {sheet.key for provider in connected_providers().values() for sheet in sheets_of(provider).values()}
    return _rows(SheetVersion.objects.filter(~Exists(used), loaded_at__lt=before).exclude(key__in=in_use))


def _earlier_listings(before: datetime, now: datetime) -> int:
    newer = Listing.objects.filter(portal=OuterRef("portal"), confirmed_at__gt=OuterRef("confirmed_at"))
    return _rows(Listing.objects.filter(Exists(newer), confirmed_at__lt=before))


def _nightly_files(before: datetime, now: datetime) -> int:
    """Remove old files of our own naming from the folders of providers, and what was taken from there."""
    folders = [table.get("folder") for each in local_connections().values() for table in each.tables.values()]
    return sum(remove_old_files(Path(folder), before) for folder in folders if folder)


STEPS: Mapping[KeptData, Callable[[datetime, datetime], int]] = {
    KeptData.DRAFT: _drafts,
    KeptData.BOOK: _books,
    KeptData.EVIDENCE: lambda before, now: _rows(ErasedNotice.objects.filter(erased_at__lt=before)),
    KeptData.AUDIT: lambda before, now: retire_entries(before),
    KeptData.STAFF_MAIL: lambda before, now: _rows(
        StaffMail.objects.filter(Q(sent_at__lt=before) | Q(gave_up_at__lt=before))
    ),
    KeptData.KEY_REQUEST: lambda before, now: _rows(KeyRequest.objects.filter(requested_at__lt=before)),
    KeptData.API_ANSWER: lambda before, now: _rows(IdempotentResponse.objects.filter(answered_at__lt=before)),
    KeptData.PEER_RECEIPT: lambda before, now: _rows(ReceivedReceipt.objects.filter(notice=None, heard_at__lt=before)),
    KeptData.LISTING: _earlier_listings,
    KeptData.SHEET_VERSION: _unused_sheets,
    KeptData.NIGHTLY_FILE: _nightly_files,
    KeptData.POSTCARD: lambda before, now: retire_batches(before, BATCH),
}
