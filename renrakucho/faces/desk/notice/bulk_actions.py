"""Bulk actions: several notices at once, accepted with a receipt number each, or sent back with one reason.

Each is done or not done by itself; of those that are not, the page says why, and what was typed stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from renrakucho.account.session_values import save_desk_form, take_saved_form
from renrakucho.account.staff_session import page_context, requires_permission
from renrakucho.faces.desk.list.notice_queue import NoticeSummary, notice_summary
from renrakucho.faces.desk.list.selection import (
    left_out_sentence,
    selected_notices,
    selection_query,
    without_confidential,
)
from renrakucho.faces.desk.notice.clerk_history import AnswerConflict, answer_conflict, receipt_history
from renrakucho.lib.identifiers import in_fours
from renrakucho.notice.models import Notice
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.receipt.evidence import StaffActor
from renrakucho.receipt.provider_actions import answer_notice, is_answerable
from renrakucho.receipt.provider_answer import (
    AcceptForm,
    CheckMissing,
    ProviderAnswer,
    ReturnForm,
    needs_identity_check,
)
from renrakucho.receipt.transitions import InvalidTransition


@dataclass(frozen=True)
class BulkLine:
    """One notice. form: for its receipt number; conflict: what came in between, where it cannot be answered now.
    alone: it is accepted on its own page, where the clerk says how they made sure of the customer.
    """

    notice: Notice
    number: str
    summary: NoticeSummary
    form: AcceptForm
    conflict: AnswerConflict | None
    alone: bool


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.ANSWER)
def bulk_actions(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The page of the ticked notices, and the answer to all of them."""
    ticked = selected_notices(staff.provider, request.GET.getlist("id"))
    notices = without_confidential(ticked)
    if len(notices) < len(ticked) and request.method != "POST":
        messages.warning(request, left_out_sentence(len(ticked) - len(notices)))
    if not notices:
        return redirect("desk:list")
    if request.method != "POST":
        saved = take_saved_form(request, request.path)
        return _page(request, staff, notices, saved.fields if saved else None, late=bool(saved and saved.late))
    left = (
        _return_all(request, staff, notices)
        if request.POST.get("do") == "return"
        else _accept_all(request, staff, notices)
    )
    if not left:
        return redirect("desk:list")
    if save_desk_form(request):
        return redirect(reverse("desk:several") + selection_query(left))
    return _page(request, staff, left, request.POST, status=422)


def _accept_all(request: HttpRequest, staff: Staff, notices: Sequence[Notice]) -> list[Notice]:
    """Accept each notice with its number. Returns those that were not accepted."""
    left = []
    for notice in notices:
        form = _form(notice, request.POST)
        if not form.is_valid() or not _answered(notice, staff, ProviderAnswer(form.cleaned_data["number"])):
            left.append(notice)
    done = len(notices) - len(left)
    if done:
        said = ngettext("%(num)s件を受理しました。", "%(num)s件を受理しました。", done) % {"num": done}
        messages.success(request, said + _("お客さまにメールでお知らせします。"))
    if left:
        not_done = ngettext("%(num)s件は受理していません。", "%(num)s件は受理していません。", len(left)) % {
            "num": len(left)
        }
        messages.error(request, not_done + _("わけは、それぞれの行にあります。"))
    return left


def _return_all(request: HttpRequest, staff: Staff, notices: Sequence[Notice]) -> list[Notice]:
    """Return every notice with one reason. Returns those that were not sent back."""
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return list(notices)
    answer = ProviderAnswer(reason=form.cleaned_data["reason"])
    left = [notice for notice in notices if not _answered(notice, staff, answer)]
    done = len(notices) - len(left)
    if done:
        said = ngettext("%(num)s件を差し戻しました。", "%(num)s件を差し戻しました。", done) % {"num": done}
        messages.success(request, said + _("お客さまにメールでお知らせします。"))
    if left:
        not_done = ngettext("%(num)s件は差し戻していません。", "%(num)s件は差し戻していません。", len(left))
        messages.error(request, not_done % {"num": len(left)} + _("わけは、それぞれの行にあります。"))
    return left


def _answered(notice: Notice, staff: Staff, answer: ProviderAnswer) -> bool:
    """False where something came in between; True also for what had this answer already."""
    try:
        answer_notice(notice, answer, StaffActor(staff))
    except (InvalidTransition, CheckMissing):
        return False
    return True


def _form(notice: Notice, typed: Mapping[str, str]) -> AcceptForm:
    return AcceptForm(typed, prefix=str(notice.id))


def _page(
    request: HttpRequest,
    staff: Staff,
    notices: Sequence[Notice],
    typed: QueryDict | None,
    *,
    late: bool = False,
    status: int = 200,
) -> HttpResponse:
    returning = bool(typed and typed.get("do") == "return")
    checked = typed is not None and not late
    lines = [_line(notice, typed, checked and not returning) for notice in notices]
    context = {
        **page_context(staff, "list"),
        "lines": lines,
        "open": [line for line in lines if line.conflict is None],
        "return_form": _return_form(typed, checked and returning),
        "returning": returning,
        "came_late": late,
        "query": selection_query(notices),
        "messages": messages.get_messages(request),
    }
    return render(request, "desk/several.html", context, status=status)


def _line(notice: Notice, typed: QueryDict | None, checked: bool) -> BulkLine:
    prefix = str(notice.id)
    number = typed.get(f"{prefix}-number", "") if typed else ""
    form = AcceptForm(typed, prefix=prefix) if checked else AcceptForm(initial={"number": number}, prefix=prefix)
    conflict = answer_conflict(notice, receipt_history(notice), number) if not is_answerable(notice) else None
    alone = conflict is None and needs_identity_check(notice)
    return BulkLine(notice, in_fours(notice.number), notice_summary(notice), form, conflict, alone)


def _return_form(typed: QueryDict | None, checked: bool) -> ReturnForm:
    if checked:
        return ReturnForm(typed)
    return ReturnForm(initial={"reason": typed.get("reason", "") if typed else ""})
