"""Code of the mailbox proof, wherever it is entered: its field, its limits, and the session after the proof."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renrakucho.faces.book.book_session import open_book_session, remember_access_key
from renrakucho.faces.book.saved_forms import saved_wrong_form
from renrakucho.lib.text_fields import CodeField
from renrakucho.lib.throttle.rate_limit import Attempt, RateLimit
from renrakucho.mail.mailbox_proof import (
    MailboxProof,
    WrongMailboxCode,
    code_problem,
    has_open_code,
    prove_by_code,
    resend_code,
)
from renrakucho.mover.book import contact_email
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_caps import CapReached, count_code_mail
from renrakucho.page.formatting import format_clock, join_sentences
from renrakucho.page.http import client_address, with_retry_after

CODE_FIELD = "mailbox_code"
# A code has five tries of its own. This limit and the caps on new codes keep many books from giving more.
WRONG_CODES_FROM = RateLimit("mailbox-code-from", 60, 60 * 60)  # of one network address


class MailboxCodeForm(forms.Form):
    """The six digits of the mail."""

    mailbox_code = CodeField(
        label=gettext_lazy("確認の番号（6けた）"),
        max_length=20,
        error_messages={
            "required": gettext_lazy("メールに書いてある6けたの番号を入れてください。"),
            "max_length": gettext_lazy("番号は6けたです。もう一度お確かめください。"),
        },
    )

    def add_problem(self, problem: WrongMailboxCode) -> None:
        """Say why the code proves nothing, and what to do."""
        self.add_error(CODE_FIELD, code_problem_sentence(problem))


def code_problem_sentence(problem: WrongMailboxCode) -> str:
    """Say why a code proves nothing, and what to do."""
    if problem.reason == "wrong":
        return ngettext(
            "番号がちがいます。メールをもう一度お確かめください。あと%(count)s回、入れられます。",
            "番号がちがいます。メールをもう一度お確かめください。あと%(count)s回、入れられます。",
            problem.left,
        ) % {"count": problem.left}
    if problem.reason == "tries":
        return _("まちがいが続いたため、この番号は使えなくなりました。新しい番号を送ってください。")
    return _("この番号は期限が切れたか、もう使えません。新しい番号を送ってください。")


def capped_page(request: HttpRequest, error: CapReached, notice: Notice | None = None) -> HttpResponse:
    """429: what is not sent now, why, and until when. notice: the one that was to be sent; None: a mail with a code."""
    context = {
        "section": "book",
        "notice": notice,
        "said": error.said,
        "until": error.attempt.ends_at,
        "back": request.path,
    }
    return with_retry_after(render(request, "book/capped.html", context, status=429), error.attempt)


def enter_code(request: HttpRequest, book: Book, form: MailboxCodeForm) -> MailboxProof | None:
    """Prove the book's mailbox by the posted code, and open the book in a session with a new number. None: the form
    says what is wrong.
    """
    if not form.is_valid():
        return None
    attempt = WRONG_CODES_FROM.count_attempt(client_address(request))
    if not attempt.allowed:
        _tell_stopped(request, attempt)
        return None
    try:
        proof = prove_by_code(book, form.cleaned_data[CODE_FIELD])
    except WrongMailboxCode as problem:
        form.add_problem(problem)
        return None
    attempt.uncount()
    open_proved_book(request, proof)
    return proof


def _tell_stopped(request: HttpRequest, attempt: Attempt) -> None:
    """Say until when no code is looked at. This one was not: the page that is shown again must not call it wrong."""
    words = {"time": format_clock(attempt.ends_at)}
    messages.error(
        request, _("まちがいが続いたため、止めています。%(time)sになったら、もう一度お試しください。") % words
    )
    rest = request.POST.copy()
    rest.pop(CODE_FIELD, None)
    request.POST = rest  # type: ignore[assignment]  # what is kept of the form


def open_proved_book(request: HttpRequest, proof: MailboxProof) -> None:
    """Open the book in this browser, in a session with a new number, and keep its access key for the page that shows
    it.
    """
    if proof.access_key:
        remember_access_key(request, proof.book, proof.access_key)
    open_book_session(request, proof.book)


def code_form_here(book: Book, data: QueryDict | None) -> MailboxCodeForm | None:
    """The field for the code; None where the mailbox is proved. data: the form as it was sent before, whose code was
    wrong.
    """
    if book.mailbox_proved_at:
        return None
    if data is None or CODE_FIELD not in data:
        return MailboxCodeForm()
    form = MailboxCodeForm(data)
    if form.is_valid():
        form.add_problem(code_problem(book))
    return form


def code_context(request: HttpRequest, book: Book) -> dict[str, object]:
    """The context of a page that sends a notice: the field for the code, where the mailbox is not proved."""
    sent = request.POST if request.method == "POST" else saved_wrong_form(request)
    form = code_form_here(book, sent)
    return {"code_form": form, "email": contact_email(book) if form else ""}


def prove_here(request: HttpRequest, book: Book) -> bool:
    """Prove the mailbox by the code in the posted form, on the page that sends a notice. False: the page has to be
    shown again. Where no code is open, one is mailed.
    """
    if book.mailbox_proved_at:
        return True
    if not request.POST.get(CODE_FIELD, "").strip() and not has_open_code(book):
        try:
            count_code_mail(contact_email(book), client_address(request))
        except CapReached as error:
            said = _("%(time)sになったら、もう一度押してください。") % {"time": format_clock(error.attempt.ends_at)}
            messages.warning(request, join_sentences(error.said, said))
            return False
        resend_code(book)
        messages.info(
            request,
            _("確認の番号をメールで送りました。番号を入れて、もう一度押してください。"),
        )
        return False
    proof = enter_code(request, book, MailboxCodeForm(request.POST))
    if proof is None:
        return False
    book.mailbox_proved_at = proof.book.mailbox_proved_at
    if proof.access_key:
        messages.success(request, _("メールアドレスを確認しました。アクセスキーを、メールでお送りします。"))
    return True
