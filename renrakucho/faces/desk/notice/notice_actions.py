"""What a clerk does with a notice: accept it or send it back. Each is safe to press twice.

What cannot be taken is held, and its page is shown again: Back and reload then never send anything.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renrakucho.faces.desk.desk_session import requires_permission
from renrakucho.faces.desk.list.notice_queue import filter_from_query, next_to_do
from renrakucho.faces.desk.notice.answer_conflict import answer_conflict
from renrakucho.faces.desk.notice.answer_forms import AcceptForm, ReturnForm
from renrakucho.faces.desk.notice.notice_detail import can_be_resent, desk_notice_or_404, render_notice_page
from renrakucho.faces.desk.receipt_history import receipt_history
from renrakucho.faces.desk.saved_form import save_desk_form
from renrakucho.lib.identifiers import in_fours
from renrakucho.notice.models import Notice
from renrakucho.provider.audit_log import AuditAction, log_notice_actions
from renrakucho.provider.staff import DeskPermission, Staff
from renrakucho.receipt.provider_actions import accept_notice, request_resend, return_notice
from renrakucho.receipt.transitions import InvalidTransition


@require_http_methods(["GET", "POST"])
@requires_permission(DeskPermission.ANSWER)
def accept_at_desk(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """受理, with the receipt number. A GET is someone who had to log in first."""
    notice = desk_notice_or_404(staff, notice_id)
    if request.method != "POST":
        return _again(request, notice)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _held(request, staff, notice, 422, accept_form=form)
    number = form.cleaned_data["number"]
    if not accept_as_staff(notice, staff, number):
        return _too_late(request, staff, notice, typed=number)
    done = _("%(number)s を受理しました。お客さまにメールでお知らせします。") % {"number": in_fours(notice.number)}
    return _on(request, staff, notice, done)


@require_http_methods(["GET", "POST"])
@requires_permission(DeskPermission.ANSWER)
def return_at_desk(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """差戻し, with the reason."""
    notice = desk_notice_or_404(staff, notice_id)
    if request.method != "POST":
        return _again(request, notice)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _held(request, staff, notice, 422, return_form=form)
    reason = form.cleaned_data["reason"]
    if not return_as_staff(notice, staff, reason):
        return _too_late(request, staff, notice, typed=reason)
    done = _("%(number)s を差し戻しました。お客さまにメールでお知らせします。") % {"number": in_fours(notice.number)}
    return _on(request, staff, notice, done)


@require_http_methods(["GET", "POST"])
@requires_permission(DeskPermission.ANSWER)
def resend_from_desk(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """Have it brought once more by the way it came: the paper was lost, or a system let it fall."""
    notice = desk_notice_or_404(staff, notice_id)
    if request.method != "POST" or not can_be_resent(notice):
        return _again(request, notice)
    try:
        request_resend(notice, staff=staff)
    except InvalidTransition:
        messages.warning(request, _("送りませんでした。このれんらくは、もう未処理ではありません。"))
        return _again(request, notice)
    log_notice_actions(staff, AuditAction.ASKED_AGAIN, [notice.number])
    messages.success(request, _("もう一度送るよう、引越れんらく帳に頼みました。"))
    return _again(request, notice)


def accept_as_staff(notice: Notice, staff: Staff, number: str) -> bool:
    """受理. False where something came in between; True also for what this number was accepted with already."""
    try:
        accept_notice(notice, staff, number)
    except InvalidTransition:
        return False
    log_notice_actions(staff, AuditAction.ACCEPTED, [notice.number])
    return True


def return_as_staff(notice: Notice, staff: Staff, reason: str) -> bool:
    """差戻し. False where something came in between; True also for what was sent back with this reason already."""
    try:
        return_notice(notice, staff, reason)
    except InvalidTransition:
        return False
    log_notice_actions(staff, AuditAction.RETURNED, [notice.number])
    return True


def _again(request: HttpRequest, notice: Notice) -> HttpResponse:
    """To the notice's page, in the list that it was opened from."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse("desk:notice", args=[notice.id]) + (f"?{query}" if query else ""))


def _held(request: HttpRequest, staff: Staff, notice: Notice, status: int, **shown: Any) -> HttpResponse:
    """The page again, with what was typed; in the answer itself where it is too much to be kept."""
    return (
        _again(request, notice)
        if save_desk_form(request)
        else render_notice_page(request, staff, notice, status=status, **shown)
    )


def _too_late(request: HttpRequest, staff: Staff, notice: Notice, *, typed: str) -> HttpResponse:
    now = desk_notice_or_404(staff, notice.id)
    return _held(request, staff, now, 409, conflict=answer_conflict(now, receipt_history(now), typed))


def _on(request: HttpRequest, staff: Staff, notice: Notice, done: str) -> HttpResponse:
    narrow = filter_from_query(request.GET, staff.provider)
    following = next_to_do(staff.provider, notice, narrow)
    if following is None:
        none_left = _("絞り込んだ一覧に、未処理はもうありません。") if narrow else _("未処理はもうありません。")
        messages.success(request, done + none_left)
        return redirect(reverse("desk:list") + narrow.query())
    messages.success(request, done + _("つぎの未処理を開きました。"))
    return redirect(reverse("desk:notice", args=[following.id]) + narrow.query())
