"""書き出しと印刷: copies for the provider's own files.

Who took which notice, when and how, is kept with the notice and in the desk's record. Taking again is possible, and
kept too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renrakucho.faces.desk.desk_session import page_context, requires_permission
from renrakucho.faces.desk.export.export_formats import COPIES, ExportFormat
from renrakucho.faces.desk.list.notice_queue import (
    TO_DO,
    filter_from_query,
    find_notices,
    not_exported,
    tab_of,
    tab_queryset,
)
from renrakucho.faces.desk.list.selection import selected_notices
from renrakucho.faces.desk.session_values import put_one_time, take_one_time
from renrakucho.lib.identifiers import in_fours
from renrakucho.notice.models import Notice
from renrakucho.paper.typesetting import NoFont
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.staff import DeskPermission, Staff
from renrakucho.receipt.evidence import StaffActor
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.provider_actions import mark_exported, notices_on_desk

MOST = 300  # at once: two seconds for a file
_LAST = 10
_PROBLEM = "unwritable"
_DEEDS = [copy.deed for copy in COPIES]


@dataclass(frozen=True)
class ExportSelection:
    """Notices to be taken together. code: what a button sends to mean it; more: there are more than can be taken at
    once; before: how many of them somebody has taken already.
    """

    code: str
    notices: list[Notice]
    more: bool
    before: int


@require_http_methods(["GET", "POST"])
@requires_permission(DeskPermission.EXPORT)
def export_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What there is to take; a button sends the file."""
    piles = {pile.code: pile for pile in _piles(request, staff)}
    if request.method != "POST":
        return _page(request, staff, list(piles.values()))
    copy = next((each for each in COPIES if each.code == request.POST.get("as")), None)
    pile = piles.get(request.POST.get("what", ""))
    if copy is None or pile is None or not pile.notices:
        messages.warning(
            request, _("書き出すものがありません。もうだれかが書き出したのかもしれません。下の一覧をご覧ください。")
        )
        return redirect(request.get_full_path())
    try:
        cannot = {notice.id: characters for notice in pile.notices if (characters := copy.cannot(notice))}
        if cannot and "leave_out" not in request.POST:
            put_one_time(request, _PROBLEM, _problem(pile, copy, cannot))
            return redirect(request.get_full_path())
        return _file(staff, copy, [notice for notice in pile.notices if notice.id not in cannot], request)
    except NoFont:
        messages.error(request, _("このサーバーに印刷用の文字がないため、PDFを作れません。運営者にお知らせください。"))
        return redirect(request.get_full_path())


def _file(staff: Staff, copy: ExportFormat, notices: Sequence[Notice], request: HttpRequest) -> HttpResponse:
    if not notices:
        messages.warning(request, _("除くと、書き出すものが残りません。"))
        return redirect(request.get_full_path())
    with transaction.atomic():
        content = copy.made(notices, staff)
        mark_exported(notices, StaffActor(staff), copy.deed)
    response = HttpResponse(content, content_type=copy.kind)
    name = f"renrakucho-{timezone.localtime():%Y%m%d-%H%M%S}.{copy.ending}"
    place = "inline" if copy.deed == AuditAction.PRINTED else "attachment"
    response["Content-Disposition"] = f'{place}; filename="{name}"'
    return response


def _piles(request: HttpRequest, staff: Staff) -> list[ExportSelection]:
    """What was ticked or taken before, where the address says so; else what is new, and the list as it was narrowed."""
    ids, again = request.GET.getlist("id"), _moment(request.GET.get("taken", ""))
    if ids:
        return [_pile("chosen", selected_notices(staff.provider, ids))]
    if again:
        numbers = AuditEntry.objects.filter(provider=staff.provider, done_at=again, deed__in=_DEEDS).values("number")
        there = (
            notices_on_desk(staff.provider).filter(number__in=numbers).select_related("book", "replaces", "replaced_by")
        )
        return [_pile("again", list(there.order_by("written_at", "id")[: MOST + 1]))]
    narrow, tab = filter_from_query(request.GET, staff.provider), tab_of(request.GET.get("tab", ""))
    fresh = find_notices(
        not_exported(tab_queryset(staff.provider, TO_DO).select_related("replaces", "replaced_by")), narrow, MOST + 1
    )
    listed = find_notices(
        tab_queryset(staff.provider, tab).select_related("book", "replaces", "replaced_by"), narrow, MOST + 1
    )
    return [_pile("new", fresh.notices), _pile("list", listed.notices)]


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _pile(code: str, notices: list[Notice]) -> ExportSelection:
    first = notices[:MOST]
    before = Receipt.objects.filter(notice__in=first, kind=ReceiptKind.TAKEN).values("notice").distinct().count()
    return ExportSelection(code, first, len(notices) > MOST, before)


def _problem(pile: ExportSelection, copy: ExportFormat, cannot: dict[UUID, tuple[str, ...]]) -> dict[str, Any]:
    """What cannot be written, for the next page."""
    lines = [
        [in_fours(notice.number), [[char, f"U+{ord(char):04X}"] for char in cannot[notice.id]]]
        for notice in pile.notices
        if notice.id in cannot
    ]
    return {"what": pile.code, "as": copy.code, "label": str(copy.label), "lines": lines, "all": len(pile.notices)}


def _page(request: HttpRequest, staff: Staff, piles: list[ExportSelection]) -> HttpResponse:
    tab = tab_of(request.GET.get("tab", ""))
    context = {
        **page_context(staff, "take"),
        "piles": piles,
        "copies": COPIES,
        "problem": take_one_time(request, _PROBLEM),
        "narrow": filter_from_query(request.GET, staff.provider),
        "tab": tab,
        "most": MOST,
        "takes": _takes(staff.provider),
        "messages": messages.get_messages(request),
    }
    return render(request, "desk/take.html", context)


def _takes(provider: str) -> list[dict[str, Any]]:
    """The last times that something was taken: who, when, as what, how many, and the address to take it again."""
    rows = (
        AuditEntry.objects.filter(provider=provider, deed__in=_DEEDS)
        .values("done_at", "staff__name", "deed")
        .annotate(count=Count("id"))
        .order_by("-done_at")[:_LAST]
    )
    return [{**row, "label": AuditAction(row["deed"]).label, "query": _again(row["done_at"])} for row in rows]


def _again(done_at: datetime) -> str:
    return "?" + urlencode({"taken": done_at.isoformat()})
