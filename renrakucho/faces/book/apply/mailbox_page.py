"""Mailbox page: after the registration the mover enters the mailed code, has a new one sent, or corrects the address.

Double submit: a second press of «登録する» or of the code comes with the number of a session that has just ended. Its
form names its book in a sealed field: that leads to the page where the code is entered, and opens nothing without it.
"""

from dataclasses import replace

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renrakucho.faces.book.apply.item_fields import EmailField
from renrakucho.faces.book.book_session import current_book, intended_book, page_owner, restart_idle_timeout
from renrakucho.faces.book.mailbox_code import (
    MailboxCodeForm,
    capped_page,
    code_form_here,
    enter_code,
    open_proved_book,
)
from renrakucho.faces.book.saved_forms import drop_saved_form, redirect_to_saved_form, saved_wrong_form
from renrakucho.faces.book.text_fields import EMAIL_FIELD
from renrakucho.mail.book_login import save_book_entries
from renrakucho.mail.mailbox_proof import CODE_MINUTES, MailboxProof, code_mail_kind, resend_code
from renrakucho.mail.mover_mail import mail_name
from renrakucho.mover.book import contact_email, email_hash, entries_of, handed_out_key
from renrakucho.mover.models import Book
from renrakucho.notice.notice_caps import CapReached, count_code_mail
from renrakucho.page.http import client_address
from renrakucho.sheet.form import CARRIED


class AddressForm(forms.Form):
    """The address that the code goes to."""

    email = EmailField(**EMAIL_FIELD)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox_page(request: HttpRequest) -> HttpResponse:
    """Ask for the code. A POST comes from a browser that has the book open, or with the sealed field of its page."""
    opened, meant = current_book(request), intended_book(request)
    if request.method == "POST":
        book = meant if meant and meant.registered_at else opened
        if book is None:
            return redirect("book:login")
        if opened and opened.id == book.id and "email" in request.POST:
            drop_saved_form(request)
            return redirect_to_saved_form(request, _send_again(request, opened), opened.id)
        return _enter(request, book, is_opened=bool(opened and opened.id == book.id))
    if opened is None:
        return redirect("book:login")
    restart_idle_timeout(request)
    if opened.mailbox_proved_at:
        # Proved by the mailed link, perhaps on a telephone: this browser, which registered, goes on from here.
        open_proved_book(request, MailboxProof(opened, handed_out_key(opened)))
        return redirect("book:registered")
    sent = saved_wrong_form(request)
    form, address = code_form_here(opened, sent), _address_form(opened)
    if sent is not None and "email" in sent:
        address = AddressForm(sent)
    return redirect_to_saved_form(request, code_page(request, opened, form or MailboxCodeForm(), address=address))


def _enter(request: HttpRequest, book: Book, *, is_opened: bool) -> HttpResponse:
    drop_saved_form(request)
    form = MailboxCodeForm(request.POST)
    if enter_code(request, book, form):
        return redirect("book:registered")
    address = _address_form(book) if is_opened else None
    page = code_page(request, book, form, address=address, status=422)
    return redirect_to_saved_form(request, page, book.id) if is_opened else page


def _send_again(request: HttpRequest, book: Book) -> HttpResponse:
    form = AddressForm(request.POST)
    if not form.is_valid():
        return code_page(request, book, MailboxCodeForm(), address=form, status=422)
    email = form.cleaned_data["email"]
    try:
        count_code_mail(email, client_address(request))
    except CapReached as error:
        return capped_page(request, error)
    if email_hash(email) == book.email_hash:
        resend_code(book)
    else:
        entries = entries_of(book)
        save_book_entries(book, replace(entries, items={**entries.items, "contact.email": email}))
    messages.success(request, _("新しい番号を送りました。前の番号は使えません。"))
    return redirect("book:mailbox")


def _address_form(book: Book) -> AddressForm:
    return AddressForm(initial={"email": contact_email(book)})


def code_page(
    request: HttpRequest, book: Book, form: MailboxCodeForm, *, address: AddressForm | None = None, status: int = 200
) -> HttpResponse:
    """The page that asks for the code. address: the form that sends it again; None for a browser that has not the book
    open, which is not told the address either.
    """
    carried = book.notices.filter(channel=CARRIED).exists() if address else False
    context = {
        "section": "book",
        "form": form,
        "address": address,
        "email": contact_email(book) if address else "",
        "mail": mail_name(code_mail_kind(book)),
        "minutes": CODE_MINUTES,
        "carried": carried,
        "belongs": page_owner(book),
        "letter_box": f"{settings.SANDBOX_URL}/mail" if settings.SANDBOX else "",
        "messages": messages.get_messages(request),
    }
    return render(request, "book/mailbox.html", context, status=status)
