"""Page of a notice on paper: its holder answers for the provider, and reads nothing of the mover.

Accepting and returning are each safe to press twice.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renrakucho.faces.answer.code_page import needs_code
from renrakucho.lib.identifiers import in_fours
from renrakucho.notice.answer_code import notice_by_code
from renrakucho.notice.connected_providers import provider_name
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_form, frozen_title
from renrakucho.provider.audit_log import has_given_reason, log_reason
from renrakucho.receipt.answer_by_code import AnswerCodeExpired, answer_by_code, is_code_open, mark_paper_seen
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.provider_actions import is_answerable, receipt_number_of, return_reason_of
from renrakucho.receipt.provider_answer import AcceptForm, ProviderAnswer, ReasonForm, ReturnForm, check_form_for
from renrakucho.receipt.transitions import InvalidTransition

_OPEN_FOR = timedelta(minutes=30)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_code
def paper_page(request: HttpRequest, notice: Notice, code: str) -> HttpResponse:
    """The notice. A GET records once that it was opened; a HEAD does not: a machine asks whether the address exists.

    A confidential one is opened by a POST with a reason, for half an hour.
    """
    if request.method == "POST":
        return _take_reason(request, notice, code)
    if request.method == "GET" and not _is_locked(notice):
        mark_paper_seen(notice)
        notice = notice_by_code(code)
    return _render_paper(request, notice, code)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_code
def accept_by_paper(request: HttpRequest, notice: Notice, code: str) -> HttpResponse:
    """受理."""
    if request.method != "POST":
        return redirect("answer:notice", code)
    form = AcceptForm.for_office(request.POST)
    check_form = check_form_for(notice, request.POST)
    is_checked = check_form is None or check_form.is_valid()
    if not form.is_valid() or not is_checked:
        return _render_paper(request, notice, code, accept_form=form, check_form=check_form, status=422)
    number, check = form.cleaned_data["number"], check_form.said() if check_form else None
    return _answer(request, notice, code, ProviderAnswer(receipt_number=number, check=check), typed=number)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_code
def return_by_paper(request: HttpRequest, notice: Notice, code: str) -> HttpResponse:
    """差戻し."""
    if request.method != "POST":
        return redirect("answer:notice", code)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _render_paper(request, notice, code, return_form=form, status=422)
    reason = form.cleaned_data["reason"]
    return _answer(request, notice, code, ProviderAnswer(reason=reason), typed=reason)


def _is_locked(notice: Notice) -> bool:
    """Whether a reason has to be given first. Whoever holds the code is one to the portal."""
    since = timezone.now() - _OPEN_FOR
    return frozen_form(notice).confidential and not has_given_reason(notice.provider, notice.number, since)


def _take_reason(request: HttpRequest, notice: Notice, code: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if _is_locked(notice):
        if not form.is_valid():
            return _ask_reason(request, notice, form=form, code=code, status=422)
        with transaction.atomic():
            log_reason(notice.provider, notice.number, form.cleaned_data["reason"], about=_("回答コード"))
    return redirect("answer:notice", code)


def _ask_reason(
    request: HttpRequest, notice: Notice, code: str, *, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    """Ask for the reason; nothing is shown but the number, and what came of the notice."""
    context = {
        "form": form or ReasonForm(),
        "code": code,
        "number": in_fours(notice.number),
        "provider": provider_name(notice.provider),
        "standing": _standing(notice),
        "receipt_number": receipt_number_of(notice),
    }
    return render(request, "answer/locked.html", context, status=status)


def _answer(request: HttpRequest, notice: Notice, code: str, answer: ProviderAnswer, *, typed: str) -> HttpResponse:
    try:
        answer_by_code(notice, answer)
    except (InvalidTransition, AnswerCodeExpired):  # the page shows how the notice stands instead
        too_late = _("いま入力された内容は、記録していません: %(typed)s") % {"typed": typed}
        return _render_paper(request, notice_by_code(code), code, too_late=too_late, status=409)
    return redirect("answer:notice", code)


def _render_paper(request: HttpRequest, notice: Notice, code: str, *, status: int = 200, **more: Any) -> HttpResponse:
    """more: forms with what was typed, and what came of an answer that was not taken (`too_late`)."""
    if _is_locked(notice):
        return _ask_reason(request, notice, code, status=status)
    newer = getattr(notice, "replaced_by", None)
    accepted = notice.receipts.filter(kind=ReceiptKind.ACCEPTED).first()
    context = {
        "accept_form": AcceptForm.for_office(),
        "check_form": check_form_for(notice),
        "return_form": ReturnForm(),
        "too_late": "",
        "code": code,
        "number": in_fours(notice.number),
        "provider": provider_name(notice.provider),
        "title": frozen_title(notice),
        "written_at": notice.written_at,
        "open": is_code_open(notice),
        "standing": _standing(notice),
        "newer": in_fours(newer.number) if newer else "",
        "receipt_number": receipt_number_of(notice),
        "accepted_at": accepted.recorded_at if accepted else None,
        "reason": return_reason_of(notice),
        **more,
    }
    return render(request, "answer/notice.html", context, status=status)


def _standing(notice: Notice) -> str:
    """open, expired, accepted, returned or withdrawn."""
    if not is_answerable(notice):
        return str(notice.status)
    return "open" if is_code_open(notice) else "expired"
