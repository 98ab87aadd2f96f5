"""Answer code: finds the notice by the code, typed or in the address, within a rate limit."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renrakucho.lib.text_fields import CodeField
from renrakucho.notice.answer_code import LENGTH, NoSuchCode, cleaned_answer_code, notice_by_code
from renrakucho.notice.models import Notice
from renrakucho.page.code_limits import code_attempt
from renrakucho.page.errors import too_many

_LONGEST_CODE = 200  # a whole address with the code at its end

View = Callable[[HttpRequest, Notice, str], HttpResponse]


class CodeForm(forms.Form):
    """The code on the page."""

    code = CodeField(
        label=gettext_lazy("回答コード"),
        max_length=_LONGEST_CODE,
        error_messages={
            "required": gettext_lazy("回答コードをご入力ください。届いた紙に書いてあります。"),
            "max_length": gettext_lazy("回答コードは10文字です。届いた紙を、もう一度お確かめください。"),
        },
    )

    def clean_code(self) -> str:
        """Normalise as the code stands in the address."""
        code = cleaned_answer_code(self.cleaned_data["code"])
        if code is None:
            raise ValidationError(
                _("回答コードは%(length)d文字の英数字です。0・1・I・L・Oは使っていません。もう一度お確かめください。")
                % {"length": LENGTH}
            )
        return code


def needs_code(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """The view gets the notice and its code. An unknown code gets the code page, with 404."""

    @never_cache
    @wraps(view)
    def with_notice(request: HttpRequest, code: str) -> HttpResponse:
        attempt = code_attempt(request)
        if not attempt.allowed:
            return too_many(request, attempt)
        cleaned = cleaned_answer_code(code)
        if cleaned is None:
            return _unknown(request, code)
        if cleaned != code and request.method != "POST":
            return redirect("answer:notice", cleaned)
        try:
            notice = notice_by_code(cleaned)
        except NoSuchCode:
            return _unknown(request, code)
        attempt.uncount()
        return view(request, notice, cleaned)

    return with_notice


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_code(request: HttpRequest) -> HttpResponse:
    """The code, typed from the paper."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect("answer:notice", form.cleaned_data["code"])
    return render(request, "answer/code.html", {"form": form}, status=422 if form.is_bound else 200)


def _unknown(request: HttpRequest, code: str) -> HttpResponse:
    form = CodeForm({"code": code})
    if form.is_valid():
        form.add_error(
            "code", _("この回答コードの連絡が見つかりません。届いた紙のコードを、1文字ずつお確かめください。")
        )
    return render(request, "answer/code.html", {"form": form}, status=404)
