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

from renrakucho.faces.desk.conflict import conflict
from renrakucho.faces.desk.held import hold
from renrakucho.faces.desk.history import history
from renrakucho.faces.desk.narrowing import narrow_of
from renrakucho.faces.desk.one import comes_from_here, notice_of, page
from renrakucho.faces.desk.queue import next_to_do
from renrakucho.faces.desk.session import allowed
from renrakucho.faces.desk.turn_forms import AcceptForm, ReturnForm
from renrakucho.lib.legible import in_fours
from renrakucho.notice.models import Notice
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_role import Act
from renrakucho.provider.staff_trace import Deed, note_notices
from renrakucho.receipt.provider_turn import accept, ask_again, send_back
from renrakucho.receipt.record import OutOfTurn


@require_http_methods(["GET", "POST"])
@allowed(Act.ANSWER)
def accept_it(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """受理, with the receipt number. A GET is someone who had to log in first."""
    notice = notice_of(staff, notice_id)
    if request.method != "POST":
        return _again(request, notice)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _held(request, staff, notice, 422, accept_form=form)
    number = form.cleaned_data["number"]
    if not accepted(notice, staff, number):
        return _too_late(request, staff, notice, typed=number)
    done = _("%(number)s を受理しました。お客さまにメールでお知らせします。") % {"number": in_fours(notice.number)}
    return _on(request, staff, notice, done)


@require_http_methods(["GET", "POST"])
@allowed(Act.ANSWER)
def return_it(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """差戻し, with the reason."""
    notice = notice_of(staff, notice_id)
    if request.method != "POST":
        return _again(request, notice)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _held(request, staff, notice, 422, return_form=form)
    reason = form.cleaned_data["reason"]
    if not sent_back(notice, staff, reason):
        return _too_late(request, staff, notice, typed=reason)
    done = _("%(number)s を差し戻しました。お客さまにメールでお知らせします。") % {"number": in_fours(notice.number)}
    return _on(request, staff, notice, done)


@require_http_methods(["GET", "POST"])
@allowed(Act.ANSWER)
def send_again(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """Have it brought once more by the way it came: the paper was lost, or a system let it fall."""
    notice = notice_of(staff, notice_id)
    if request.method != "POST" or not comes_from_here(notice):
        return _again(request, notice)
    try:
        ask_again(notice, staff=staff)
    except OutOfTurn:
        messages.warning(request, _("送りませんでした。このれんらくは、もう未処理ではありません。"))
        return _again(request, notice)
    note_notices(staff, Deed.ASKED_AGAIN, [notice.number])
    messages.success(request, _("もう一度送るよう、引越れんらく帳に頼みました。"))
    return _again(request, notice)


def accepted(notice: Notice, staff: Staff, number: str) -> bool:
    """受理. False where something came in between; True also for what this number was accepted with already."""
    try:
        accept(notice, staff, number)
    except OutOfTurn:
        return False
    note_notices(staff, Deed.ACCEPTED, [notice.number])
    return True


def sent_back(notice: Notice, staff: Staff, reason: str) -> bool:
    """差戻し. False where something came in between; True also for what was sent back with this reason already."""
    try:
        send_back(notice, staff, reason)
    except OutOfTurn:
        return False
    note_notices(staff, Deed.RETURNED, [notice.number])
    return True


def _again(request: HttpRequest, notice: Notice) -> HttpResponse:
    """To the notice's page, in the list that it was opened from."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse("desk:notice", args=[notice.id]) + (f"?{query}" if query else ""))


def _held(request: HttpRequest, staff: Staff, notice: Notice, status: int, **shown: Any) -> HttpResponse:
    """The page again, with what was typed; in the answer itself where it is too much to be kept."""
    return _again(request, notice) if hold(request) else page(request, staff, notice, status=status, **shown)


def _too_late(request: HttpRequest, staff: Staff, notice: Notice, *, typed: str) -> HttpResponse:
    now = notice_of(staff, notice.id)
    return _held(request, staff, now, 409, conflict=conflict(now, history(now), typed))


def _on(request: HttpRequest, staff: Staff, notice: Notice, done: str) -> HttpResponse:
    narrow = narrow_of(request.GET, staff.provider)
    following = next_to_do(staff.provider, notice, narrow)
    if following is None:
        none_left = _("絞り込んだ一覧に、未処理はもうありません。") if narrow else _("未処理はもうありません。")
        messages.success(request, done + none_left)
        return redirect(reverse("desk:list") + narrow.query())
    messages.success(request, done + _("つぎの未処理を開きました。"))
    return redirect(reverse("desk:notice", args=[following.id]) + narrow.query())
