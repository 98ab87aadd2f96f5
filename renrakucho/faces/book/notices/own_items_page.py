"""Own items page (inbox): a provider's own questions; then everything as it will be told, for confirmation."""

from collections.abc import Mapping

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renrakucho.faces.book.identity_pages import identity_context
from renrakucho.faces.book.mailbox_code import CODE_FIELD, capped_page, code_context, prove_here
from renrakucho.faces.book.notices.confirmation_digest import confirmation_digest, is_confirmed_form
from renrakucho.faces.book.notices.next_step import go_on_after, order_context
from renrakucho.faces.book.notices.notice_access import needs_notice
from renrakucho.faces.book.notices.notice_display import NoticeDisplay
from renrakucho.faces.book.notices.replacement_text import ReplacementForm, problem_sentence, replacement_form
from renrakucho.faces.book.saved_forms import flat_form_data, saved_form, saved_wrong_form
from renrakucho.lib.text_fields import CodeField, SecretCheck, TextLineField, TextLinesField
from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts_of
from renrakucho.notice.connected_providers import sheet_for
from renrakucho.notice.models import Notice, Procedure
from renrakucho.notice.notice_caps import CapReached
from renrakucho.notice.notice_form import (
    OutsideWindow,
    draft_of,
    keep_draft,
    preview_common,
    preview_form,
    require_window,
)
from renrakucho.page.formatting import text_in_both, translated_text
from renrakucho.page.http import client_address
from renrakucho.receipt.mover_actions import enter_notice, is_editable, replace_notice
from renrakucho.receipt.notice_view import NoticeView, notice_view
from renrakucho.sheet.fill import CannotSay, shown_text
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import Blank, Sheet

LONGEST_ANSWER = 2000  # characters, whatever the sheet says


class OwnItemsForm(forms.Form):
    """A field for each own item. The sheet decides which answers are right, not this form: see `add_problems`."""

    def __init__(self, sheet: Sheet, data: Mapping[str, str] | None, initial: Mapping[str, str]) -> None:
        super().__init__(data, initial=dict(initial))
        self.blanks = {blank.name: blank for blank in sheet.own_items()}
        for blank in self.blanks.values():
            self.fields[blank.name] = _field(blank)

    def typed_answer(self, name: str) -> str:
        """The typed answer, to be kept with the draft; "" for a secret, which is only shown again."""
        text = self.data.get(name, "")[:LONGEST_ANSWER]
        return "" if self.blanks[name].secret_in(text) else text

    def add_problems(self, error: CannotSay) -> None:
        """Add each problem as an error of its item. Problems of common items are shown elsewhere."""
        for problem in error.problems:
            if problem.blank.name in self.blanks:
                self.add_error(problem.blank.name, problem_sentence(problem))


