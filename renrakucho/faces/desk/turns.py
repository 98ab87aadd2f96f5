"""What a clerk does with a notice: accept it or send it back. Each is safe to press twice."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renrakucho.faces.desk.conflict import conflict
from renrakucho.faces.desk.forms import AcceptForm, ReturnForm
from renrakucho.faces.desk.history import history
from renrakucho.faces.desk.one import notice_of, page
from renrakucho.faces.desk.queue import next_to_do, spoken
from renrakucho.faces.desk.session import needs_staff
from renrakucho.notice.models import Notice
from renrakucho.provider.staff import Staff
from renrakucho.receipt.models import Kind
from renrakucho.receipt.provider_turn import accept, send_back
from renrakucho.receipt.record import OutOfTurn


@require_http_methods(["GET", "POST"])
@needs_staff
def accept_it(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """受理, with the receipt number. A GET is someone who had to log in first."""
    notice = notice_of(staff, notice_id)
    if request.method != "POST":
        return redirect("desk:notice", notice.id)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return page(request, staff, notice, accept_form=form, status=422)
    number = form.cleaned_data["number"]
    try:
        accept(notice, staff, number)
    except OutOfTurn:
        return _too_late(request, staff, notice, typed=number)
    return _on(
        request,
        staff,
        notice,
        _("%(number)s を受理しました。お客さまにメールでお知らせします。") % {"number": spoken(notice.number)},
    )


@require_http_methods(["GET", "POST"])
@needs_staff
def return_it(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """差戻し, with the reason."""
    notice = notice_of(staff, notice_id)
    if request.method != "POST":
        return redirect("desk:notice", notice.id)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return page(request, staff, notice, return_form=form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        send_back(notice, staff, reason)
    except OutOfTurn:
        return _too_late(request, staff, notice, typed=reason)
    if not _is_ours(notice, reason):
        return _too_late(request, staff, notice, typed=reason)
    return _on(
        request,
        staff,
        notice,
        _("%(number)s を差し戻しました。お客さまにメールでお知らせします。") % {"number": spoken(notice.number)},
    )


def _is_ours(notice: Notice, reason: str) -> bool:
    """Whether this reason is the one that stands: a notice that was returned stays as it was returned first."""
    return any(each.kind == Kind.RETURNED and each.word == reason for each in history(notice))


def _on(request: HttpRequest, staff: Staff, notice: Notice, done: str) -> HttpResponse:
    following = next_to_do(staff.provider, notice)
    if following is None:
        messages.success(request, done + _("未処理はもうありません。"))
        return redirect("desk:list")
    messages.success(request, done + _("つぎの未処理を開きました。"))
    return redirect("desk:notice", following.id)


def _too_late(request: HttpRequest, staff: Staff, notice: Notice, *, typed: str) -> HttpResponse:
    now = notice_of(staff, notice.id)
    return page(request, staff, now, conflict=conflict(now, history(now), typed), status=409)
