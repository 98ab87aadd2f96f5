"""Pages of the holder's confirmation: the mover asks, the holder answers by the mailed link, without a login."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renrakucho.faces.book.apply.item_fields import EmailField
from renrakucho.faces.book.book_session import needs_book
from renrakucho.faces.book.mailbox_code import capped_page
from renrakucho.faces.book.mailbox_links import use_link
from renrakucho.mover.models import Book
from renrakucho.notice.holder_state import present_word
from renrakucho.notice.models import HolderState, Status
from renrakucho.notice.notice_caps import CapReached, count_code_mail
from renrakucho.notice.notice_form import draft_of
from renrakucho.page.http import client_address
from renrakucho.receipt.holder_confirmation import (
    HolderHasAnswered,
    HolderQuestion,
    MoversOwnMailbox,
    answer_as_holder,
    ask_holder,
    holder_question,
    holder_standing,
    waive_holder,
)


class HolderMailForm(forms.Form):
    """The holder's own mail address."""

    email = EmailField(
        label=gettext_lazy("ご契約者のメールアドレス"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("ご契約者のメールアドレスを入れてください。"),
            "max_length": gettext_lazy("メールアドレスの形ではありません。打ちまちがいをお確かめください。"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs_book
def holder_page(request: HttpRequest, book: Book) -> HttpResponse:
    """How it stands with the holder, whose mail address the mover enters, or says that there is none."""
    if request.method == "POST" and request.POST.get("act") == "none":
        return _waive(request, book)
    form = HolderMailForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _holder_page(request, book, form)
    email = form.cleaned_data["email"]
    try:
        count_code_mail(email, client_address(request))
        ask_holder(book, email)
    except CapReached as error:
        return capped_page(request, error)
    except MoversOwnMailbox:
        form.add_error("email", _("引っ越す方と同じアドレスです。ご契約者が読む、別のアドレスを入れてください。"))
        return _holder_page(request, book, form)
    except HolderHasAnswered:
        return redirect("book:holder")
    messages.success(request, _("ご契約者にメールを送りました。確認していただくと、手続を送ります。"))
    return redirect("book:holder")


def _waive(request: HttpRequest, book: Book) -> HttpResponse:
    try:
        waive_holder(book)
    except HolderHasAnswered:
        return redirect("book:holder")
    messages.success(request, _("手続を送ります。事業者には、ご契約者に確かめていないことを伝えます。"))
    return redirect("book:leaves")


def _holder_page(request: HttpRequest, book: Book, form: HolderMailForm) -> HttpResponse:
    waiting = book.notices.filter(holder=HolderState.WAITS, status=Status.ENTERED).order_by("position")
    context = {
        "section": "book",
        "form": form,
        "standing": holder_standing(book),
        "word": present_word(book),
        "waiting": [(notice, draft_of(notice).card.name) for notice in waiting],
        "messages": messages.get_messages(request),
    }
    return render(request, "book/holder.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def holder_answer_page(request: HttpRequest) -> HttpResponse:
    """Show the holder what is asked, and take their answer. Only a POST shows or does something: the link's text is no
    part of an address that servers see.
    """

    def answered(text: str) -> HolderQuestion | None:
        question, answer = holder_question(text), request.POST.get("answer")
        if question and answer in ("yes", "no"):
            answer_as_holder(text, confirms=answer == "yes")
            return holder_question(text) or question
        return question

    wrong = _("この文字は期限が切れたか、新しいメールを送ったあとの古いものか、まちがっています。")
    return use_link(request, "book/holder_answer.html", answered, wrong)[1]
