"""Notice page: what was told, what happened, and the mover's own word that it is done (自分で手続した)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from renrakucho.faces.book.identity_pages import identity_context
from renrakucho.faces.book.notices.next_step import next_to_begin
from renrakucho.faces.book.notices.notice_access import needs_notice
from renrakucho.faces.book.notices.notice_display import NoticeDisplay
from renrakucho.faces.book.notices.notice_history import notice_history, waiting_note
from renrakucho.faces.book.notices.return_link_page import number_brought_back
from renrakucho.faces.book.rule_texts import rule_sentences
from renrakucho.faces.book.saved_forms import saved_form
from renrakucho.fact.catalogue import Facts
from renrakucho.lib.text_fields import NO_SECRET_CHECK, TextLineField
from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import withheld_facts
from renrakucho.notice.confidential_notice import new_address_standing, tell_new_address
from renrakucho.notice.contract_name import contract_name, names_taken, rename_contract
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.notice.registration import add_contract
from renrakucho.receipt.evidence import OwnWord
from renrakucho.receipt.mover_actions import ask_again, record_own_word, withdraw_notice
from renrakucho.receipt.notice_view import NoticeView, notice_view
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.phone_script import general_script


class OwnWordForm(forms.Form):
    """The form of what the provider told the mover, by telephone or on its own site; each part may be empty."""

    number = TextLineField(label=gettext_lazy("受付番号"), max_length=40, required=False, secret_check=NO_SECRET_CHECK)
    clerk = TextLineField(label=gettext_lazy("対応した人"), max_length=40, required=False)
    note = TextLineField(label=gettext_lazy("メモ"), max_length=300, required=False)

    def said(self) -> OwnWord:
        """The mover's own word. Call it when the form is valid."""
        return OwnWord(**self.cleaned_data)


class AnotherForm(forms.Form):
    """The form of another contract with the same company."""

    called = TextLineField(
        label=gettext_lazy("もう1つの契約の呼び名（例: 2枚めのカード）"),
        max_length=40,
        error_messages={"required": gettext_lazy("見分けられるように、呼び名を入れてください。")},
    )


