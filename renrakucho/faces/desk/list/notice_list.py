"""List page of the desk: one tab of notices, as they are worked through."""

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

from renrakucho.account.staff_session import page_context, requires_permission
from renrakucho.faces.desk.list.notice_queue import (
    MOST_OPENED,
    PAGE,
    TABS,
    FilteredPage,
    FilterForm,
    ListFilter,
    QueueTab,
    after_cursor,
    find_notices,
    notice_summary,
    recalled_unseen,
    tab_count,
    tab_of,
    tab_queryset,
)
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.width import ascii_digits
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.operator_decisions import pause_of
from renrakucho.notice.sending_hold import held_notices
from renrakucho.notice.sudden_rise import rises_at
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.receipt.evidence import evidence_of
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.provider_actions import notices_on_desk

_ReceiptRow = tuple[str, datetime, str | None]  # kind, recorded at, the clerk's name


@dataclass(frozen=True)
class ListRow:
    """One line of the list.

    on: the day of the move; waited: whole days; due: how near its answer is due («today», «late» or empty); opened_by:
    names of clerks; exported: somebody has a copy; changed: a newer one stands for it; word: receipt number or reason.
    """

    notice: Notice
    number: str
    on: date | None
    office: str
    arrived_at: datetime
    waited: int
    due: str
    opened_by: tuple[str, ...]
    exported: bool
    changed: bool
    word: str


@require_safe
@requires_permission(StaffPermission.READ)
def notice_list(request: HttpRequest, staff: Staff) -> HttpResponse:
    """List the notices of a tab; or redirect to the notice with the typed number."""
    typed = request.GET.get("number", "").strip()
    found = _by_number(staff.provider, ascii_digits(typed)) if typed else None
    if found:
        return redirect("desk:notice", found.id)
    tab = tab_of(request.GET.get("tab", ""))
    form = FilterForm(request.GET, provider=staff.provider)
    list_filter = form.list_filter()
    page = _page(staff.provider, tab, list_filter, request.GET.get("after", ""))
    context = {
        **page_context(staff, "list"),
        "tab": tab,
        "tabs": [(each, tab_count(staff.provider, each)) for each in TABS],
        "form": form,
        "list_filter": list_filter,
        "rows": _rows(page.notices, tab, offices=bool(form.offices)),
        "more": page.after,
        "cut": MOST_OPENED if page.cut else 0,
        "begun": "after" in request.GET,
        "typed": typed,
        "pause": pause_of(staff.provider, ""),
        "rises": rises_at(staff.provider),
        "held": held_notices(staff.provider).count(),
        "recalled": [(each, in_fours(each.number)) for each in recalled_unseen(staff.provider)[:PAGE]],
        "messages": messages.get_messages(request),
    }
    return render(request, "desk/list.html", context)


def _by_number(provider: str, number: str) -> Notice | None:
    """By our number, or by another portal's: its movers call with that one."""
    there = notices_on_desk(provider)
    return there.filter(number=number).first() or there.filter(origin__number=number).first()


def _page(provider: str, tab: QueueTab, list_filter: ListFilter, after: str) -> FilteredPage:
    """One page after the cursor; the first page where `after` is no notice's."""
    notices = tab_queryset(provider, tab)
    try:
        last = notices_on_desk(provider).filter(id=UUID(after)).first()
    except ValueError:
        last = None
    return find_notices(after_cursor(notices, tab, last) if last else notices, list_filter, PAGE)


def _rows(notices: Sequence[Notice], tab: QueueTab, *, offices: bool) -> list[ListRow]:
    receipts_of: dict[UUID, list[_ReceiptRow]] = defaultdict(list)
    receipts = Receipt.objects.filter(notice__in=notices).order_by("id")
    for notice_id, kind, at, clerk in receipts.values_list("notice_id", "kind", "recorded_at", "staff__name"):
        receipts_of[notice_id].append((kind, at, clerk))
    words = _provider_words(notices, tab)
    return [_row(notice, receipts_of[notice.id], words.get(notice.id, ""), offices) for notice in notices]


def _provider_words(notices: Sequence[Notice], tab: QueueTab) -> dict[UUID, str]:
    """The receipt numbers of what was accepted, the reasons of what was returned."""
    kind = {Status.ACCEPTED: ReceiptKind.ACCEPTED, Status.RETURNED: ReceiptKind.RETURNED}.get(tab.status)
    if kind is None:
        return {}
    by_id = {notice.id: notice for notice in notices}
    receipts = Receipt.objects.filter(notice__in=notices, kind=kind)
    return {each.notice_id: evidence_of(each, by_id[each.notice_id]).number_or_reason for each in receipts}


def _row(notice: Notice, receipts_of: Sequence[_ReceiptRow], word: str, offices: bool) -> ListRow:
    arrived_at = arrival_time(receipts_of, notice)
    said = notice_summary(notice, office=offices)
    return ListRow(
        notice=notice,
        number=in_fours(notice.number),
        on=said.on,
        office=said.office,
        arrived_at=arrived_at,
        waited=(timezone.localdate() - timezone.localtime(arrived_at).date()).days,
        due=_due_code(notice, timezone.now()),
        opened_by=tuple(clerk for kind, _at, clerk in receipts_of if kind == ReceiptKind.OPENED and clerk),
        exported=any(kind == ReceiptKind.TAKEN for kind, _at, _clerk in receipts_of),
        changed=any(kind == ReceiptKind.REPLACED for kind, _at, _clerk in receipts_of),
        word=word,
    )


def _due_code(notice: Notice, now: datetime) -> str:
    """The code of the mark that says by when an answer is due; empty: later, or it is answered."""
    due_at = notice.answer_due_at if notice.status == Status.SENT else None
    if due_at is None or timezone.localdate(due_at) > timezone.localdate(now):
        return ""
    return "late" if due_at <= now else "today"


def arrival_time(receipts_of: Sequence[_ReceiptRow], notice: Notice) -> datetime:
    """When it reached the desk; where the provider answered before that was known, when the mover sent it."""
    sent = (at for kind, at, _clerk in receipts_of if kind == ReceiptKind.SENT)
    return next(sent, None) or notice.written_at or notice.created_at
