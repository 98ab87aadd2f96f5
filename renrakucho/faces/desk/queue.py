"""The stacks on a provider's desk: what waits longest comes first."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from renrakucho.faces.desk.narrowing import Narrow, find
from renrakucho.notice.models import Notice, Status
from renrakucho.provider.staff_role import Act, Role, may
from renrakucho.provider.staff_trace import Deed, Trace
from renrakucho.receipt.models import Kind, Receipt
from renrakucho.receipt.on_desk import on_desk

PAGE = 50
MOST_COUNTED = 999  # of what is done nobody needs the number, and years of it would be slow to count
_REMEMBERED = timedelta(days=120)  # two months ahead, and as long again
LOOKED = (Deed.SEEN, Deed.PRINTED, Deed.TAKEN_CSV, Deed.TAKEN_SHIFT_JIS)


@dataclass(frozen=True)
class Tab:
    """One stack on the desk. What is to do has its oldest on top, what is done its newest."""

    code: str
    label: Promise
    status: Status

    @property
    def newest_first(self) -> bool:
        """Whether the newest is on top."""
        return self.status != Status.SENT


TO_DO = Tab("todo", pgettext_lazy("desk", "未処理"), Status.SENT)
TABS = (
    TO_DO,
    Tab("accepted", pgettext_lazy("desk", "受理済"), Status.ACCEPTED),
    Tab("returned", pgettext_lazy("desk", "差戻し"), Status.RETURNED),
    Tab("withdrawn", pgettext_lazy("desk", "取消"), Status.WITHDRAWN),
)


def tab_of(code: str) -> Tab:
    """The stack with this code; what is to do, where there is none."""
    return next((tab for tab in TABS if tab.code == code), TO_DO)


def stack(provider: str, tab: Tab) -> QuerySet[Notice]:
    """One stack, from the top, as it is read: with its books."""
    order = ("-written_at", "-id") if tab.newest_first else ("written_at", "id")
    return on_desk(provider).filter(status=tab.status).order_by(*order).select_related("book")


def below(notices: QuerySet[Notice], tab: Tab, notice: Notice) -> QuerySet[Notice]:
    """What lies below this one in its stack, also when it has left the stack meanwhile."""
    side = "lt" if tab.newest_first else "gt"
    same_moment = Q(**{"written_at": notice.written_at, f"id__{side}": notice.id})
    return notices.filter(Q(**{f"written_at__{side}": notice.written_at}) | same_moment)


def count(provider: str, tab: Tab) -> str:
    """How many lie in a stack; 999+ where it is more."""
    counted = stack(provider, tab).order_by()[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if counted > MOST_COUNTED else str(counted)


def next_to_do(provider: str, notice: Notice, narrow: Narrow) -> Notice | None:
    """What to do after this one: the next in the narrowed stack, or what was left above it."""
    waiting = stack(provider, TO_DO).exclude(id=notice.id)
    found = find(below(waiting, TO_DO, notice), narrow, 1).notices or find(waiting, narrow, 1).notices
    return found[0] if found else None


def not_taken(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Those of which nobody has a copy yet."""
    return notices.exclude(Exists(Receipt.objects.filter(notice=OuterRef("pk"), kind=Kind.TAKEN)))


def recalled(provider: str) -> QuerySet[Notice]:
    """Taken back or changed by the mover when the provider had already opened or copied it, and since then looked at by
    nobody who could act on it.
    """
    gone = Receipt.objects.filter(notice=OuterRef("pk"), kind__in=(Kind.WITHDRAWN, Kind.REPLACED))
    known = Receipt.objects.filter(notice=OuterRef("pk"), kind__in=(Kind.OPENED, Kind.TAKEN))
    looked = Trace.objects.filter(
        provider=provider,
        number=OuterRef("number"),
        deed__in=LOOKED,
        staff__role__in=[role for role in Role if may(role, Act.ANSWER)],
        done_at__gte=OuterRef("gone_at"),
    )
    return (
        on_desk(provider)
        .filter(Exists(known), status=Status.WITHDRAWN, written_at__gt=timezone.now() - _REMEMBERED)
        .annotate(gone_at=Subquery(gone.order_by("-id").values("recorded_at")[:1]))
        .exclude(Exists(looked))
        .order_by("gone_at")
    )
