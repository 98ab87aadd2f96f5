"""What lies on a provider's desk: only its own, only what reached it; what waits longest comes first."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.models import Kind, Receipt

PAGE = 50
MOST_COUNTED = 999  # of what is done nobody needs the number, and years of it would be slow to count


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


def on_desk(provider: str) -> QuerySet[Notice]:
    """Every notice that ever reached the provider's desk, whatever came of it."""
    reached = Exists(Receipt.objects.filter(notice=OuterRef("pk"), kind=Kind.SENT))
    here = Q(status__in=(Status.SENT, Status.ACCEPTED, Status.RETURNED))
    return Notice.objects.filter(here | Q(status=Status.WITHDRAWN) & reached, provider=provider, channel="inbox")


def stack(provider: str, tab: Tab) -> QuerySet[Notice]:
    """One stack, from the top."""
    order = ("-written_at", "-id") if tab.newest_first else ("written_at", "id")
    return on_desk(provider).filter(status=tab.status).order_by(*order)


def below(notices: QuerySet[Notice], tab: Tab, notice: Notice) -> QuerySet[Notice]:
    """What lies below this one in its stack, also when it has left the stack meanwhile."""
    side = "lt" if tab.newest_first else "gt"
    same_moment = Q(**{"written_at": notice.written_at, f"id__{side}": notice.id})
    return notices.filter(Q(**{f"written_at__{side}": notice.written_at}) | same_moment)


def count(provider: str, tab: Tab) -> str:
    """How many lie in a stack; 999+ where it is more."""
    counted = stack(provider, tab).order_by()[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if counted > MOST_COUNTED else str(counted)


def next_to_do(provider: str, notice: Notice) -> Notice | None:
    """What to do after this one: the next in the stack, or what was left above it."""
    waiting = stack(provider, TO_DO).exclude(id=notice.id)
    return below(waiting, TO_DO, notice).first() or waiting.first()


def spoken(number: str) -> str:
    """れんらく番号 as it is read aloud: 1234-5678-9012."""
    return "-".join(number[at : at + 4] for at in range(0, len(number), 4))
