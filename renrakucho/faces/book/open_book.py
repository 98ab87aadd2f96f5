"""Login and logout of a book: by e-mail address and access key, with a rate limit."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renrakucho.faces.book.book_session import close_book_session, open_book_session
from renrakucho.faces.book.saved_forms import (
    drop_saved_form,
    latest_expired_form,
    redirect_to_saved_form,
    saved_wrong_form,
)
from renrakucho.lib.throttle.rate_limit import allow_attempt
from renrakucho.mover.book import NoSuchBook, open_with_access_key
from renrakucho.page.errors import too_many
from renrakucho.page.http import client_address, safe_next_url

TRIES, IN_SECONDS = 10, 15 * 60  # of one client


class OpenBookForm(forms.Form):
    email = forms.CharField(
        label=_("メールアドレス"),
        max_length=254,
        error_messages={
            "required": _("メールアドレスをご入力ください。"),
            "max_length": _("メールアドレスは254文字までです。もう一度お確かめください。"),
        },
    )
    access_key = forms.CharField(
        label=_("アクセスキー"),
        max_length=80,
        error_messages={
            "required": _("アクセスキーをご入力ください。申込登録通知メールに書いてあります。"),
            "max_length": _("アクセスキーは24文字です。申込登録通知メールを、もう一度お確かめください。"),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_book_page(request: HttpRequest) -> HttpResponse:
    """Open a book. Every wrong pair gets the same answer, so that nobody can find out who moves."""
    if request.method != "POST":
        form = OpenBookForm(saved_wrong_form(request))
        if form.is_valid():
            _add_wrong_pair(form)
        return redirect_to_saved_form(request, _page(request, form, 200))
    drop_saved_form(request)
    form = OpenBookForm(request.POST)
    if not form.is_valid():
        return redirect_to_saved_form(request, _page(request, form, 422))
    if not allow_attempt("book-login", client_address(request), limit=TRIES, seconds=IN_SECONDS):
        return too_many(request)
    try:
        book = open_with_access_key(form.cleaned_data["email"], form.cleaned_data["access_key"])
    except NoSuchBook:
        _add_wrong_pair(form)
        return redirect_to_saved_form(request, _page(request, form, 422))
    open_book_session(request, book)
    expired = latest_expired_form(request)
    if expired and expired.has_input:
        messages.info(request, gettext("さきほど入力した内容を戻しました。まだ送っていません。お確かめください。"))
    return redirect(expired.path if expired else _next_url(request))


@require_http_methods(["GET", "HEAD", "POST"])
def close_book(request: HttpRequest) -> HttpResponse:
    """Close the book in this browser, and let the browser forget its pages. A GET (a bookmark) closes nothing."""
    if request.method != "POST":
        return redirect("book:leaves")
    close_book_session(request)
    messages.success(request, gettext("れんらく帳を閉じました。"))
    response = redirect("book:login")
    response["Clear-Site-Data"] = '"cache"'
    return response


def _add_wrong_pair(form: OpenBookForm) -> None:
    form.add_error(
        "access_key",
        gettext(
            "メールアドレスとアクセスキーの組み合わせが見つかりません。"
            "申込登録通知メールの24文字を、もう一度お確かめください。"
        ),
    )


def _next_url(request: HttpRequest) -> str:
    return safe_next_url(request, reverse("book:leaves"))


def _page(request: HttpRequest, form: OpenBookForm, status: int) -> HttpResponse:
    context = {
        "form": form,
        "next": _next_url(request),
        "late": latest_expired_form(request),
        "messages": messages.get_messages(request),
    }
    return render(request, "book/login.html", context, status=status)
