"""Sudden rises: one provider that gets far more notices than it usually does, or one address left by several books.

The rule (docs/security.md): at a provider, the last 24 hours against the days of the 28 before; at an address, the
books of the last 7 days. A rise stops nothing by itself: people look, and hold what waits (notice.sending_hold). An
address is compared by a keyed hash, and named to nobody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils import timezone

from renrakucho.notice.models import NO_TRIAL, Notice
from renrakucho.sheet.form import CARRIED

DAYS_BEFORE, DAYS_OF_ADDRESS = 28, 7
_NAMED = 12  # numbers of notices at one address


@dataclass(frozen=True)
class SuddenRise:
    """A rise at a provider, or for an address left (`origin_hash`). count: notices of a day, or books of a week; usual:
    the provider's notices a day before; numbers: some notices of the address, the newest first.
    """

    provider: str
    origin_hash: str
    count: int
    usual: float = 0.0
    numbers: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Names the rise in a form: whom a hold would be for."""
        return f"{self.provider}|{self.origin_hash}"


def rises_everywhere() -> list[SuddenRise]:
    """Every rise there is now, the largest first: providers, then addresses."""
    now = timezone.now()
    last_day = _told(now - timedelta(days=1)).values("provider").annotate(count=Count("id"))
    many = last_day.filter(count__gte=settings.RISE_FLOOR).values_list("provider", "count")
    at_providers = sorted(_provider_rises(now, dict(many)), key=lambda each: -each.count)
    return at_providers + _address_rises(_told(now - timedelta(days=DAYS_OF_ADDRESS)), "")


def rises_at(provider: str) -> list[SuddenRise]:
    """The rises that this provider's desk can see: its own notices alone are counted."""
    now = timezone.now()
    count = _told(now - timedelta(days=1)).filter(provider=provider).count()
    many = {provider: count} if count >= settings.RISE_FLOOR else {}
    told = _told(now - timedelta(days=DAYS_OF_ADDRESS)).filter(provider=provider)
    return _provider_rises(now, many) + _address_rises(told, provider)


def _told(since: datetime) -> QuerySet[Notice]:
    """The notices that this portal was asked to send since then. A look reads a day or a week of it, and four weeks
    only of a provider that got many today.
    """
    return Notice.objects.filter(NO_TRIAL, written_at__gte=since).exclude(channel=CARRIED).order_by()


def _provider_rises(now: datetime, last_day: dict[str, int]) -> list[SuddenRise]:
    """Of these counts of the last day, those that are far above the mean day of the days before."""
    found = []
    for provider, count in last_day.items():
        total = _told(now - timedelta(days=DAYS_BEFORE + 1)).filter(provider=provider).count()
        usual = (total - count) / DAYS_BEFORE
        if count > settings.RISE_FACTOR * usual:
            found.append(SuddenRise(provider, "", count, usual))
    return found


def _address_rises(told: QuerySet[Notice], provider: str) -> list[SuddenRise]:
    # A peer portal's mover has a book here for each notice: they are counted there.
    recent = told.filter(origin=None).exclude(origin_hash="")
    rows = recent.values("origin_hash").annotate(books=Count("book", distinct=True))
    found = [(row["origin_hash"], row["books"]) for row in rows.filter(books__gte=settings.RISE_BOOKS)]
    return [
        SuddenRise(provider, address, books, numbers=_numbers(recent.filter(origin_hash=address)))
        for address, books in sorted(found, key=lambda each: -each[1])
    ]


def _numbers(notices: QuerySet[Notice]) -> tuple[str, ...]:
    return tuple(notices.order_by("-written_at").values_list("number", flat=True)[:_NAMED])
