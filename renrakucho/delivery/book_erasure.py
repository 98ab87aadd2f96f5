"""Erasure of a book: at once where nobody has to be told any more, else as soon as its withdrawals were told.

With the row goes its key, so that nothing that was sealed with it opens again (crypto-shredding). Of each notice that
was asked of somebody a row stays without anything of its mover (ErasedNotice), for figures and providers' questions.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Min, Q

from renrakucho.delivery.models import ErasedNotice
from renrakucho.lib.database_clock import database_now
from renrakucho.lib.private_files import empty_write_ahead_log
from renrakucho.mail.mover_mail import write_erasure_mail
from renrakucho.mover.book import begin_draft, contact_email
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice, Status
from renrakucho.provider.append_only import retention_pass
from renrakucho.receipt.models import Receipt
from renrakucho.receipt.mover_actions import withdraw_notice
from renrakucho.receipt.transitions import InvalidTransition

LONGEST_WAIT = timedelta(days=3)  # for withdrawals and the last mail; then the book goes all the same


class ErasureEffect(StrEnum):
    """The effect that erasing its book has on a notice."""

    NOT_SENT = "not_sent"  # nobody has it, and nobody gets it
    WITHDRAWN = "withdrawn"  # its provider is told that it is withdrawn
    PROVIDER_KEEPS = "provider_keeps"  # what was told cannot be taken back from here
    ENDED = "ended"  # came back or was withdrawn before


EFFECTS = {
    Status.NOT_ENTERED: ErasureEffect.NOT_SENT,
    Status.ENTERED: ErasureEffect.WITHDRAWN,
    Status.HANDED_OVER: ErasureEffect.PROVIDER_KEEPS,
    Status.SENT: ErasureEffect.WITHDRAWN,
    Status.ACCEPTED: ErasureEffect.PROVIDER_KEEPS,
    Status.RETURNED: ErasureEffect.ENDED,
    Status.UNDELIVERED: ErasureEffect.ENDED,
    Status.WITHDRAWN: ErasureEffect.ENDED,
}


def request_erasure(book: Book) -> bool:
    """Erase the book at its mover's wish: nobody opens it any more, and what waits for an answer is withdrawn.

    Returns whether it is gone; if not, the worker erases it once its withdrawals were told. A mail without content
    confirms it. Safe to repeat.
    """
    with transaction.atomic():
        book = Book.objects.select_for_update(no_key=True).get(id=book.id)
        if book.erasure_requested_at is None:
            _close(book)
    return erase_when_settled(book, database_now())


def _close(book: Book) -> None:
    for notice in book.notices.all():
        if EFFECTS[Status(notice.status)] == ErasureEffect.WITHDRAWN:
            try:
                withdraw_notice(notice)
            except InvalidTransition:
                continue  # accepted at this moment
    book.refresh_from_db()  # a withdrawal changes the entries
    now = database_now()
    book.access_key_hash, book.email_hash, book.erasure_requested_at = None, "", now
    book.save(update_fields=["access_key_hash", "email_hash", "erasure_requested_at"])
    book.key_links.all().delete()
    book.mails.filter(sent_at=None, leased_until=None).delete()
    # The mail stands in a book of its own, which has nothing else: it outlives the one that is erased by minutes.
    mail_book = begin_draft()
    Book.objects.filter(id=mail_book.id).update(erasure_requested_at=now)
    write_erasure_mail(mail_book, to=contact_email(book))


def erase_requested_books(now: datetime | None = None) -> int:
    """Erase books whose movers wished it, and whose withdrawals and mails are out. Returns how many."""
    now = now or database_now()
    waiting = Book.objects.exclude(erasure_requested_at=None).order_by("erasure_requested_at")[:100]
    return sum(erase_when_settled(book, now) for book in waiting)


def erase_when_settled(book: Book, now: datetime) -> bool:
    """Erase a book whose erasure was requested, unless something of it has yet to be told. Returns whether it went."""
    requested_at = book.erasure_requested_at or now
    pending = Q(due_at__isnull=False) | Q(leased_until__isnull=False)
    is_settled = not (
        book.notices.filter(pending).exists()
        or book.mails.filter(sent_at=None, gave_up_at=None).exists()
    )  # fmt: skip
    if not (is_settled or now - requested_at > LONGEST_WAIT):
        return False
    erase_book(book, now)
    empty_write_ahead_log()
    return True


def erase_book(book: Book, now: datetime) -> None:
    """Delete the book with all that hangs on it, and keep of its notices what is nobody's. Safe to repeat."""
    with retention_pass():  # receipts are append-only, but for this
        notices = list(book.notices.annotate(tried_at=Min("attempts_made__started_at")))
        rows = [_without_content(notice, now) for notice in notices]
        ErasedNotice.objects.bulk_create((row for row in rows if row.receipts), ignore_conflicts=True)
        # A notice names the one that it replaces: the newest first.
        for notice in sorted(notices, key=lambda each: each.id, reverse=True):
            notice.delete()
        Book.objects.filter(id=book.id).delete()


def _without_content(notice: Notice, now: datetime) -> ErasedNotice:
    told = Receipt.objects.filter(notice=notice).order_by("recorded_at", "id")
    return ErasedNotice(
        id=notice.id,
        number=notice.number,
        provider=notice.provider,
        industry=notice.industry,
        procedure=notice.procedure,
        channel=notice.channel,
        status=notice.status,
        receipts=[[kind, by, at.isoformat()] for kind, by, at in told.values_list("kind", "by", "recorded_at")],
        tried_at=notice.tried_at,  # type: ignore[attr-defined]
        erased_at=now,
    )