def _field(blank: Blank) -> forms.Field:
    if blank.ask == "choice":
        named = [(code, text_in_both(label)) for code, label in blank.choices]
        choices = named if blank.required else [("", _("えらばない")), *named]
        return forms.ChoiceField(
            label=text_in_both(blank.label),
            choices=choices,
            required=blank.required,
            error_messages={"required": _("ひとつお選びください。"), "invalid_choice": _("ひとつお選びください。")},
        )
    longest = min(blank.longest or LONGEST_ANSWER, LONGEST_ANSWER)
    kind = TextLinesField if blank.ask == "lines" else CodeField if blank.pattern else TextLineField
    return kind(
        label=text_in_both(blank.label),
        secret_check=SecretCheck(blank.asks_number, blank.digits_expected),
        required=blank.required,
        max_length=longest,
        error_messages={
            "required": translated_text(blank.pattern_help) or _("ご入力ください。"),
            "max_length": _("この欄には%(limit_value)d文字まで入ります。いまは%(show_value)d文字あります。"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs_notice
def own_items_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Ask for the own items (⑥), and show below them all else that is told. POST sends it, where that was all."""
    view = notice_view(notice)
    if not is_editable(notice) or notice.carried or view.too_late:
        return redirect("book:leaf", notice.id)
    facts = facts_of(entries_of(notice.book))
    sheet = sheet_for(notice.provider, notice.procedure, facts)
    kept = draft_of(notice).answers
    data = request.POST if request.method == "POST" else saved_wrong_form(request)
    form = None if data is None else OwnItemsForm(sheet, flat_form_data(data), {})
    if form and request.method == "POST":
        # Saved before it is validated, so that the input is there on any later day and device.
        keep_draft(notice, answers={name: form.typed_answer(name) for name in form.blanks})
    try:
        require_window(sheet, facts)  # the day of today's entries: a told day may have left the window meanwhile
    except OutsideWindow:
        return redirect("book:leaf", notice.id)
    if form is None:
        unsent = {**kept, **flat_form_data(saved_form(request))}
        return _page(request, view, OwnItemsForm(sheet, None, unsent), sheet, 200)
    try:
        if form.is_valid():
            if request.method == "POST":
                keep_draft(notice, answers={name: str(form.cleaned_data[name]) for name in form.blanks})
            if _was_shown(request, notice, preview_form(notice)) and prove_here(request, notice.book):
                return _send(request, notice)
            if notice.book.mailbox_proved_at is None and CODE_FIELD in request.POST:
                return _page(request, view, form, sheet, 422)
    except CannotSay as error:
        form.add_problems(error)
    if form.errors or request.method != "POST":
        return _page(request, view, form, sheet, 422)
    return redirect("book:notice_check", notice.id)


def _was_shown(request: HttpRequest, notice: Notice, filled: FilledSheet) -> bool:
    """Whether the posted page showed everything that is told now: the common items by their digest, the own ones as
    they were typed. Where it did not, the mover confirms the whole form on a page of its own.
    """
    if request.method != "POST" or "seen" not in request.POST:
        return False
    typed = {name: text.strip() for name, text in flat_form_data(request.POST).items()}
    as_typed = all(line.text == typed.get(line.name, "") for line in filled.lines if line.own)
    return as_typed and is_confirmed_form(request, preview_common(notice))


def _told(notice: Notice) -> FilledSheet | None:
    """The common items as they will be told; None where the mover has to decide first how something is written."""
    try:
        return preview_common(notice)
    except CannotSay:
        return None


def _page(request: HttpRequest, view: NoticeView, form: OwnItemsForm, sheet: Sheet, status: int) -> HttpResponse:
    said, told = facts_of(entries_of(view.notice.book)), _told(view.notice)
    common = [
        (blank.label, shown_text(blank, blank.say.text(said), said))
        for blank in sheet.blanks
        if blank.say and blank.facts() != ("return.url",)
    ]
    context = {
        "section": "book",
        "leaf": view,
        "display": NoticeDisplay(view),
        "form": form,
        **identity_context(view),
        **code_context(request, view.notice.book),
        "common": [(line.label, line.shown) for line in told.rows()] if told else common,
        "changes": told.changes if told else (),
        "seen": confirmation_digest(told) if told else "",
        "messages": messages.get_messages(request),
        **order_context(request, view.notice),
    }
    return render(request, "book/answers.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_notice
def confirm_notice_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Show everything as it will be told (⑦). POST sends it; where a notice was sent already, a new one replaces it."""
    if notice.carried or notice_view(notice).too_late:
        return redirect("book:leaf", notice.id)
    if not is_editable(notice) and request.method != "POST":
        return redirect("book:leaf", notice.id)
    try:
        filled = preview_form(notice)
        confirmed = request.method == "POST" and "instead" not in request.POST
        if confirmed and is_confirmed_form(request, filled):
            if prove_here(request, notice.book):
                return _send(request, notice)
            return _check_page(request, notice, filled, None, 422)
    except CannotSay as error:
        return _ask_replacement(request, notice, error)
    except OutsideWindow:
        return redirect("book:leaf", notice.id)
    if request.method == "POST":
        return redirect("book:notice_check", notice.id)
    return _check_page(request, notice, filled, None, 200)


def _send(request: HttpRequest, notice: Notice) -> HttpResponse:
    network = client_address(request)
    try:
        sent = replace_notice(notice, network) if request.POST.get("change") else enter_notice(notice, network)
    except CapReached as error:
        return capped_page(request, error, notice)
    words = {"provider": draft_of(sent).card.name, "procedure": Procedure(sent.procedure).label}
    messages.success(
        request,
        _(
            "%(provider)s（%(procedure)s）への連絡をお預かりしました。事業者に届いたら「送信済」、受け付けられたら「受理」になります。"
        )
        % words,
    )
    return go_on_after(request, sent)


def _ask_replacement(request: HttpRequest, notice: Notice, error: CannotSay) -> HttpResponse:
    if any(problem.blank.ask for problem in error.problems):
        return redirect("book:answers", notice.id)
    form = replacement_form(request, notice, error)
    if form is None:
        return redirect("book:notice_check", notice.id)
    return _check_page(request, notice, None, form, 422 if form.is_bound else 200)


def _check_page(
    request: HttpRequest, notice: Notice, filled: FilledSheet | None, form: ReplacementForm | None, status: int
) -> HttpResponse:
    view = notice_view(notice)
    context = {
        "section": "book",
        "leaf": view,
        "display": NoticeDisplay(view),
        "filled": filled,
        "seen": confirmation_digest(filled) if filled else "",
        "form": form,
        **identity_context(view),
        **code_context(request, notice.book),
        "messages": messages.get_messages(request),
    }
    return render(request, "book/check.html", context, status=status)
