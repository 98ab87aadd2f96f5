"""Lost access key: a link to a new one is mailed to the book's address. Nobody learns here who has a book."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renrakucho.faces.book.apply.item_fields import EmailField
from renrakucho.faces.book.book_session import access_key_once, needs_book, open_book_session, remember_access_key
from renrakucho.faces.book.saved_forms import drop_saved_form, redirect_to_saved_form, saved_wrong_form
from renrakucho.faces.book.text_fields import EMAIL_FIELD
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.throttle.rate_limit import RateLimit
from renrakucho.mail.book_login import LINK_HOURS, NoSuchKeyLink, book_of_link, request_key_link, use_key_link
from renrakucho.mail.models import MailKind
from renrakucho.mail.mover_mail import mail_name
from renrakucho.mover.book import normalized_email
from renrakucho.mover.models import Book
from renrakucho.page.code_limits import code_attempt
from renrakucho.page.compression import keep_uncompressed
from renrakucho.page.email_question import EmailQuestion
from renrakucho.page.errors import too_many
from renrakucho.page.http import client_address

# Every request counts: whether there is such a book must not be told. A town hall goes out by one network address.
REQUESTS_FROM = RateLimit("lost-key-from", 60, 60 * 60)  # of one network address
REQUESTS_TO = RateLimit("lost-key", 3, 60 * 60)  # to one mail address, which is nobody's to be filled with mails


class LostKeyForm(forms.Form):
    """The mail address of the book."""

    def __init__(self, question: EmailQuestion) -> None:
        super().__init__(question.data)
        self.question = question
        self.fields["email"] = EmailField(**EMAIL_FIELD)

    def clean(self) -> None:
        """Ask about an address that looks mistyped."""
        self.question.ask(self)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost_key_page(request: HttpRequest) -> HttpResponse:
    """Ask for the mail address. The answer is the same whether or not a book has it."""
    data = request.POST if request.method == "POST" else saved_wrong_form(request)
    drop_saved_form(request)
    form = LostKeyForm(EmailQuestion("email", data))
    if request.method != "POST" or not form.is_valid():
        page = render(request, "book/lost_key.html", {"form": form}, status=422 if request.method == "POST" else 200)
        return redirect_to_saved_form(request, page)
    email = form.cleaned_data["email"]
    attempt = REQUESTS_FROM.count_attempt(client_address(request))
    if attempt.allowed:
        attempt = attempt.with_attempt(REQUESTS_TO.count_attempt(normalized_email(email)))
    if not attempt.allowed:
        return too_many(request, attempt)
    request_key_link(email)
    return redirect("book:lost_key_sent")


@never_cache
@require_safe
def lost_key_sent_page(request: HttpRequest) -> HttpResponse:
    """Say what happens now, whether or not there is such a book."""
    return render(request, "book/lost_key_sent.html", {"mail": mail_name(MailKind.KEY_LINK), "hours": LINK_HOURS})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_key_page(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed link leads. Only a POST makes a new key: programs that look at mails open their links too."""
    attempt = code_attempt(request)
    if not attempt.allowed:
        return too_many(request, attempt)
    try:
        if request.method != "POST":
            book_of_link(token)
            attempt.uncount()
            return render(request, "book/new_key.html", {"access_key": ""})
        book, access_key = use_key_link(token)
    except NoSuchKeyLink:
        return render(request, "book/no_key_link.html", {"mail": mail_name(MailKind.KEY_RENEWED)}, status=404)
    attempt.uncount()
    remember_access_key(request, book, access_key)
    open_book_session(request, book)
    return redirect("book:new_key_shown")


@require_safe
@needs_book
def new_key_shown_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Show the new access key, as long as this session lasts."""
    access_key = access_key_once(request, book)
    if not access_key:
        return redirect("book:leaves")
    context = {"access_key": in_fours(access_key), "mail": mail_name(MailKind.KEY_RENEWED)}
    response = render(request, "book/new_key.html", context)
    keep_uncompressed(response)
    return response
