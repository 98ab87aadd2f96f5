"""Lock of a confidential notice (住所秘匿): a clerk gives a reason first, which the audit log keeps.

A reason opens the notice for this clerk for half an hour. Such notices are in no file and no bulk action.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from renrakucho.account.staff_session import page_context, requires_permission
from renrakucho.faces.desk.list.notice_queue import desk_notice_or_404, filter_from_query
from renrakucho.lib.identifiers import in_fours
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_form
from renrakucho.provider.audit_log import has_given_reason, log_reason
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.receipt.provider_answer import ReasonForm

OPEN_FOR = timedelta(minutes=30)


def is_locked(staff: Staff, notice: Notice) -> bool:
    """Whether this clerk has to give a reason before the notice is shown."""
    if not frozen_form(notice).confidential:
        return False
    return not has_given_reason(staff.provider, notice.number, timezone.now() - OPEN_FOR, staff=staff)


def locked_page(request: HttpRequest, staff: Staff, notice: Notice, form: ReasonForm | None = None) -> HttpResponse:
    """Ask for the reason; nothing of the notice is shown but its number."""
    context: dict[str, Any] = {
        **page_context(staff),
        "form": form or ReasonForm(),
        "number": in_fours(notice.number),
        "notice": notice,
        "list_filter": filter_from_query(request.GET, staff.provider),
    }
    return render(request, "desk/locked.html", context, status=422 if form else 200)


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.READ)
def unlock_notice(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """Take the reason, and show the notice. A GET is someone who had to log in first."""
    notice = desk_notice_or_404(staff, notice_id)
    query = request.META.get("QUERY_STRING", "")
    page = redirect(reverse("desk:notice", args=[notice_id]) + (f"?{query}" if query else ""))
    if request.method != "POST":
        return page
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return locked_page(request, staff, notice, form)
    with transaction.atomic():
        log_reason(staff.provider, notice.number, form.cleaned_data["reason"], staff=staff)
    return page
