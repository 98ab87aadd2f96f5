"""The mover's book: drafts, registration, opening it by access key, and sealing what belongs to it.

Envelope encryption: each book has a key of its own, wrapped by the key of a week and by the master key, which are not
in the database (lib.period_keyring). A sealed text is bound to its book and to what it is (`what`): moved to another
row, it does not open.
"""

import unicodedata
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from uuid import UUID

from django.utils import timezone

from renrakucho.fact.helper import Helper
from renrakucho.lib.errors import NotFound
from renrakucho.lib.identifiers import cleaned_access_key, new_access_key
from renrakucho.lib.master_keyring import index_hash
from renrakucho.lib.period_keyring import period_key, sealing_period, unwrap_for_period, wrap_for_period
from renrakucho.lib.retention_policy import KeptData, retention_days
from renrakucho.lib.sealing import keyed_hash, new_data_key, open_json, seal_json
from renrakucho.mover.entries import MoveEntries
from renrakucho.mover.models import Book


def create_book_key(book: Book) -> None:
    """Give a new book a key of its own."""
    book.key_period = sealing_period()
    book.wrapped_key = wrap_for_period(new_data_key(), book.key_period, book.id.bytes)


def seal_for_book(book: Book, what: str, value: Any) -> bytes:
    """Seal a JSON value for a book."""
    return seal_json(value, key=_key(book), aad=book.id.bytes + what.encode())


def open_for_book(book: Book, what: str, sealed: bytes | memoryview) -> Any:
    """The JSON value that was sealed. Raises SealBroken where the text is not this book's."""
    return open_json(bytes(sealed), key=_key(book), aad=book.id.bytes + what.encode())


def hash_for_book(book: Book, what: str, text: str) -> str:
    """A hash of the text under the book's own key: it is compared within this book alone, and with nothing once the
    key is destroyed. Raises SealBroken.
    """
    return keyed_hash(_key(book).hex(), f"{book.id}:{what}:{text}")


def _key(book: Book) -> bytes:
    """The book's key, opened once for each loaded row: a page opens thirty texts of one book. A row in memory opens no
    longer than the key of its week is there. Raises SealBroken.
    """
    of_week = None if book.key_period is None else period_key(book.key_period)
    wrapped = (bytes(book.wrapped_key), of_week, book.id)
    if book.opened_key is None or book.opened_key[0] != wrapped:
        book.opened_key = wrapped, unwrap_for_period(wrapped[0], book.key_period, book.id.bytes)
    return book.opened_key[1]


class NoSuchBook(NotFound):
    """No book opens with this. Which part was wrong is deliberately not told."""


def begin_draft(entries: MoveEntries | None = None, *, mailbox_proved: bool = False) -> Book:
    """Create a draft. mailbox_proved: there is nothing to prove, as for a made-up mover."""
    now = timezone.now()
    book = Book(created_at=now, mailbox_proved_at=now if mailbox_proved else None)
    create_book_key(book)
    book.entries = seal_for_book(book, "entries", (entries or MoveEntries()).as_json())
    book.save(force_insert=True)
    return book


def begin_peer_book(entries: MoveEntries) -> Book:
    """Create the book of a peer portal's mover, who has their own book there: nobody opens this one. That portal has
    proved the mailbox; this one knows none.
    """
    now = timezone.now()
    book = Book(created_at=now, registered_at=now, mailbox_proved_at=now)
    create_book_key(book)
    book.entries = seal_for_book(book, "entries", entries.as_json())
    book.save(force_insert=True)
    return book


def draft_by_id(key: str) -> Book:
    """The draft or book with this id. Raises NoSuchBook."""
    try:
        return Book.objects.get(id=UUID(key), erasure_requested_at=None)
    except (ValueError, Book.DoesNotExist):
        raise NoSuchBook from None


def entries_of(book: Book) -> MoveEntries:
    """The entries, opened once for each loaded row."""
    _key(book)  # a row whose key was destroyed meanwhile opens no more
    if book.opened_entries is None or book.opened_entries[0] is not book.entries:
        book.opened_entries = book.entries, MoveEntries.from_json(open_for_book(book, "entries", book.entries))
    return book.opened_entries[1]


def contact_email(book: Book) -> str:
    """The mover's mail address as entered, without opening anything else of the entries."""
    return str(open_for_book(book, "entries", book.entries)["items"]["contact.email"])


