"""A browser with an opened book."""

import re
from collections.abc import Iterable
from html import unescape

from django.http import HttpResponse
from django.test import Client

from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice
from renrakucho.notice.registration import register_book
from renrakucho.receipt.notice_view import notice_view
from tests import cast


def opened(client: Client, chosen: Iterable[str] = cast.ALL, **others: str) -> Book:
    """Register a book and open it in this browser, as its mover would."""
    book = cast.draft(chosen, **others)
    access_key = register_book(book)
    assert client.post("/book/login", {"email": cast.EMAIL, "access_key": access_key}).status_code == 302
    book.refresh_from_db()
    return book


def read(client: Client, address: str) -> dict[str, str]:
    """What the form of a page that asks for confirmation carries."""
    page = client.get(address).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(seen|change)" value="([^"]*)">', page))


def confirm(client: Client, address: str) -> HttpResponse:
    """Read a page that asks for confirmation, and confirm what it shows."""
    response: HttpResponse = client.post(address, read(client, address))
    return response


def the(book: Book, offer: str) -> Notice:
    """The book's latest notice for an offer."""
    return Notice.objects.filter(book=book, offer=offer, replaced_by=None).get()


def own_items(notice: Notice) -> dict[str, str]:
    """Right answers to what the provider alone asks."""
    sheet = notice_view(notice).sheet
    assert sheet
    return {
        blank.name: blank.choices[0][0] if blank.choices else "1234567890"
        for blank in sheet.own_items()
        if blank.required
    }


def words(response: object) -> str:
    """The page as it is read, without its marks."""
    return unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))  # type: ignore[attr-defined]
