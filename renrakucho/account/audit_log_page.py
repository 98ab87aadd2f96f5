"""Audit log page (操作の記録): what each person at this desk or the bureau saw, exported and did."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renrakucho.account.staff_session import page_context, requires_permission
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.width import ascii_digits
from renrakucho.provider.audit_log import AuditEntry
from renrakucho.provider.staff import Staff, StaffPermission, StaffRole

PAGE = 200


@dataclass(frozen=True)
class AuditLine:
    """One act. numbers: the notices it was done with; about: the colleague and the role."""

    entry: AuditEntry
    numbers: tuple[str, ...]
    about: str


@require_safe
@requires_permission(StaffPermission.AUDIT)
def audit_log_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The audit log of this place, newest first; filtered by person or by notice."""
    colleagues = Staff.objects.filter(provider=staff.provider).order_by("name", "login_id")
    who, typed, after = (request.GET.get(name, "").strip() for name in ("who", "number", "after"))
    entries = AuditEntry.objects.filter(provider=staff.provider).select_related("staff", "whom").order_by("-id")
    chosen = next((each for each in colleagues if str(each.id) == who), None)
    if chosen:
        entries = entries.filter(staff=chosen)
    if typed:
        entries = entries.filter(number=ascii_digits(typed))
    found = _page(entries, after)
    context = {
        **page_context(staff, "record"),
        "lines": _lines(found[:PAGE]),
        "more": found[PAGE - 1].id if len(found) > PAGE else None,
        "begun": bool(after),
        "colleagues": colleagues,
        "chosen": chosen,
        "typed": typed,
        "messages": messages.get_messages(request),
    }
    return render(request, "account/record.html", context)


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
        lines.append(
            AuditLine(rows[0], tuple(in_fours(each.number) for each in reversed(rows) if each.number), _about(rows[0]))
        )
    return lines


def _about(entry: AuditEntry) -> str:
    """The colleague and the role it is about."""
    role = str(StaffRole(entry.word).label) if entry.word else ""
    if entry.whom and role:
        return _("%(name)s → %(role)s") % {"name": entry.whom.name, "role": role}
    return entry.whom.name if entry.whom else role
