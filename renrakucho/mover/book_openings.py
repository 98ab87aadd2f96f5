"""Openings of a book: when, and with which kind of device, its mover or somebody else has opened it."""

from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from renrakucho.mover.models import Book, BookOpening

_KEPT = 50  # the newest of a book


class DeviceKind(StrEnum):
    """A kind of device, as its browser says. Nothing is kept that tells two of a kind apart."""

    IPHONE = "iphone"
    IPAD = "ipad"
    ANDROID_PHONE = "android_phone"
    ANDROID_TABLET = "android_tablet"
    WINDOWS = "windows"
    MAC = "mac"  # an iPad may call itself so
    CHROMEBOOK = "chromebook"
    LINUX = "linux"
    OTHER = "other"


# In this order: an Android browser names Linux too.
_MARKS = (
    ("iphone", DeviceKind.IPHONE),
    ("ipad", DeviceKind.IPAD),
    ("android", DeviceKind.ANDROID_TABLET),
    ("windows", DeviceKind.WINDOWS),
    ("macintosh", DeviceKind.MAC),
    ("cros", DeviceKind.CHROMEBOOK),
    ("linux", DeviceKind.LINUX),
)


def device_kind(user_agent: str) -> DeviceKind:
    """The kind of device that a browser's User-Agent header says."""
    said = user_agent.lower()
    kind = next((kind for mark, kind in _MARKS if mark in said), DeviceKind.OTHER)
    return DeviceKind.ANDROID_PHONE if kind == DeviceKind.ANDROID_TABLET and "mobile" in said else kind


def record_opening(book: Book, user_agent: str, before: UUID | None) -> BookOpening:
    """Keep that the book was opened now. before: the opening that this browser's last session was made by; where that
    was never closed it goes on.
    """
    going_on = book.openings.filter(id=before, closed_at=None).first() if before else None
    if going_on:
        return going_on
    opening = BookOpening.objects.create(book=book, device=device_kind(user_agent), opened_at=timezone.now())
    old = book.openings.order_by("-opened_at", "-id").values_list("id", flat=True)[_KEPT:]
    book.openings.filter(id__in=list(old)).delete()
    return opening


def openings_of(book: Book) -> list[BookOpening]:
    """The openings, newest first."""
    return list(book.openings.order_by("-opened_at", "-id"))


def close_opening(opening: UUID) -> None:
    """Keep that the book was closed where this opening was made."""
    BookOpening.objects.filter(id=opening, closed_at=None).update(closed_at=timezone.now())


def close_other_openings(book: Book, this: UUID | None) -> None:
    """End every session of the book: its mark is another one from now on. Whoever asks gives its own session the new
    mark. this: the opening that goes on.
    """
    others = book.openings.filter(closed_at=None)
    with transaction.atomic():
        Book.objects.filter(id=book.id).update(sessions_ended=F("sessions_ended") + 1)
        (others.exclude(id=this) if this else others).update(closed_at=timezone.now())
    book.refresh_from_db(fields=["sessions_ended"])
