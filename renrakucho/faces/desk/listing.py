"""The list: one stack of notices, as it is worked through."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from renrakucho.faces.desk.gist import gist
from renrakucho.faces.desk.history import word_of
from renrakucho.faces.desk.narrowing import MOST_OPENED, Found, Narrow, NarrowForm, find
from renrakucho.faces.desk.queue import PAGE, TABS, Tab, below, count, recalled, stack, tab_of
from renrakucho.faces.desk.session import allowed
from renrakucho.faces.desk.surroundings import surroundings
from renrakucho.lib.legible import in_fours
from renrakucho.lib.width import digits
from renrakucho.notice.models import Notice, Status
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_role import Act
from renrakucho.receipt.models import Kind, Receipt
from renrakucho.receipt.on_desk import on_desk
from renrakucho.receipt.provider_turn import detail_of

_Happened = tuple[str, datetime, str | None]  # what, when, the clerk's name


@dataclass(frozen=True)
class Row:
    """One line of the list.

    on: the day of the move; waited: whole days; opened_by: names of clerks; taken: there is a copy outside; changed: a
    newer one stands for it; word: receipt number or reason.
    """

    notice: Notice
    number: str
    on: date | None
    office: str
    arrived_at: datetime
    waited: int
    opened_by: tuple[str, ...]
    taken: bool
    changed: bool
    word: str


@require_safe
@allowed(Act.READ)
def listing(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What waits at this provider's desk, or one of the other stacks; or straight to the notice with this number."""
    typed = request.GET.get("number", "").strip()
    found = _named(staff.provider, digits(typed)) if typed else None
    if found:
        return redirect("desk:notice", found.id)
    tab = tab_of(request.GET.get("tab", ""))
    form = NarrowForm(request.GET, provider=staff.provider)
    narrow = form.narrow()
    page = _page(staff.provider, tab, narrow, request.GET.get("after", ""))
    context = {
        **surroundings(staff, "list"),
        "tab": tab,
        "tabs": [(each, count(staff.provider, each)) for each in TABS],
        "form": form,
        "narrow": narrow,
        "rows": _rows(page.notices, tab, offices=bool(form.offices)),
        "more": page.after,
        "cut": MOST_OPENED if page.cut else 0,
        "begun": "after" in request.GET,
        "typed": typed,
        "recalled": [(each, in_fours(each.number)) for each in recalled(staff.provider)[:PAGE]],
        "messages": messages.get_messages(request),
    }
    return render(request, "desk/list.html", context)


def _named(provider: str, number: str) -> Notice | None:
    """By our number; or by another portal's, which is what a mover of theirs calls with."""
    there = on_desk(provider)
    return there.filter(number=number).first() or there.filter(origin__number=number).first()


def _page(provider: str, tab: Tab, narrow: Narrow, after: str) -> Found:
    """One page from the stack; from the top where `after` is nobody's."""
    notices = stack(provider, tab)
    try:
        last = on_desk(provider).filter(id=UUID(after)).first()
    except ValueError:
        last = None
    return find(below(notices, tab, last) if last else notices, narrow, PAGE)


def _rows(notices: Sequence[Notice], tab: Tab, *, offices: bool) -> list[Row]:
    happened: dict[UUID, list[_Happened]] = defaultdict(list)
    receipts = Receipt.objects.filter(notice__in=notices).order_by("id")
    for notice_id, kind, at, clerk in receipts.values_list("notice_id", "kind", "recorded_at", "staff__name"):
        happened[notice_id].append((kind, at, clerk))
    words = _words(notices, tab)
    return [_row(notice, happened[notice.id], words.get(notice.id, ""), offices) for notice in notices]


def _words(notices: Sequence[Notice], tab: Tab) -> dict[UUID, str]:
    """The receipt numbers of what was accepted, the reasons of what was returned."""
    kind = {Status.ACCEPTED: Kind.ACCEPTED, Status.RETURNED: Kind.RETURNED}.get(tab.status)
    if kind is None:
        return {}
    by_id = {notice.id: notice for notice in notices}
    receipts = Receipt.objects.filter(notice__in=notices, kind=kind)
    return {each.notice_id: word_of(detail_of(each, by_id[each.notice_id])) for each in receipts}


def _row(notice: Notice, happened: Sequence[_Happened], word: str, offices: bool) -> Row:
    arrived_at = arrived(happened, notice)
    said = gist(notice, office=offices)
    return Row(
        notice=notice,
        number=in_fours(notice.number),
        on=said.on,
        office=said.office,
        arrived_at=arrived_at,
        waited=(timezone.localdate() - timezone.localtime(arrived_at).date()).days,
        opened_by=tuple(clerk for kind, _at, clerk in happened if kind == Kind.OPENED and clerk),
        taken=any(kind == Kind.TAKEN for kind, _at, _clerk in happened),
        changed=any(kind == Kind.REPLACED for kind, _at, _clerk in happened),
        word=word,
    )


def arrived(happened: Sequence[_Happened], notice: Notice) -> datetime:
    """When it reached the desk; where the provider's word came before that was known, when the mover sent it."""
    sent = (at for kind, at, _clerk in happened if kind == Kind.SENT)
    return next(sent, None) or notice.written_at or notice.created_at
