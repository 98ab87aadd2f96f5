"""Postcards to addresses that are left: whoever lives there hears that a move was entered, and can stop it.

An installation's option (settings.POSTCARD_SENDER). A card is queued in the transaction that registers its book, and
again where a later notice tells another old address: an impostor who corrects the address afterwards gains nothing. It
is frozen then. A confidential book has none. receipt.postcard_batch makes the batches that the bureau prints.
"""

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from renrakucho.lib.identifiers import cleaned_readable_code, new_readable_code, new_uuid7
from renrakucho.lib.master_keyring import index_hash
from renrakucho.mover.book import entries_of, is_confidential, open_for_book, seal_for_book
from renrakucho.mover.entries import MoveEntries
from renrakucho.mover.facts import facts_of
from renrakucho.mover.models import Book
from renrakucho.paper.postcard_paper import PostcardText
from renrakucho.provider.staff import Staff

CODE_LENGTH = 12  # 59 bits, for one book, behind a limit on tries


class PostcardBatch(models.Model):
    """Postcards that were printed together (receipt.postcard_batch). cards: how many it had when it was made;
    unprintable: how many stayed behind, since a character of theirs has no glyph.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    cards = models.PositiveIntegerField()
    unprintable = models.PositiveIntegerField(default=0)


class Postcard(models.Model):
    """One card to one address that a book leaves. It waits until it is in a batch.

    place_hash: keyed, of book and address, so that each address of a book gets one. code_hash: keyed, of the code by
    which whoever has the card stops the book. content (sealed with the book's key): whom it is for and the code; None
    once its batch is past its time. The row stays with its book.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="postcards")
    batch = models.ForeignKey(PostcardBatch, on_delete=models.SET_NULL, null=True, related_name="postcards")
    place_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64, unique=True)
    content = models.BinaryField(null=True)
    queued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "place_hash"], name="postcard_once_an_address")]
        indexes = [
            models.Index(
                fields=["id"],
                name="postcard_waiting",
                condition=models.Q(batch__isnull=True, content__isnull=False),
            ),
        ]


def queue_postcard(book: Book) -> None:
    """Queue a card to the address that the book leaves, unless it has one, or may have none."""
    if not settings.POSTCARD_SENDER:
        return
    entries = entries_of(book)
    if entries.confidential or not entries.origin.municipality_code:
        return
    card = _card_of(entries, new_readable_code(CODE_LENGTH))
    place = index_hash(f"postcard place:{book.id}:{card.postal_code}:{card.address}")
    if Postcard.objects.filter(book=book, place_hash=place).exists():
        return
    row = Postcard(book=book, place_hash=place, code_hash=postcard_hash(card.code), queued_at=timezone.now())
    row.content = seal_for_book(book, f"postcard:{row.id}", card.as_json())
    Postcard.objects.bulk_create([row], ignore_conflicts=True)  # two notices of one book may be entered at once


def read_postcard(row: Postcard) -> PostcardText:
    """The card's sealed content."""
    return PostcardText(**open_for_book(row.book, f"postcard:{row.id}", row.content or b""))


def sendable_postcards() -> QuerySet[Postcard]:
    """The rows, with their books, that may be printed: something may leave for a provider, and nobody has stopped it.
    Whether a book is confidential by now is sealed: ask `is_sendable` too.
    """
    rows = Postcard.objects.filter(content__isnull=False, book__mailbox_proved_at__isnull=False)
    return rows.filter(book__disavowed_at=None, book__erasure_requested_at=None).select_related("book").order_by("id")


def is_sendable(row: Postcard) -> bool:
    """Whether the book's mover still lets a card go to the old address."""
    return not is_confidential(row.book)


def cleaned_postcard_code(typed: str) -> str | None:
    """The code in what was typed from a card, or None."""
    return cleaned_readable_code(typed, CODE_LENGTH)


def postcard_hash(code: str) -> str:
    """The keyed hash under which the card of a code is found."""
    return index_hash(f"postcard:{code}")


def _card_of(entries: MoveEntries, code: str) -> PostcardText:
    facts = facts_of(entries)
    place = {part: facts[f"origin.{part}"] for part in ("prefecture", "municipality", "town", "block")}
    house = "　".join(filter(None, (facts["origin.building"], facts["origin.room"])))
    return PostcardText(
        postal_code=facts["origin.postal_code"],
        address="".join(place.values()),
        building=house,
        name="　".join(filter(None, (facts["person.family_name"], facts["person.given_name"]))),
        code=code,
    )
