"""Sending hold: while it stands, notices to a provider, of an address left, or both, wait here for people to look.

A hold marks each notice that waits (`held_at`), and what is entered while it stands; the gate of notice.outgoing_gate
asks the mark. Who holds, releases and refuses is receipt.held_notices.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from renrakucho.lib.database_clock import database_now
from renrakucho.lib.master_keyring import index_hash
from renrakucho.notice.models import Notice, SendingHold, Status
from renrakucho.notice.notice_caps import address_left
from renrakucho.sheet.form import CARRIED

_WAITING = (Status.ENTERED, Status.UNDELIVERED)


def origin_hash(notice: Notice) -> str:
    """Keyed hash of the address that its mover leaves; empty where there is none, as for a move from abroad."""
    address = address_left(notice)
    return index_hash(f"address left:{address}") if address else ""


def hold_if_due(notice: Notice) -> None:
    """Mark a notice that is entered while a hold stands; whoever enters it saves it (FROZEN_FIELDS)."""
    if notice.channel != CARRIED and _holds_of(notice).exists():
        notice.held_at = timezone.now()


def place_hold(provider: str, address: str) -> list[str]:
    """Make the hold, and mark what waits already; what is being sent goes on. Returns the numbers of what it marked."""
    hold, _first = SendingHold.objects.get_or_create(
        provider=provider, origin_hash=address, defaults={"begun_at": timezone.now()}
    )
    waiting = notices_of_hold(hold).filter(held_at=None, status=Status.ENTERED, leased_until=None)
    numbers = list(waiting.values_list("number", flat=True))
    waiting.update(held_at=timezone.now())
    return numbers


def end_hold(hold: SendingHold) -> list[str]:
    """End it, and let go what no other hold keeps. Returns their numbers."""
    kept = notices_of_hold(hold).filter(held_at__isnull=False)
    hold.delete()
    other = SendingHold.objects.filter(
        Q(provider="") | Q(provider=OuterRef("provider")), Q(origin_hash="") | Q(origin_hash=OuterRef("origin_hash"))
    )
    free = kept.filter(~Exists(other))
    numbers = list(free.values_list("number", flat=True))
    let_go(Notice.objects.filter(number__in=numbers))
    return numbers


def let_go(notices: QuerySet[Notice]) -> None:
    """Take the mark off, and send what waits now."""
    notices.filter(status=Status.ENTERED, leased_until=None).update(held_at=None, due_at=database_now())
    notices.exclude(held_at=None).update(held_at=None)


def held_notices(provider: str = "") -> QuerySet[Notice]:
    """The notices that are held and wait, the oldest first. provider: for this one alone."""
    held = Notice.objects.filter(held_at__isnull=False, status=Status.ENTERED).order_by("written_at", "id")
    return held.filter(provider=provider) if provider else held


def notices_of_hold(hold: SendingHold) -> QuerySet[Notice]:
    """The notices that the hold is for, of all that have not reached their provider."""
    rows = Notice.objects.filter(status__in=_WAITING).exclude(channel=CARRIED)
    rows = rows.filter(provider=hold.provider) if hold.provider else rows
    return rows.filter(origin_hash=hold.origin_hash) if hold.origin_hash else rows


def _holds_of(notice: Notice) -> QuerySet[SendingHold]:
    return SendingHold.objects.filter(provider__in=("", notice.provider), origin_hash__in=("", notice.origin_hash))
