"""Login of a registered book: what happens when its mail address changes, or when its access key is lost.

Each act writes its mails in its own transaction.
"""

import logging
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from renrakucho.lib.database_clock import database_now
from renrakucho.lib.errors import NotFound
from renrakucho.lib.lease import claim_due_rows, release_lease, this_process
from renrakucho.lib.master_keyring import index_hash
from renrakucho.mail.mailbox_proof import send_code, store_proof
from renrakucho.mail.mover_mail import mailbox_of, write_email_changed_mails, write_key_link_mail, write_new_key_mail
from renrakucho.mover.book import contact_email, email_hash, entries_of, renew_access_key, save_entries
from renrakucho.mover.entries import MoveEntries
from renrakucho.mover.models import Book, KeyLink, KeyRequest

log = logging.getLogger(__name__)

LINK_HOURS = 2
_BATCH = 20
_LEASE_SECONDS = 60
_AGAIN, _MOST_ATTEMPTS = timedelta(minutes=10), 144  # a day
_TOKEN_BYTES = 20


class NoSuchKeyLink(NotFound):
    """There is no such link, or it was used, or has expired."""


def save_book_entries(book: Book, entries: MoveEntries) -> bool:
    """Store what was entered. Returns whether the login of a registered book has changed with it: then links that were
    mailed to the old address end, and the new one has to be proved by a code that is mailed to it, unless it was proved
    before. Where the old one was proved, both are told.
    """
    with transaction.atomic():
        before = Book.objects.select_for_update(no_key=True).get(id=book.id)
        old = entries_of(before).items.get("contact.email", "") if before.registered_at else ""
        save_entries(book, entries)
        new = entries.items.get("contact.email", "")
        if not old or email_hash(old) == email_hash(new):
            return False
        before.key_links.all().delete()
        if before.mailbox_proved_at:
            write_email_changed_mails(book, old=old, new=new)
        book.mailbox_proved_at = mailbox_of(book, new).proved_at
        book.save(update_fields=["mailbox_proved_at"])
        if book.mailbox_proved_at is None:
            send_code(book)
        return True


def request_key_link(email: str) -> None:
    """Have a link to a new access key mailed to this address, if it is the address of a book."""
    now = database_now()
    KeyRequest.objects.create(email_hash=email_hash(email), requested_at=now, due_at=now)


def mail_key_links(now: datetime | None = None) -> int:
    """Mail a link for each book whose address was asked for. Returns how many requests were answered."""
    now, owner = now or database_now(), this_process()
    requests = claim_due_rows(KeyRequest.objects.all(), owner, now=now, seconds=_LEASE_SECONDS, limit=_BATCH)
    return sum(_answer_or_postpone(request, owner, now) for request in requests)


def _answer_or_postpone(request: KeyRequest, owner: str, now: datetime) -> bool:
    """Answer one request. One that fails, as where the book does not open under this master key, keeps nobody else from
    a link: it is tried again, for a day.
    """
    try:
        return _answer(request, now)
    except Exception as error:
        log.error("key request %s: %s", request.id, type(error).__name__)
        if request.attempts < _MOST_ATTEMPTS:
            release_lease(request, owner, due_at=now + _AGAIN)
        else:
            request.delete()
        return False


def _answer(request: KeyRequest, now: datetime) -> bool:
    with transaction.atomic():
        taken, _ = KeyRequest.objects.filter(id=request.id).delete()
        if not taken:  # by another worker
            return False
        for book in Book.objects.filter(
            email_hash=request.email_hash, registered_at__isnull=False, disavowed_at=None
        ).order_by("id"):
            token = secrets.token_urlsafe(_TOKEN_BYTES)
            valid_until = now + timedelta(hours=LINK_HOURS)
            link = KeyLink.objects.create(book=book, token_hash=_hash(token), valid_until=valid_until)
            write_key_link_mail(
                book,
                about=link.id,
                to=contact_email(book),
                link=f"{settings.BASE_URL}/book/new-key/{token}",
                hours=LINK_HOURS,
            )
    return True


def book_of_link(token: str) -> Book:
    """The book whose key the link renews. Raises NoSuchKeyLink."""
    return _open_link(token).book


def use_key_link(token: str) -> tuple[Book, str]:
    """Renew the access key of the link's book, once: the book, and its new key, which is mailed too. All links of the
    book end. Whoever has the link reads the mailbox, which is proved by that. Raises NoSuchKeyLink.
    """
    with transaction.atomic():
        link = _open_link(token)
        if not KeyLink.objects.filter(id=link.id).delete()[0]:  # used at the same moment
            raise NoSuchKeyLink
        book = Book.objects.select_for_update(no_key=True).get(id=link.book_id)
        book.key_links.all().delete()
        access_key = renew_access_key(book)
        store_proof(book)
        write_new_key_mail(book, about=link.id, to=contact_email(book), access_key=access_key)
    return book, access_key


def delete_old_links(now: datetime) -> int:
    """Delete the links that have expired. Returns how many."""
    return KeyLink.objects.filter(valid_until__lt=now).delete()[0]


def _open_link(token: str) -> KeyLink:
    link = (
        KeyLink.objects.select_related("book").filter(token_hash=_hash(token), valid_until__gt=timezone.now()).first()
    )
    if link is None:
        raise NoSuchKeyLink
    return link


def _hash(token: str) -> str:
    return index_hash(f"key-link:{token}")
