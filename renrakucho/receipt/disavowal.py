"""Disavowal (「心当たりがない」): the owner of a mailbox, or whoever has the old address's postcard, stops all of it,
without a login.

The book is closed for good, and one that told nobody anything is erased by the worker at once; what can be
withdrawn is withdrawn, with this reason, and what a provider has accepted bears the mark at its desk. For the bureau a
row stays that says when and how many, and nothing of anybody.
"""

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.identifiers import cleaned_access_key
from renrakucho.mail.models import Mail
from renrakucho.mail.mover_mail import report_hash, reported_mailbox, write_postcard_stop_mail
from renrakucho.mover.book import contact_email, disavow_book
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import is_never_asked
from renrakucho.notice.postcard import Postcard, cleaned_postcard_code, postcard_hash
from renrakucho.provider.audit_log import AuditAction, log_by_mover
from renrakucho.receipt.evidence import DisavowedByOwner
from renrakucho.receipt.models import Disavowal, ReceiptKind
from renrakucho.receipt.mover_actions import withdraw_notice
from renrakucho.receipt.transitions import may_happen


def disavow(link_text: str) -> Disavowal | None:
    """Stop the book of this link, or of a postcard's code; pressed again, it gives the same answer and changes nothing.
    None: no book is stopped by it, or the address is not that book's any more.
    """
    link, code = cleaned_access_key(link_text), cleaned_postcard_code(link_text)
    if link is None and code is None:
        return None
    report = report_hash(link) if link else postcard_hash(str(code))
    with transaction.atomic():
        source = reported_mailbox(link) if link else Postcard.objects.filter(code_hash=report).first()
        if source is None:
            return Disavowal.objects.filter(report_hash=report).first()
        book = Book.objects.select_for_update(no_key=True).get(id=source.book_id)
        told = Disavowal.objects.filter(report_hash=report).first()
        return told or _stop(book, report, by_postcard=link is None)


def _stop(book: Book, report: str, *, by_postcard: bool) -> Disavowal:
    now, was_proved = timezone.now(), book.mailboxes.filter(proved_at__isnull=False).exists()
    # What was only chosen told nobody anything.
    told = list(book.notices.filter(written_at__isnull=False).exclude(status=Status.WITHDRAWN).order_by("position"))
    Mail.objects.filter(book=book, sent_at=None, leased_until=None).delete()
    book.key_links.all().delete()
    book.mailboxes.update(code_hash="", link_hash=None)
    withdrawn = [notice for notice in told if _withdraw(notice)]
    accepted = [notice for notice in told if notice.status == Status.ACCEPTED]
    row = Disavowal.objects.create(
        report_hash=report,
        reported_at=now,
        was_proved=was_proved or (book.mailbox_proved_at is not None and not is_never_asked(book)),
        notices=len(told),
        withdrawn=len(withdrawn),
        accepted=len(accepted),
    )
    log_by_mover(AuditAction.DISAVOWED, [notice.number for notice in told] or [""])
    if by_postcard and book.mailbox_proved_at and not book.disavowed_at:
        write_postcard_stop_mail(book, to=contact_email(book))  # whoever entered it is somebody else, and is told
    disavow_book(book, now, is_erased=not told and not by_postcard)
    return row


def _withdraw(notice: Notice) -> bool:
    if not may_happen(ReceiptKind.WITHDRAWN, notice.status):
        return False
    withdraw_notice(notice, DisavowedByOwner())
    return True
