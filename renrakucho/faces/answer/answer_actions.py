"""Answering for the provider: with a receipt number, or with what has to be put right. Each is safe to press twice."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renrakucho.faces.answer.code_page import needs_code
from renrakucho.faces.answer.forms import AcceptForm, ReturnForm
from renrakucho.faces.answer.notice_page import render_paper_page
from renrakucho.notice.answer_code import notice_by_code
from renrakucho.notice.models import Notice
from renrakucho.receipt.answer_by_code import AnswerCodeExpired, accept_by_code, mark_paper_seen, return_by_code
from renrakucho.receipt.transitions import InvalidTransition


@require_http_methods(["GET", "HEAD"])
@needs_code
def paper_page(request: HttpRequest, notice: Notice, code: str) -> HttpResponse:
    """The notice. That it was opened is recorded once; a HEAD is a machine that looks whether the address is there."""
    if request.method == "GET":
        mark_paper_seen(notice)
        notice = notice_by_code(code)
    return render_paper_page(request, notice, code)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_code
def accept_by_paper(request: HttpRequest, notice: Notice, code: str) -> HttpResponse:
    """受理."""
    if request.method != "POST":
        return redirect("answer:notice", code)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return render_paper_page(request, notice, code, accept_form=form, status=422)
    try:
        accept_by_code(notice, form.cleaned_data["number"])
    except (InvalidTransition, AnswerCodeExpired):
        return _too_late(request, code, form.cleaned_data["number"])
    return redirect("answer:notice", code)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_code
def return_by_paper(request: HttpRequest, notice: Notice, code: str) -> HttpResponse:
    """差戻し."""
    if request.method != "POST":
        return redirect("answer:notice", code)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return render_paper_page(request, notice, code, return_form=form, status=422)
    try:
        return_by_code(notice, form.cleaned_data["reason"])
    except (InvalidTransition, AnswerCodeExpired):
        return _too_late(request, code, form.cleaned_data["reason"])
    return redirect("answer:notice", code)


def _too_late(request: HttpRequest, code: str, typed: str) -> HttpResponse:
    """What stands instead is what the page shows anyway."""
    words = _("いま入力された内容は、記録していません: %(typed)s") % {"typed": typed}
    return render_paper_page(request, notice_by_code(code), code, too_late=words, status=409)