def is_confidential(book: Book) -> bool:
    """Whether its mover must not be found by somebody, without opening anything else of the entries."""
    return bool(open_for_book(book, "entries", book.entries).get("confidential"))


def helper_of(book: Book) -> Helper | None:
    """Who entered the move for its mover, without opening anything else of the entries; None: the mover did."""
    source = open_for_book(book, "entries", book.entries).get("helper")
    return Helper.from_json(source) if source else None


def mail_language_of(book: Book) -> str:
    """The language of the book's mails beside Japanese; "": Japanese alone."""
    language: str = open_for_book(book, "entries", book.entries).get("language", "")
    return language


def save_entries(book: Book, entries: MoveEntries) -> None:
    """Store what was entered. A registered book opens with its new e-mail address from then on."""
    changed = ["entries"]
    book.entries = seal_for_book(book, "entries", entries.as_json())
    if book.registered_at:
        book.email_hash = email_hash(entries.items["contact.email"])
        # A draft's is empty, and must not go over that of a book registered meanwhile.
        book.erase_at = None  # another day of the move
        changed += ["email_hash", "erase_at"]
    book.save(update_fields=changed)


def register_draft(book: Book, email: str) -> str:
    """Make the draft a book, and return its access key: 24 characters. It waits, sealed, until the mailbox is proved,
    and is told to nobody before.
    """
    access_key = new_access_key()
    book.access_key_hash = _access_key_hash(access_key)
    book.pending_key = seal_for_book(book, "access_key", access_key)
    book.email_hash = email_hash(email)
    book.registered_at = timezone.now()
    book.save(update_fields=["access_key_hash", "pending_key", "email_hash", "registered_at"])
    return access_key


def handed_out_key(book: Book) -> str:
    """The access key of a book whose mailbox has just been proved; empty where its mover has had it for a while."""
    return str(open_for_book(book, "access_key", book.pending_key)) if book.pending_key else ""


def open_with_access_key(email: str, access_key: str) -> Book:
    """The book that e-mail and access key open together. Raises NoSuchBook."""
    key = cleaned_access_key(access_key)
    book = Book.objects.filter(access_key_hash=_access_key_hash(key)).first() if key else None
    if book is None or not compare_digest(book.email_hash, email_hash(email)):
        raise NoSuchBook
    return book


def is_access_key(book: Book, typed: str) -> bool:
    """Whether the text is the book's own access key."""
    key = cleaned_access_key(typed)
    return bool(key) and compare_digest(book.access_key_hash or "", _access_key_hash(str(key)))


def draft_until(book: Book) -> datetime:
    """When the draft is deleted if it is not registered before."""
    return book.created_at + timedelta(days=retention_days(KeptData.DRAFT))


def renew_access_key(book: Book) -> str:
    """Give the book another access key, and return it; the old one, and what was opened with it, ends. The sealed
    content stays as it is: its key is wrapped by the installation's, and never by the mover's.
    """
    access_key = new_access_key()
    book.access_key_hash, book.pending_key = _access_key_hash(access_key), None
    book.save(update_fields=["access_key_hash", "pending_key"])
    return access_key


def disavow_book(book: Book, now: datetime, *, is_erased: bool = False) -> None:
    """Close the book for good: no access key opens it, what was opened with one ends, no mailbox of it is proved.
    is_erased: the worker erases it in its next round.
    """
    renew_access_key(book)  # one that nobody is told
    book.mailbox_proved_at, book.disavowed_at = None, now
    book.erasure_requested_at = now if is_erased else book.erasure_requested_at
    book.save(update_fields=["mailbox_proved_at", "disavowed_at", "erasure_requested_at"])


def key_mark(book: Book) -> str:
    """Changes with the book's access key, and when its openings are closed: a session with another mark ends."""
    return (book.access_key_hash or "")[:16] + (f" {book.sessions_ended}" if book.sessions_ended else "")


def _access_key_hash(key: str) -> str:
    return index_hash(f"access-key:{key}")


def normalized_email(email: str) -> str:
    """The mail address without width and case, as two are compared. The address itself is stored as typed."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def email_hash(email: str) -> str:
    return index_hash(f"email:{normalized_email(email)}")
