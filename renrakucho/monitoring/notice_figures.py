"""Figures of notices and mails beyond the outbox: handed over and never back, not answered, given up, not fetched.

Each is one statement, carried by an index, and no book is opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.lib.database_clock import database_now
from renrakucho.mail.models import Mail
from renrakucho.notice.connected_providers import local_connections
from renrakucho.notice.models import Notice, Status
from renrakucho.provider.staff_mail import StaffMail
from renrakucho.receipt.models import Receipt, ReceiptKind

_DAY = timedelta(days=1)
UNANSWERED_DAYS = (3, 7, 14)  # ends of the age buckets, the last one open


@dataclass(frozen=True)
class UnansweredFigures:
    """A provider's notices that arrived and have no answer, by age: younger than 3, 7, 14 days, and older."""

    provider: str
    by_age: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.by_age)


@dataclass(frozen=True)
class MailFigures:
    """Mails of one outbox. due: to be sent now; retried: of those that wait, how many failed before; given_up: in the
    last day. last_sent_at: None where none was ever sent.
    """

    outbox: str
    due: int
    retried: int
    oldest_due: timedelta | None
    given_up: int
    last_sent_at: datetime | None


@dataclass(frozen=True)
class WaitingFiles:
    """A provider's nightly files that still lie in its folder. oldest: age of the oldest; readable: whether the folder
    could be listed.
    """

    provider: str
    count: int
    oldest: timedelta | None
    readable: bool = True


def handed_over_long_ago(now: datetime | None = None) -> Mapping[str, int]:
    """How many notices are 引継中, by provider, whose mover went to the provider's site more than a day ago."""
    since = (now or database_now()) - _DAY
    lately = Receipt.objects.filter(notice=OuterRef("id"), kind=ReceiptKind.HANDED_OVER, recorded_at__gt=since)
    rows = Notice.objects.filter(~Exists(lately), status=Status.HANDED_OVER, written_at__lte=since)
    return dict(rows.values_list("provider").annotate(count=Count("id")))


def unanswered_notices(now: datetime | None = None) -> list[UnansweredFigures]:
    """The providers with notices that are 送信済, the one with most first."""
    now = now or database_now()
    ends = [now - timedelta(days=days) for days in UNANSWERED_DAYS]
    ages = [Q(written_at__gt=ends[0])]
    ages += [Q(written_at__lte=younger, written_at__gt=older) for younger, older in pairwise(ends)]
    ages.append(Q(written_at__lte=ends[-1]))
    counts = {f"age_{at}": Count("id", filter=age) for at, age in enumerate(ages)}
    rows = Notice.objects.filter(status=Status.SENT).values_list("provider").annotate(**counts)
    found = [UnansweredFigures(provider, tuple(by_age)) for provider, *by_age in rows]
    return sorted(found, key=lambda one: (-one.total, one.provider))


def mail_figures(now: datetime | None = None) -> list[MailFigures]:
    """The outbox of mails to movers, then that of mails to staff."""
    now = now or database_now()
    return [_outbox("movers", Mail.objects.all(), now), _outbox("staff", StaffMail.objects.all(), now)]


def waiting_files(now: datetime | None = None) -> list[WaitingFiles]:
    """The files in each provider's exchange folder that it has not fetched and removed, by provider."""
    now = now or database_now()
    tables = {
        provider: table
        for provider, connection in sorted(local_connections().items())
        for name, table in connection.tables.items()
        if name in CHANNELS and CHANNELS[name].send_batch
    }
    return [_files(provider, Path(table["folder"]), now) for provider, table in tables.items()]


def _outbox(name: str, rows: QuerySet[Mail] | QuerySet[StaffMail], now: datetime) -> MailFigures:
    waiting = rows.filter(due_at__isnull=False).aggregate(
        due=Count("id", filter=Q(due_at__lte=now)),
        oldest=Min("due_at", filter=Q(due_at__lte=now)),
        retried=Count("id", filter=Q(attempts__gt=0, leased_until=None)),
    )
    return MailFigures(
        name,
        waiting["due"],
        waiting["retried"],
        now - waiting["oldest"] if waiting["oldest"] else None,
        rows.filter(gave_up_at__gt=now - _DAY).count(),
        rows.aggregate(last=Max("sent_at"))["last"],
    )


def _files(provider: str, folder: Path, now: datetime) -> WaitingFiles:
    try:
        times = [path.stat().st_mtime for path in folder.glob("*.csv")] if folder.is_dir() else None
    except OSError:
        times = None
    if times is None:
        return WaitingFiles(provider, 0, None, readable=False)
    oldest = timedelta(seconds=now.timestamp() - min(times)) if times else None
    return WaitingFiles(provider, len(times), oldest)
