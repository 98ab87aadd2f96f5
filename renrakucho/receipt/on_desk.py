"""What lies on a provider's desk: only its own, only what reached it, whatever came of it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.models import Kind, Receipt
from renrakucho.sheet.form import CARRIED


def on_desk(provider: str) -> QuerySet[Notice]:
    """Every notice that ever reached the provider, by fax or system too: it can be answered here as well.

    Not what a mover's own browser carries: that is answered on the provider's own site.
    """
    reached = Exists(Receipt.objects.filter(notice=OuterRef("pk"), kind=Kind.SENT))
    here = Q(status__in=(Status.SENT, Status.ACCEPTED, Status.RETURNED))
    return Notice.objects.filter(here | Q(status=Status.WITHDRAWN) & reached, provider=provider).exclude(
        channel=CARRIED
    )


def waiting_since(provider: str, since: datetime, until: datetime) -> int:
    """How many arrived after `since` and up to `until`, and still wait for an answer."""
    arrived = Receipt.objects.filter(
        notice=OuterRef("pk"), kind=Kind.SENT, recorded_at__gt=since, recorded_at__lte=until
    )
    return on_desk(provider).filter(Exists(arrived), status=Status.SENT).count()
