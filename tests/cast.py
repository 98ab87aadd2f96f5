"""The cast: a household that moves from 千代田区 to 昭島市, and what it has entered."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from renrakucho.mail.mailbox_proof import store_proof
from renrakucho.mover.book import begin_draft, handed_out_key
from renrakucho.mover.entries import MoveEntries, MovePlace
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice
from renrakucho.notice.registration import register_book

CHIYODA = MovePlace("1020084", "13101", "東京都", "千代田区", "二番町")
AKISHIMA = MovePlace("1960015", "13207", "東京都", "昭島市", "昭和町")
EMAIL = "taro@example.jp"

ALL = (
    "electricity:stop:tepco-ep",
    "electricity:start:tepco-ep",
    "gas:stop:tokyo-gas",
    "gas:start:tokyo-gas",
    "water:stop:tokyo-waterworks",
    "water:start:akishima-water",
    "broadcasting:change:nhk",
)


def items(**others: str) -> dict[str, str]:
    """The common items; names with double underscores stand for dots (person__family_name)."""
    today = timezone.localdate()
    typed = {
        "person.family_name": "髙﨑",
        "person.given_name": "太郎",
        "person.family_kana": "タカサキ",
        "person.given_kana": "タロウ",
        "holder.same": "yes",
        "contact.phone": "03-3515-6989",
        "contact.email": EMAIL,
        "origin.block": "5-6",
        "origin.building": "あいおい二番町ビル",
        "origin.room": "A-301",
        "destination.block": "1-2-3",
        "destination.building": "",
        "destination.room": "",
        "move.leave_on": (today + timedelta(days=10)).isoformat(),
        "move.arrive_on": (today + timedelta(days=9)).isoformat(),
        "payment.final": "account",
        "billing.to": "destination",
    }
    return typed | {name.replace("__", "."): text for name, text in others.items()}


def entries(chosen: Iterable[str] = ALL, **others: str) -> MoveEntries:
    """Everything entered, for these offers; `others` are common items that differ."""
    return MoveEntries(
        wishes={
            "electricity": ("leaving", "arriving"),
            "gas": ("leaving", "arriving"),
            "water": ("leaving", "arriving"),
            "broadcasting": ("leaving", "arriving"),
        },
        origin=CHIYODA,
        destination=AKISHIMA,
        chosen=tuple(chosen),
        items=items(**others),
    )


def draft(chosen: Iterable[str] = ALL, **others: str) -> Book:
    """A book that is not registered yet."""
    return begin_draft(entries(chosen, **others))


def book(chosen: Iterable[str] = ALL, **others: str) -> Book:
    """A registered book."""
    return registered(entries(chosen, **others))


def registered(entered: MoveEntries) -> Book:
    """The registered book of these entries."""
    made = begin_draft(entered)
    access_key_of(made)
    return made


def access_key_of(draft: Book) -> str:
    """Register the draft, prove its mailbox as the mailed code would, and return its access key. The mail with the key
    is left out.
    """
    register_book(draft)
    draft.refresh_from_db()
    store_proof(draft)
    return handed_out_key(draft)


def unprove(book: Book) -> None:
    """Take the proof of the book's mailbox away, as where its address has changed."""
    Book.objects.filter(id=book.id).update(mailbox_proved_at=None)


def notice(offer: str, **others: str) -> Notice:
    """The one notice of a book made for it."""
    found: Notice = book([offer], **others).notices.get()
    return found


def leaving_akishima(chosen: Iterable[str], **others: str) -> MoveEntries:
    """The same household moving the other way: the water of 昭島市 is stopped, at the desk."""
    return replace(entries(chosen, **others), origin=AKISHIMA, destination=CHIYODA)
