"""Sealing what belongs to a book, under the book's own key.

The key is wrapped by the installation's master key, which is not in the database. A sealed text is bound to its book
and to what it is (`what`), so that a row's text moved to another row does not open.
"""

from typing import Any

from renrakucho.lib.master import master_key
from renrakucho.lib.seal import new_data_key, open_json, seal_json, unwrap, wrap
from renrakucho.mover.models import Book


def fresh_key(book: Book) -> None:
    """Give a new book its key."""
    book.wrapped_key = wrap(new_data_key(), master=master_key(), aad=book.id.bytes)


def seal_for(book: Book, what: str, value: Any) -> bytes:
    """Seal a JSON value for a book."""
    return seal_json(value, key=_key(book), aad=book.id.bytes + what.encode())


def open_for(book: Book, what: str, sealed: bytes | memoryview) -> Any:
    """The JSON value again. Raises lib.seal.Tampered where the text is not this book's."""
    return open_json(bytes(sealed), key=_key(book), aad=book.id.bytes + what.encode())


def _key(book: Book) -> bytes:
    return unwrap(bytes(book.wrapped_key), master=master_key(), aad=book.id.bytes)
