"""Helpers for a browser with an opened book."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from django.test import Client

from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import handed_out_key
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice
from renrakucho.receipt.notice_view import notice_view
from tests import cast


def open_book_of(client: Client, chosen: Iterable[str] = cast.ALL, **others: str) -> Book:
    """Register a book and open it in this browser, as its mover would."""
    book = cast.draft(chosen, **others)
    access_key = cast.access_key_of(book)
    assert client.post("/book/login", {"email": cast.EMAIL, "access_key": access_key}).status_code == 302
    book.refresh_from_db()
    return book


def key_of(book: Book) -> dict[str, str]:
    """The field that a change of the book's mail address asks for."""
    return {"access_key": handed_out_key(Book.objects.get(id=book.id))}


def confirmation_fields(client: Client, address: str) -> dict[str, str]:
    """Return the hidden fields of a page that asks for confirmation."""
    page = client.get(address).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(seen|change)" value="([^"]*)">', page))


def confirm(client: Client, address: str) -> Any:
    """Confirm what a page shows that asks for confirmation."""
    return client.post(address, confirmation_fields(client, address))


def mailed_code() -> str:
    """The code in the latest mail that has one."""
    mail = Mail.objects.filter(kind__in=(MailKind.REGISTRATION, MailKind.MAILBOX_CODE)).latest("created_at", "id")
    return str(re.findall(r"確認の番号\n  (\d{6})\n", read_mail(mail)["text"])[0])


def hidden_field(response: Any, name: str) -> str:
    """The value of a page's hidden field."""
    return unescape(re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)">', response.content.decode())[0])


def latest_notice(book: Book, offer: str) -> Notice:
    """Return the book's latest notice for an offer."""
    return Notice.objects.filter(book=book, offer=offer, replaced_by=None).get()


def own_items(notice: Notice) -> dict[str, str]:
    """Return valid answers to the provider's own items."""
    sheet = notice_view(notice).sheet
    assert sheet
    return {
        blank.name: blank.choices[0][0] if blank.choices else "1234567890"
        for blank in sheet.own_items()
        if blank.required
    }


def page_text(response: Any) -> str:
    """Return the text of a page, without tags."""
    return unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