class ContractNameForm(forms.Form):
    """The form of another name for the same contract."""

    name = TextLineField(
        label=gettext_lazy("新しい呼び名"),
        max_length=40,
        error_messages={
            "required": gettext_lazy("見分けられるように、呼び名を入れてください。"),
            "max_length": gettext_lazy("40文字までで入れてください。"),
        },
    )

    def __init__(self, *args: Any, taken: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._taken = taken

    def clean_name(self) -> str:
        """Refuse the name of another contract with the same company."""
        name: str = self.cleaned_data["name"]
        if name in self._taken:
            raise ValidationError(_("この呼び名は、同じ会社のほかの契約に使っています。別の呼び名にしてください。"))
        return name


@require_safe
@needs_notice
def notice_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Show everything about one notice."""
    return _shown(request, notice)


def _shown(
    request: HttpRequest,
    notice: Notice,
    form: OwnWordForm | None = None,
    another: AnotherForm | None = None,
    naming: ContractNameForm | None = None,
) -> HttpResponse:
    called = contract_name(notice)
    view, attempts = notice_view(notice), list(notice.attempts_made.order_by("ordinal"))
    sheet = view.sheet or view.by_phone
    said = vars(view.own_word) | {"number": view.own_word.number or number_brought_back(request, notice)}
    context = {
        "section": "book",
        "leaf": view,
        "display": NoticeDisplay(view, waiting_note(view, attempts)),
        "live": _live_notice(notice) if view.status == Status.WITHDRAWN else None,
        "story": notice_history(view, attempts),
        "rules": rule_sentences(sheet) if sheet else [],
        "script": _script(view),
        "new_address": new_address_standing(notice) if view.may_begin or view.may_change else "open",
        "another_form": another or AnotherForm(),
        "naming_form": (naming or ContractNameForm(initial={"name": called})) if called else None,
        "own_word_form": form or OwnWordForm(initial=said),
        "told": frozen_form(notice) if notice.filled else None,
        "next": None if view.may_begin else next_to_begin(notice.book, notice),
        **identity_context(view),
        "newer": Notice.objects.filter(replaces=notice).first(),
        "messages": messages.get_messages(request),
    }
    return render(request, "book/leaf.html", context, status=422 if request.method == "POST" else 200)


def _script(view: NoticeView) -> list[tuple[str, str]]:
    """The lines of a telephone call: the provider's own, or where it is only listed, those of its industry."""
    withheld = withheld_facts(entries_of(view.notice.book), view.notice.offer)
    said = {name: text for name, text in view.facts.items() if name not in withheld}
    if view.by_phone:
        return phone_script(view.by_phone, said)
    lines = general_script(view.notice.industry, view.notice.procedure)
    return [(_(line.label), line.text(said)) for line in lines]


def _live_notice(notice: Notice) -> Notice | None:
    """The notice for the same procedure that is not withdrawn."""
    same = Notice.objects.filter(book_id=notice.book_id, offer=notice.offer)
    return same.exclude(status=Status.WITHDRAWN).first()


def phone_script(sheet: Sheet, said: Facts) -> list[tuple[str, str]]:
    """Return label and text of each line that the provider will ask by phone; "" where nothing was entered for it."""
    lines = [(blank, blank.say.text(said).strip() if blank.say else "") for blank in sheet.blanks]
    return [(blank.label, text) for blank, text in lines if text or blank.required or blank.ask]


@require_http_methods(["GET", "HEAD", "POST"])
@needs_notice
def record_done_there(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Record «I have finished there» as the mover's own word, correct it, or take it back (`done` is «no»).

    A GET comes after the book had to be opened first, or with a form that has to be corrected.
    """
    if request.POST.get("done") == "no":
        record_own_word(notice, OwnWord(is_done=False))
        messages.success(request, _("「手続した」という記録を取り消しました。"))
        return redirect("book:leaf", notice.id)
    typed = request.POST if request.method == "POST" else saved_form(request)
    if typed is None:
        return redirect("book:leaf", notice.id)
    form = OwnWordForm(typed)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, notice, form)
    record_own_word(notice, form.said())
    messages.success(request, _("お客さまの控えとして記録しました。事業者の「受理」ではありません。"))
    return redirect("book:leaf", notice.id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_notice
def ask_again_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Make a new notice for a withdrawn one. A GET comes after the book had to be opened first, and makes none."""
    if request.method != "POST":
        return redirect("book:leaf", notice.id)
    return redirect("book:leaf", ask_again(notice).id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_notice
def add_contract_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Begin a notice for another contract with the same company."""
    typed = request.POST if request.method == "POST" else saved_form(request)
    if typed is None:
        return redirect("book:leaf", notice.id)
    form = AnotherForm(typed)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, notice, another=form)
    added = add_contract(notice, form.cleaned_data["called"])
    if added is None:
        messages.warning(request, _("この会社は、いまは選べません。「連絡する事業者をふやす」でお選びください。"))
        return redirect("book:leaf", notice.id)
    messages.success(request, _("もう1つの契約のページを作りました。"))
    return redirect("book:leaf", added.id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_notice
def rename_contract_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Change what the mover calls this contract."""
    typed = request.POST if request.method == "POST" else saved_form(request)
    if typed is None or not contract_name(notice):
        return redirect("book:leaf", notice.id)
    form = ContractNameForm(typed, taken=names_taken(notice))
    if form.is_valid() and request.method == "POST":
        rename_contract(notice, form.cleaned_data["name"])
        messages.success(request, _("呼び名を変えました。すでに事業者へ伝えた内容は変わりません。"))
        return redirect("book:leaf", notice.id)
    return _shown(request, notice, naming=form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_notice
def tell_address_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Take the mover's choice whether this provider is told the new address. A GET changes nothing."""
    if request.method == "POST":
        tell_new_address(notice, tell=request.POST.get("tell") == "yes")
    return redirect("book:leaf", notice.id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_notice
def withdraw_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Ask once, then withdraw the notice."""
    view = notice_view(notice)
    if view.too_late_to_withdraw:
        return redirect("book:leaf", notice.id)
    if request.method == "POST":
        withdraw_notice(notice)
        done = _("取り消しました。必要になったら、れんらく帳からもう一度手続できます。")
        closed = _(
            "「手続しなかった」と記録しました。事業者には何も伝えていません。必要になったら、もう一度手続できます。"
        )
        messages.success(request, closed if view.status == Status.HANDED_OVER else done)
        return redirect("book:leaves")
    return render(request, "book/withdraw.html", {"section": "book", "leaf": view, "display": NoticeDisplay(view)})
