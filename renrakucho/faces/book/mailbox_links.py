"""Pages where the links of mails lead: the mailbox is proved, or its owner says that the registration is not theirs.

A link holds its text behind «#», which no server and no log gets. A script puts it into the field of the page; without
one it is typed from the mail. Only a POST does something: programs that look at mails open their links too.
"""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renrakucho.faces.book.book_session import current_book
from renrakucho.faces.book.mailbox_code import open_proved_book
from renrakucho.lib.identifiers import LENGTH
from renrakucho.lib.text_fields import CodeField
from renrakucho.lib.throttle.rate_limit import RateLimit
from renrakucho.mail.mailbox_proof import prove_by_link
from renrakucho.mail.models import MailKind
from renrakucho.mail.mover_mail import mail_name
from renrakucho.page.errors import too_many
from renrakucho.page.http import client_address
from renrakucho.receipt.disavowal import disavow

Used = TypeVar("Used")
WRONG_LINKS = RateLimit("mailbox-link", 60, 15 * 60)  # of one network address


class LinkTextForm(forms.Form):
    """The 24 characters of a link."""

    text = CodeField(
        label=gettext_lazy("メールに書いてある24文字"),
        max_length=80,
        error_messages={
            "required": gettext_lazy("メールに書いてある24文字を入れてください。"),
            "max_length": gettext_lazy("24文字です。もう一度お確かめください。"),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_page(request: HttpRequest) -> HttpResponse:
    """Prove a mailbox by its link. The book opens only in the browser that registered it: whoever presses here need not
    be its mover.
    """
    wrong = _("この文字は期限が切れたか、新しい番号を送ったあとの古いメールのものか、まちがっています。")
    proof, page = use_link(request, "book/confirm_mailbox.html", prove_by_link, wrong)
    here = current_book(request) if proof else None
    if proof and here and here.id == proof.book.id:
        open_proved_book(request, proof)
        return redirect("book:registered")
    return page


class PostcardCodeForm(LinkTextForm):
    """The twelve characters of a postcard."""

    text = CodeField(
        label=gettext_lazy("はがきに書いてある12文字"),
        max_length=80,
        error_messages={
            "required": gettext_lazy("はがきに書いてある12文字を入れてください。"),
            "max_length": gettext_lazy("12文字です。もう一度お確かめください。"),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_page(request: HttpRequest) -> HttpResponse:
    """「心当たりがない」 for whoever has the postcard that went to the old address."""
    wrong = _(
        "この文字に当たるはがきはありません。引越しの連絡は、もう消されたのかもしれません。"
        "まちがいがないか、はがきの12文字をもう一度お確かめください。"
    )
    return use_link(request, "book/not_mine.html", disavow, wrong, PostcardCodeForm)[1]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def not_mine_page(request: HttpRequest) -> HttpResponse:
    """「心当たりがない」: whoever reads the mailbox stops everything that was entered with it, without a login."""
    wrong = _(
        "この文字に当たる登録はありません。"
        "登録した人がメールアドレスを直したあとなら、お客さまのアドレスはもう使われていません。"
        "まちがいがないか、メールの24文字をもう一度お確かめください。"
    )
    return use_link(request, "book/not_mine.html", disavow, wrong)[1]


def use_link(
    request: HttpRequest,
    template: str,
    use: Callable[[str], Used | None],
    wrong: str,
    form_of: type[LinkTextForm] = LinkTextForm,
) -> tuple[Used | None, HttpResponse]:
    """Use the text of a link that was posted, and say what it led to; None: nothing yet. wrong: the message where it is
    no link's. Only wrong ones count.
    """
    form = form_of(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return None, _link_page(request, template, form)
    attempt = WRONG_LINKS.count_attempt(client_address(request))
    if not attempt.allowed:
        return None, too_many(request, attempt)
    used = use(form.cleaned_data["text"])
    if used is None:
        form.add_error("text", wrong)
        return None, _link_page(request, template, form)
    attempt.uncount()
    return used, _link_page(request, template, form, is_done=True, done=used)


def _link_page(request: HttpRequest, template: str, form: LinkTextForm, **more: object) -> HttpResponse:
    context = {"form": form, "length": LENGTH, "mail": mail_name(MailKind.ACCESS_KEY), "is_done": False} | more
    context["from_postcard"] = isinstance(form, PostcardCodeForm)
    return render(request, template, context, status=422 if form.errors else 200)
