"""A book's life: begun as a draft, saved page by page, registered once, opened with e-mail and access key."""

import unicodedata
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from renrakucho.lib.access_key import cleaned, new_access_key
from renrakucho.lib.sign import keyed_hash
from renrakucho.mover.entries import Entries
from renrakucho.mover.models import Book
from renrakucho.mover.sealed import fresh_key, open_for, seal_for

DRAFT_DAYS = 7


class NoSuchBook(LookupError):
    """No book opens with this: which part was wrong is deliberately not said."""


def begin(entries: Entries | None = None) -> Book:
    """A new draft."""
    book = Book(created_at=timezone.now())
    fresh_key(book)
    book.entries = seal_for(book, "entries", (entries or Entries()).as_json())
    book.save(force_insert=True)
    return book


def keep_for_another(entries: Entries) -> Book:
    """A book that nobody opens: its mover is another portal's, and has theirs there."""
    now = timezone.now()
    book = Book(created_at=now, registered_at=now)
    fresh_key(book)
    book.entries = seal_for(book, "entries", entries.as_json())
    book.save(force_insert=True)
    return book


def draft(key: str) -> Book:
    """The draft or book with this id. Raises NoSuchBook."""
    try:
        return Book.objects.get(id=UUID(key))
    except (ValueError, Book.DoesNotExist):
        raise NoSuchBook from None


def entries_of(book: Book) -> Entries:
    """What was entered."""
    return Entries.from_json(open_for(book, "entries", book.entries))


def save(book: Book, entries: Entries) -> None:
    """Keep what was entered. A registered book opens with its new e-mail address from then on."""
    changed = ["entries"]
    book.entries = seal_for(book, "entries", entries.as_json())
    if book.registered_at:
        book.email_hash = _email_hash(entries.items["contact.email"])
        changed.append("email_hash")  # a draft's is empty, and must not go over that of a book registered meanwhile
    book.save(update_fields=changed)


def register(book: Book, email: str) -> str:
    """Make the draft a book, and return its access key: 24 characters, known to nobody but the mover after this."""
    access_key = new_access_key()
    book.access_key_hash = _access_key_hash(access_key)
    book.email_hash = _email_hash(email)
    book.registered_at = timezone.now()
    book.save(update_fields=["access_key_hash", "email_hash", "registered_at"])
    return access_key


def open_with(email: str, access_key: str) -> Book:
    """The book that e-mail and access key open together. Raises NoSuchBook."""
    key = cleaned(access_key)
    book = Book.objects.filter(access_key_hash=_access_key_hash(key)).first() if key else None
    if book is None or not compare_digest(book.email_hash, _email_hash(email)):
        raise NoSuchBook
    return book


def forget_drafts(now: datetime) -> int:
    """Delete drafts that were never registered and are older than DRAFT_DAYS. Returns how many."""
    old = Book.objects.filter(registered_at=None, created_at__lt=now - timedelta(days=DRAFT_DAYS))
    return old.delete()[0]


def _access_key_hash(key: str) -> str:
    return keyed_hash(settings.MASTER_KEY, f"access-key:{key}")


def _email_hash(email: str) -> str:
    # An address is compared as people type it: width and case do not matter. The address itself is kept as typed.
    return keyed_hash(settings.MASTER_KEY, f"email:{unicodedata.normalize('NFKC', email).strip().lower()}")
