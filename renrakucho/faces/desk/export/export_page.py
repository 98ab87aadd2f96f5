"""Export page (書き出しと印刷): copies of notices for the provider's own files.

Who exported which notice, when and how, is kept with the notice and in the audit log. Exporting again is possible, and
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

from renrakucho.account.session_values import put_one_time, take_one_time
from renrakucho.account.staff_session import page_context, requires_permission
from renrakucho.faces.desk.export.export_formats import EXPORT_FORMATS, ExportFormat
from renrakucho.faces.desk.list.notice_queue import (
    TO_DO,
    filter_from_query,
    find_notices,
    not_exported,
    tab_of,
    tab_queryset,
)
from renrakucho.faces.desk.list.selection import left_out_sentence, selected_notices, without_confidential
from renrakucho.lib.identifiers import in_fours
from renrakucho.notice.models import Notice
from renrakucho.paper.printed_page import NoFont
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.receipt.evidence import StaffActor
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.provider_actions import mark_exported, notices_on_desk

MOST = 300  # at once: two seconds for a file
_LAST = 10
_PROBLEM = "unwritable"
_ACTIONS = [each.action for each in EXPORT_FORMATS]


@dataclass(frozen=True)
class ExportSelection:
    """Notices to be exported together. code: the value of the button; more: there are more than can be exported at
    once; before: how many of them somebody has exported already; left_out: says how many are in no file.
    """

    code: str
    notices: list[Notice]
    more: bool
    before: int
    left_out: str = ""


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.EXPORT)
def export_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the notices there are to export; a button sends the file."""
    selections = {each.code: each for each in _selections(request, staff)}
    if request.method != "POST":
        return _page(request, staff, list(selections.values()))
    export_format = next((each for each in EXPORT_FORMATS if each.code == request.POST.get("as")), None)
    selection = selections.get(request.POST.get("what", ""))
    if export_format is None or selection is None or not selection.notices:
        messages.warning(
            request, _("書き出すものがありません。もうだれかが書き出したのかもしれません。下の一覧をご覧ください。")
        )
        return redirect(request.get_full_path())
    try:
        unwritable = {each.id: found for each in selection.notices if (found := export_format.unwritable(each))}
        if unwritable and "leave_out" not in request.POST:
            put_one_time(request, _PROBLEM, _problem(selection, export_format, unwritable))
            return redirect(request.get_full_path())
        writable = [notice for notice in selection.notices if notice.id not in unwritable]
        return _file(staff, export_format, writable, request)
    except NoFont:
        messages.error(request, _("このサーバーに印刷用の文字がないため、PDFを作れません。運営者にお知らせください。"))
        return redirect(request.get_full_path())


def _file(staff: Staff, export_format: ExportFormat, notices: Sequence[Notice], request: HttpRequest) -> HttpResponse:
    if not notices:
        messages.warning(request, _("除くと、書き出すものが残りません。"))
        return redirect(request.get_full_path())
    with transaction.atomic():
        content = export_format.build(notices, staff)
        mark_exported(notices, StaffActor(staff), export_format.action)
    response = HttpResponse(content, content_type=export_format.content_type)
    name = f"renrakucho-{timezone.localtime():%Y%m%d-%H%M%S}.{export_format.extension}"
    disposition = "inline" if export_format.action == AuditAction.PRINTED else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return response


def _selections(request: HttpRequest, staff: Staff) -> list[ExportSelection]:
    """The notices that were ticked or exported before, where the address says so; else the new ones, and the list."""
    ids, again = request.GET.getlist("id"), _moment(request.GET.get("taken", ""))
    if ids:
        return [_selection("chosen", selected_notices(staff.provider, ids))]
    if again:
        numbers = AuditEntry.objects.filter(provider=staff.provider, done_at=again, deed__in=_ACTIONS).values("number")
        there = (
            notices_on_desk(staff.provider).filter(number__in=numbers).select_related("book", "replaces", "replaced_by")
        )
        return [_selection("again", list(there.order_by("written_at", "id")[: MOST + 1]))]
    list_filter, tab = filter_from_query(request.GET, staff.provider), tab_of(request.GET.get("tab", ""))
    fresh = find_notices(
        not_exported(tab_queryset(staff.provider, TO_DO).select_related("replaces", "replaced_by")),
        list_filter,
        MOST + 1,
    )
    listed = find_notices(
        tab_queryset(staff.provider, tab).select_related("book", "replaces", "replaced_by"), list_filter, MOST + 1
    )
    return [_selection("new", fresh.notices), _selection("list", listed.notices)]


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _selection(code: str, notices: list[Notice]) -> ExportSelection:
    first = without_confidential(notices[:MOST])
    left_out = left_out_sentence(len(notices[:MOST]) - len(first))
    before = Receipt.objects.filter(notice__in=first, kind=ReceiptKind.TAKEN).values("notice").distinct().count()
    return ExportSelection(code, first, len(notices) > MOST, before, left_out)


def _problem(
    selection: ExportSelection, export_format: ExportFormat, unwritable: dict[UUID, tuple[str, ...]]
) -> dict[str, Any]:
    """The characters that cannot be written, for the next page."""
    lines = [
        [in_fours(notice.number), [[char, f"U+{ord(char):04X}"] for char in unwritable[notice.id]]]
        for notice in selection.notices
        if notice.id in unwritable
    ]
    return {
        "what": selection.code,
        "as": export_format.code,
        "label": str(export_format.label),
        "lines": lines,
        "all": len(selection.notices),
    }


def _page(request: HttpRequest, staff: Staff, selections: list[ExportSelection]) -> HttpResponse:
    tab = tab_of(request.GET.get("tab", ""))
    context = {
        **page_context(staff, "take"),
        "selections": selections,
        "formats": EXPORT_FORMATS,
        "problem": take_one_time(request, _PROBLEM),
        "list_filter": filter_from_query(request.GET, staff.provider),
        "tab": tab,
        "most": MOST,
        "exports": _last_exports(staff.provider),
        "messages": messages.get_messages(request),
    }
    return render(request, "desk/take.html", context)


def _last_exports(provider: str) -> list[dict[str, Any]]:
    """The last exports: who, when, as what, how many, and the query that exports it again."""
    rows = (
        AuditEntry.objects.filter(provider=provider, deed__in=_ACTIONS)
        .values("done_at", "staff__name", "deed")
        .annotate(count=Count("id"))
        .order_by("-done_at")[:_LAST]
    )
    return [{**row, "label": AuditAction(row["deed"]).label, "query": _repeat_query(row["done_at"])} for row in rows]


def _repeat_query(done_at: datetime) -> str:
    return "?" + urlencode({"taken": done_at.isoformat()})
