"""The list: one stack of notices, as it is worked through."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from renrakucho.faces.desk.history import word_of
from renrakucho.faces.desk.queue import PAGE, TABS, Tab, below, count, on_desk, spoken, stack, tab_of
from renrakucho.faces.desk.session import needs_staff
from renrakucho.faces.desk.surroundings import surroundings
from renrakucho.lib.width import digits
from renrakucho.notice.models import Notice
from renrakucho.provider.staff import Staff
from renrakucho.receipt.models import Kind, Receipt
from renrakucho.receipt.provider_turn import detail_of


@dataclass(frozen=True)
class Row:
    """One line of the list.

    waited: whole days; opened_by: names of clerks; changed: a newer one stands for it; word: receipt number or reason.
    """

    notice: Notice
    number: str
    arrived_at: datetime
    waited: int
    opened_by: tuple[str, ...]
    changed: bool
    word: str


@require_safe
@needs_staff
def listing(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What waits at this provider's desk, or one of the other stacks; or straight to the notice with this number."""
    typed = request.GET.get("number", "").strip()
    found = on_desk(staff.provider).filter(number=digits(typed)).first() if typed else None
    if found:
        return redirect("desk:notice", found.id)
    tab = tab_of(request.GET.get("tab", ""))
    notices = _page(staff.provider, tab, request.GET.get("after", ""))
    context = {
        **surroundings(staff),
        "tab": tab,
        "tabs": [(each, count(staff.provider, each)) for each in TABS],
        "rows": _rows(notices[:PAGE]),
        "more": notices[PAGE - 1] if len(notices) > PAGE else None,
        "begun": "after" in request.GET,
        "typed": typed,
        "messages": messages.get_messages(request),
    }
    return render(request, "desk/list.html", context)


def _page(provider: str, tab: Tab, after: str) -> list[Notice]:
    """One page from the stack, and one notice more if there is one; from the top where `after` is nobody's."""
    notices = stack(provider, tab).select_related("book").defer("draft", "filled")
    try:
        last = on_desk(provider).filter(id=UUID(after)).first()
    except ValueError:
        last = None
    return list((below(notices, tab, last) if last else notices)[: PAGE + 1])


def _rows(notices: Sequence[Notice]) -> list[Row]:
    happened: dict[UUID, list[Receipt]] = defaultdict(list)
    for receipt in Receipt.objects.filter(notice__in=notices).select_related("staff").order_by("id"):
        happened[receipt.notice_id].append(receipt)
    return [_row(notice, happened[notice.id]) for notice in notices]


def _row(notice: Notice, receipts: Sequence[Receipt]) -> Row:
    arrived_at = next(receipt.recorded_at for receipt in receipts if receipt.kind == Kind.SENT)
    said = next((each for each in receipts if each.kind in (Kind.ACCEPTED, Kind.RETURNED)), None)
    detail = detail_of(said, notice) if said else {}
    return Row(
        notice=notice,
        number=spoken(notice.number),
        arrived_at=arrived_at,
        waited=(timezone.localdate() - timezone.localtime(arrived_at).date()).days,
        opened_by=tuple(each.staff.name for each in receipts if each.kind == Kind.OPENED and each.staff),
        changed=any(each.kind == Kind.REPLACED for each in receipts),
        word=word_of(detail),
    )
