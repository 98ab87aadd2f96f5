"""Report links: every mail to a mover holds a link by which whoever did not ask for it stops all that was entered.

The text of the link is the same in each mail of one book to one address, so that the oldest mail still works, and is
not stored: it is derived from the installation's index key.
"""

from renrakucho.lib.identifiers import ALPHABET, LENGTH, cleaned_access_key
from renrakucho.lib.master_keyring import index_hash
from renrakucho.mover.book import email_hash
from renrakucho.mover.models import Book, BookMailbox


def mailbox_of(book: Book, email: str) -> BookMailbox:
    """The row of this address of the book."""
    return _row(book, email_hash(email))


def report_token(book: Book, email: str) -> str:
    """The text of the link in mails to this address: 24 characters, as an access key has."""
    hashed = email_hash(email)
    token = _token(book, hashed)
    _row(book, hashed)
    return token


def reported_mailbox(typed: str) -> BookMailbox | None:
    """The mailbox whose owner has this link. None: there is none, or the address is not the book's and never was proved
    for it, so that nothing was told in its owner's name.
    """
    token = cleaned_access_key(typed)
    row = BookMailbox.objects.select_related("book").filter(report_hash=report_hash(token)).first() if token else None
    return row if row and (row.proved_at or row.email_hash == row.book.email_hash) else None


def report_hash(token: str) -> str:
    """The keyed hash under which a link is found."""
    return index_hash(f"report-link:{token}")


def _row(book: Book, hashed: str) -> BookMailbox:
    defaults = {"report_hash": report_hash(_token(book, hashed))}
    return BookMailbox.objects.get_or_create(book=book, email_hash=hashed, defaults=defaults)[0]


def _token(book: Book, hashed: str) -> str:
    number = int(index_hash(f"report:{book.id}:{hashed}"), 16)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))
