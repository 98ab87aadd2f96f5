"""Mailbox proof: a mailed code of six digits, or the link beside it, shows that whoever has a book reads its
mail address.

Until then the book's access key is known to nobody, and nothing leaves for a provider (notice.outgoing_gate). A code
holds for half an hour and five tries; a new one, or another address, ends it. Only keyed hashes are kept.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.identifiers import cleaned_access_key, new_access_key, new_uuid7
from renrakucho.lib.master_keyring import index_hash
from renrakucho.lib.width import ascii_digits
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import ProofTexts, mailbox_of, write_access_key_mail, write_proof_mail
from renrakucho.mover.book import contact_email, handed_out_key
from renrakucho.mover.models import Book, BookMailbox

CODE_MINUTES = 30
MOST_TRIES = 5
CODE_DIGITS = 6
PRESS_AGAIN = timedelta(minutes=1)  # the same code, sent twice by a double press, ends on the same page
_CODE_MAILS = (MailKind.REGISTRATION, MailKind.MAILBOX_CODE)


class WrongMailboxCode(InvalidInput):
    """The code proves nothing. reason: «wrong», «expired» or «tries»; left: how many tries the code still has."""

    def __init__(self, reason: str, left: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.left = left


@dataclass(frozen=True)
class MailboxProof:
    """A book whose mailbox is proved. access_key: empty where its mover has had it for longer than half an hour."""

    book: Book
    access_key: str


def send_code(book: Book) -> None:
    """Mail a new code to the book's address; older ones end. Call it in the transaction that has the book locked."""
    email, code, token = contact_email(book), _new_code(), new_access_key()
    row = mailbox_of(book, email)
    book.mailboxes.update(code_hash="", link_hash=None)
    row.code_hash, row.link_hash = _code_hash(row, code), _link_hash(token)
    row.tries, row.code_until = 0, timezone.now() + timedelta(minutes=CODE_MINUTES)
    row.save(update_fields=["code_hash", "link_hash", "tries", "code_until"])
    # A mail that still waits holds a code that has just ended.
    stale = Mail.objects.filter(book=book, kind__in=_CODE_MAILS, sent_at=None, gave_up_at=None, leased_until=None)
    stale.delete()
    is_first = (
        not Mail.objects.filter(kind=MailKind.REGISTRATION, about=book.id).exists() and not book.mailbox_proved_at
    )
    kind, about = (MailKind.REGISTRATION, book.id) if is_first else (MailKind.MAILBOX_CODE, new_uuid7())
    texts = ProofTexts(code, f"{settings.BASE_URL}/book/confirm#{token}", token, CODE_MINUTES)
    write_proof_mail(book, kind, about=about, to=email, texts=texts)


def resend_code(book: Book) -> None:
    """Mail a new code for the mailbox, unless it is proved by now."""
    with transaction.atomic():
        locked = Book.objects.select_for_update(no_key=True).get(id=book.id)
        if locked.mailbox_proved_at is None:
            send_code(locked)


def has_open_code(book: Book) -> bool:
    """Whether a code was mailed that can still be entered."""
    return _open_codes(book).exists()


def code_mail_kind(book: Book) -> MailKind:
    """The kind of the latest mail with a code, for pages that name it."""
    kinds = Mail.objects.filter(book=book, kind__in=_CODE_MAILS).order_by("id").values_list("kind", flat=True)
    return MailKind(kinds.last() or MailKind.MAILBOX_CODE)


def code_problem(book: Book) -> WrongMailboxCode:
    """Why a code that was entered just now proved nothing."""
    row = book.mailboxes.exclude(code_hash="").first()
    if row is None or row.code_until is None or row.code_until <= timezone.now():
        return WrongMailboxCode("expired")
    return WrongMailboxCode("wrong" if row.tries < MOST_TRIES else "tries", max(0, MOST_TRIES - row.tries))


def prove_by_code(book: Book, typed: str) -> MailboxProof:
    """Prove the mailbox by the mailed code. Raises WrongMailboxCode.

    Each try is counted, and committed, before it is compared: many at one moment get no further than the limit. The
    right code again, within a minute, gives the same answer.
    """
    row = _open_codes(book).first()
    if row is None or not BookMailbox.objects.filter(id=row.id, tries__lt=MOST_TRIES).update(tries=F("tries") + 1):
        raise code_problem(book)
    if not _is_right(row, ascii_digits(typed)):
        raise code_problem(book)
    return _prove(row)


def prove_by_link(token: str) -> MailboxProof | None:
    """Prove the mailbox by the mailed link's text; None where no such link is open."""
    key = cleaned_access_key(token)
    rows = BookMailbox.objects.filter(link_hash=_link_hash(key), code_until__gt=timezone.now()) if key else None
    row = rows.first() if rows is not None else None
    return _prove(row) if row else None


def _prove(row: BookMailbox) -> MailboxProof:
    """Store the proof. With the first one of a book its access key is mailed."""
    with transaction.atomic():
        book = Book.objects.select_for_update(no_key=True).get(id=row.book_id)
        key = handed_out_key(book)
        if book.email_hash != row.email_hash or book.disavowed_at:  # at this moment
            raise WrongMailboxCode("expired")
        if book.mailbox_proved_at is None:
            store_proof(book)
            if key:
                write_access_key_mail(book, to=contact_email(book), access_key=key)
    return MailboxProof(book, key)


def store_proof(book: Book) -> None:
    """Note that the book's present address is proved. Call it in the transaction that has the book locked."""
    book.mailbox_proved_at = now = timezone.now()
    book.save(update_fields=["mailbox_proved_at"])
    row = mailbox_of(book, contact_email(book))
    row.proved_at, row.code_until = now, now + PRESS_AGAIN
    row.save(update_fields=["proved_at", "code_until"])


def _open_codes(book: Book) -> QuerySet[BookMailbox]:
    return book.mailboxes.filter(code_until__gt=timezone.now()).exclude(code_hash="")


def _is_right(row: BookMailbox, code: str) -> bool:
    return compare_digest(row.code_hash, _code_hash(row, code))


def _new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def _code_hash(row: BookMailbox, code: str) -> str:
    return index_hash(f"mailbox-code:{row.id}:{code}")


def _link_hash(token: str) -> str:
    return index_hash(f"mailbox-link:{token}")


def forget_handed_out_keys(now: datetime) -> int:
    """Forget the access keys that their movers were shown and mailed half an hour ago. Returns how many."""
    proved = Book.objects.filter(pending_key__isnull=False, mailbox_proved_at__lt=now - timedelta(minutes=CODE_MINUTES))
    return proved.update(pending_key=None)
