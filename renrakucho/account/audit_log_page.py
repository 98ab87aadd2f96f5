"""Audit log page (操作の記録): what each person at this desk or the bureau saw, exported and did."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renrakucho.account.staff_session import page_context, requires_permission
from renrakucho.lib.csv_file import csv_bytes
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.width import ascii_digits
from renrakucho.provider.audit_log import MOVERS_ACTS, AuditAction, AuditEntry, OpeningReason, log_action
from renrakucho.provider.staff import Staff, StaffPermission, StaffRole

PAGE = 200
MOST_EXPORTED = 10_000  # rows of one CSV


@dataclass(frozen=True)
class AuditLine:
    """One act. numbers: the notices it was done with; about: the colleague and the role, or the lane and the
    sentence. who: its author.
    """

    entry: AuditEntry
    numbers: tuple[str, ...]
    about: str
    who: str


@dataclass(frozen=True)
class AuditFilter:
    """The part of the audit log that was asked for: of one person, about one notice."""

    colleagues: QuerySet[Staff]
    chosen: Staff | None
    typed: str
    entries: QuerySet[AuditEntry]


@require_safe
@requires_permission(StaffPermission.AUDIT)
def audit_log_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The audit log of this place, newest first; filtered by person or by notice."""
    wanted, after = _filter(request, staff), request.GET.get("after", "").strip()
    found = _page(wanted.entries, after)
    context = {
        **page_context(staff, "record"),
        "lines": _lines(found[:PAGE]),
        "more": found[PAGE - 1].id if len(found) > PAGE else None,
        "begun": bool(after),
        "colleagues": wanted.colleagues,
        "chosen": wanted.chosen,
        "typed": wanted.typed,
        "most_exported": MOST_EXPORTED,
        "messages": messages.get_messages(request),
    }
    return render(request, "account/record.html", context)


@require_safe
@requires_permission(StaffPermission.AUDIT)
def audit_log_csv(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The audit log as a CSV, a row a notice, the newest 10,000 at most. That it was taken is itself an entry."""
    entries = list(_filter(request, staff).entries[:MOST_EXPORTED])
    log_action(staff, AuditAction.TAKEN_CSV)
    rows = [
        (
            f"{timezone.localtime(entry.done_at):%Y-%m-%d %H:%M:%S}",
            _who(entry),
            entry.staff.login_id if entry.staff else "",
            entry.get_deed_display(),
            in_fours(entry.number),
            _about(entry),
        )
        for entry in entries
    ]
    header = (_("日時"), _("だれが"), _("ログインID"), _("何を"), _("れんらく番号"), _("対象"))
    response = HttpResponse(csv_bytes([header, *rows], "UTF-8"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-log-{timezone.localdate().isoformat()}.csv"'
    return response


def _filter(request: HttpRequest, staff: Staff) -> AuditFilter:
    colleagues = Staff.objects.filter(provider=staff.provider).order_by("name", "login_id")
    who, typed = (request.GET.get(name, "").strip() for name in ("who", "number"))
    entries = AuditEntry.objects.filter(provider=staff.provider).select_related("staff", "whom", "key").order_by("-id")
    chosen = next((each for each in colleagues if str(each.id) == who), None)
    if chosen:
        entries = entries.filter(staff=chosen)
    if typed:
        entries = entries.filter(number=ascii_digits(typed))
    return AuditFilter(colleagues, chosen, typed, entries)


def _page(entries: QuerySet[AuditEntry], after: str) -> list[AuditEntry]:
    try:
        return list(entries.filter(id__lt=UUID(after))[: PAGE + 1])
    except ValueError:
        return list(entries[: PAGE + 1])


def _lines(entries: Sequence[AuditEntry]) -> list[AuditLine]:
    """Notices of one act stand in one line."""
    lines = []
    for _same, group in groupby(entries, key=lambda each: (each.done_at, each.staff_id, each.deed)):
        rows = list(group)
        numbers = tuple(in_fours(each.number) for each in reversed(rows) if each.number)
        lines.append(AuditLine(rows[0], numbers, _about(rows[0]), _who(rows[0])))
    return lines


def _who(entry: AuditEntry) -> str:
    """The person, the mover, the provider's system by the name of its key, or the user of the server's command line."""
    if entry.staff:
        return entry.staff.name
    if entry.deed in MOVERS_ACTS:
        return _("お客さま")
    if entry.key:
        return _("システム «%(name)s»") % {"name": entry.key.name}
    user = entry.os_user
    return _("サーバーのコマンド (%(user)s)") % {"user": user} if user else _("サーバーのコマンド")


def _about(entry: AuditEntry) -> str:
    """The colleague and the role it is about, or the lane and the sentence."""
    if entry.deed == AuditAction.REASON_GIVEN:
        return " ".join(filter(None, (str(OpeningReason(entry.word).label), entry.about)))
    role = str(StaffRole(entry.word).label) if entry.word else ""
    if entry.whom and role:
        return _("%(name)s → %(role)s") % {"name": entry.whom.name, "role": role}
    if entry.whom or role:
        return entry.whom.name if entry.whom else role
    return " ".join(filter(None, (entry.about, entry.said)))
