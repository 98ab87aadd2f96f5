"""A clerk's actions on one notice: accept, return, have it sent again. Each is safe to press twice.

Input that cannot be taken is saved, and its page is shown again: Back and reload then never send anything.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renrakucho.account.session_values import save_desk_form
from renrakucho.account.staff_session import requires_permission
from renrakucho.faces.desk.list.notice_queue import desk_notice_or_404, filter_from_query, next_to_do
from renrakucho.faces.desk.notice.clerk_history import answer_conflict, receipt_history
from renrakucho.faces.desk.notice.notice_detail import can_be_resent, render_notice_page
from renrakucho.lib.identifiers import in_fours
from renrakucho.notice.models import Notice
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.receipt.evidence import StaffActor
from renrakucho.receipt.provider_actions import answer_notice, request_resend
from renrakucho.receipt.provider_answer import AcceptForm, ProviderAnswer, ReturnForm, check_form_for
from renrakucho.receipt.transitions import InvalidTransition


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.ANSWER)
def accept_at_desk(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """受理, with the receipt number. A GET is someone who had to log in first."""
    notice = desk_notice_or_404(staff, notice_id)
    if request.method != "POST":
        return _to_notice(request, notice)
    form, check_form = AcceptForm(request.POST), check_form_for(notice, request.POST)
    is_checked = check_form is None or check_form.is_valid()
    if not form.is_valid() or not is_checked:
        return _save_and_show(request, staff, notice, 422, accept_form=form, check_form=check_form)
    number, check = form.cleaned_data["number"], check_form.said() if check_form else None
    try:
        answer_notice(notice, ProviderAnswer(receipt_number=number, check=check), StaffActor(staff))
    except InvalidTransition:
        return _too_late(request, staff, notice, typed=number)
    done = _("%(number)s を受理しました。お客さまにメールでお知らせします。") % {"number": in_fours(notice.number)}
    return _to_next(request, staff, notice, done)


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.ANSWER)
def return_at_desk(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """差戻し, with the reason. A GET is someone who had to log in first."""
    notice = desk_notice_or_404(staff, notice_id)
    if request.method != "POST":
        return _to_notice(request, notice)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _save_and_show(request, staff, notice, 422, return_form=form)
    reason = form.cleaned_data["reason"]
    try:
        answer_notice(notice, ProviderAnswer(reason=reason), StaffActor(staff))
    except InvalidTransition:
        return _too_late(request, staff, notice, typed=reason)
    done = _("%(number)s を差し戻しました。お客さまにメールでお知らせします。") % {"number": in_fours(notice.number)}
    return _to_next(request, staff, notice, done)


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.ANSWER)
def resend_from_desk(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """Have it sent once more by the channel it came: the paper was lost, or a system dropped it."""
    notice = desk_notice_or_404(staff, notice_id)
    if request.method != "POST" or not can_be_resent(notice):
        return _to_notice(request, notice)
    try:
        request_resend(notice, StaffActor(staff))
    except InvalidTransition:
        messages.warning(request, _("送りませんでした。このれんらくは、もう未処理ではありません。"))
        return _to_notice(request, notice)
    messages.success(request, _("もう一度送るよう、引越れんらく帳に頼みました。"))
    return _to_notice(request, notice)


def _to_notice(request: HttpRequest, notice: Notice) -> HttpResponse:
    """To the notice's page, in the list that it was opened from."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse("desk:notice", args=[notice.id]) + (f"?{query}" if query else ""))


def _save_and_show(request: HttpRequest, staff: Staff, notice: Notice, status: int, **shown: Any) -> HttpResponse:
    """The page again, with what was typed; in the response itself where it is too much to be saved."""
    return (
        _to_notice(request, notice)
        if save_desk_form(request)
        else render_notice_page(request, staff, notice, status=status, **shown)
    )


def _too_late(request: HttpRequest, staff: Staff, notice: Notice, *, typed: str) -> HttpResponse:
    now = desk_notice_or_404(staff, notice.id)
    return _save_and_show(request, staff, now, 409, conflict=answer_conflict(now, receipt_history(now), typed))


def _to_next(request: HttpRequest, staff: Staff, notice: Notice, done: str) -> HttpResponse:
    chosen = filter_from_query(request.GET, staff.provider)
    following = next_to_do(staff.provider, notice, chosen)
    if following is None:
        none_left = _("絞り込んだ一覧に、未処理はもうありません。") if chosen else _("未処理はもうありません。")
        messages.success(request, done + none_left)
        return redirect(reverse("desk:list") + chosen.query())
    messages.success(request, done + _("つぎの未処理を開きました。"))
    return redirect(reverse("desk:notice", args=[following.id]) + chosen.query())
