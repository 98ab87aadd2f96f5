"""Login and logout of a book: by e-mail address and access key, with a rate limit."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from renrakucho.faces.book.book_session import (
    close_book_session,
    current_book,
    current_draft,
    open_book_session,
)
from renrakucho.faces.book.saved_forms import (
    drop_saved_form,
    flat_form_data,
    latest_expired_form,
    redirect_to_saved_form,
    saved_form,
    saved_wrong_form,
)
from renrakucho.faces.book.text_fields import EMAIL_FIELD
from renrakucho.lib.text_fields import NO_SECRET_CHECK, CodeField
from renrakucho.lib.throttle.rate_limit import Attempt, RateLimit
from renrakucho.mail.models import MailKind
from renrakucho.mail.mover_mail import mail_name
from renrakucho.mover.book import NoSuchBook, is_confidential, normalized_email, open_with_access_key
from renrakucho.page.device_use import is_shared_computer, set_unremembered
from renrakucho.page.errors import too_many
from renrakucho.page.http import client_address, safe_next_url
from renrakucho.page.security_log import SecurityEvent, log_security_event

# Only wrong keys count. A town hall or a mobile carrier goes out by one address, where one person's mistakes must not
# lock out the next: they count for the mail address that they were typed with, and for the whole house much later.
# Neither is what keeps a book shut: a key has 120 random bits.
WRONG_KEYS = RateLimit("book-login", 10, 15 * 60)  # of one mail address from one network address
WRONG_KEYS_FROM = RateLimit("book-login-from", 100, 15 * 60)  # of one network address


class OpenBookForm(forms.Form):
    email = CodeField(**EMAIL_FIELD)
    access_key = CodeField(
        secret_check=NO_SECRET_CHECK,
        label=_("アクセスキー"),
        max_length=80,
        error_messages={
            "required": _("アクセスキーをご入力ください。"),
            "max_length": _("アクセスキーは24文字です。もう一度お確かめください。"),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_book_page(request: HttpRequest) -> HttpResponse:
    """Open a book. Every wrong pair gets the same answer, so that nobody can find out who moves."""
    if request.method != "POST":
        form = OpenBookForm(saved_wrong_form(request), initial=flat_form_data(saved_form(request)))
        if form.is_valid():
            _add_wrong_pair(form)
        return redirect_to_saved_form(request, _page(request, form, 200))
    drop_saved_form(request)
    form = OpenBookForm(request.POST)
    if not form.is_valid():
        return redirect_to_saved_form(request, _page(request, form, 422))
    attempt = _login_attempt(request, form.cleaned_data["email"])
    if not attempt.allowed:
        return too_many(request, attempt)
    try:
        book = open_with_access_key(form.cleaned_data["email"], form.cleaned_data["access_key"])
    except NoSuchBook:
        log_security_event(request, SecurityEvent.LOGIN_FAILED, account=normalized_email(form.cleaned_data["email"]))
        _add_wrong_pair(form)
        return redirect_to_saved_form(request, _page(request, form, 422))
    attempt.uncount()
    open_book_session(request, book)
    expired = latest_expired_form(request)
    if expired and expired.has_input:
        messages.info(request, gettext("さきほど入力した内容を戻しました。まだ送っていません。お確かめください。"))
    response = redirect(expired.path if expired else _next_url(request))
    set_unremembered(request, response, confidential=is_confidential(book))
    return response


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


@require_POST
def stay_open(request: HttpRequest) -> HttpResponse:
    """Restart the idle timeout of the opened book, on a shared computer of a draft too: its mover was asked, and goes
    on. 410 where it is closed already.
    """
    if current_book(request) is None and not (is_shared_computer(request) and current_draft(request)):
        return HttpResponse(status=410)
    request.session.modified = True
    return HttpResponse(status=204)


def _login_attempt(request: HttpRequest, email: str) -> Attempt:
    address = client_address(request)
    attempt = WRONG_KEYS_FROM.count_attempt(address)
    return (
        attempt.with_attempt(WRONG_KEYS.count_attempt(f"{address}\n{normalized_email(email)}"))
        if attempt.allowed
        else attempt
    )


def _add_wrong_pair(form: OpenBookForm) -> None:
    form.add_error(
        "access_key",
        gettext(
            "メールアドレスとアクセスキーの組み合わせが見つかりません。"
            "メール「%(mail)s」の24文字を、もう一度お確かめください。"
        )
        % {"mail": mail_name(MailKind.ACCESS_KEY)},
    )


def _next_url(request: HttpRequest) -> str:
    return safe_next_url(request, reverse("book:leaves"))


def _page(request: HttpRequest, form: OpenBookForm, status: int) -> HttpResponse:
    context = {
        "form": form,
        "next": _next_url(request),
        "mail": mail_name(MailKind.ACCESS_KEY),
        "late": latest_expired_form(request),
        "messages": messages.get_messages(request),
    }
    return render(request, "book/login.html", context, status=status)
