"""Steps of the application (a wizard): its pages in order, and what each needs before it can be shown."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renrakucho.faces.book.apply.items_form import ItemsForm, as_typed
from renrakucho.faces.book.book_session import (
    current_book,
    current_draft,
    draft_or_new,
    intended_book,
    is_meant_for,
    page_owner,
    restart_idle_timeout,
    resumed_draft,
)
from renrakucho.faces.book.saved_forms import BELONGS, drop_saved_form, redirect_to_saved_form, save_form, saved_form
from renrakucho.mail.book_login import save_book_entries
from renrakucho.mover.book import email_hash, entries_of
from renrakucho.mover.entries import MoveEntries
from renrakucho.mover.models import Book
from renrakucho.notice.models import Status
from renrakucho.notice.notice_caps import CapReached, count_code_mail
from renrakucho.notice.offer import Offer, chosen_offers
from renrakucho.page.device_use import device_rule
from renrakucho.page.errors import too_many
from renrakucho.page.formatting import format_clock, join_sentences
from renrakucho.page.http import client_address, refused_session

STEPS = ("wishes", "addresses", "providers", "items", "check")
_NUMBERED = STEPS[STEPS.index("providers") :]  # those that every mover passes, whatever the first page knew
IN_BOOK = "in_book"  # hidden field of a form that belongs to a registered book


@dataclass
class StepRequest:
    """A request for one page of the application."""

    request: HttpRequest
    step: str
    book: Book | None
    entries: MoveEntries

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """The chosen offers, looked up once for each request."""
        return chosen_offers(self.entries)

    @cached_property
    def items_form(self) -> ItemsForm:
        """The common items of the draft, as a bound form that can be validated."""
        return ItemsForm(self.entries, self.offers, as_typed(self.entries), settled=self.settled_offers)

    @property
    def is_post(self) -> bool:
        return self.request.method == "POST"

    @property
    def in_book(self) -> bool:
        """Whether providers are being added to a registered book."""
        return bool(self.book and self.book.registered_at)

    @property
    def only_edits(self) -> bool:
        """Whether a registered book is only corrected, and no provider is added to it."""
        return self.in_book and all(offer.key in self.offers_in_book for offer in self.offers)

    @cached_property
    def offers_in_book(self) -> frozenset[str]:
        """Keys of the offers that the registered book has a notice for, other than a withdrawn one."""
        if not self.book or not self.in_book:
            return frozenset()
        live = self.book.notices.exclude(status=Status.WITHDRAWN)
        return frozenset(live.values_list("offer", flat=True))

    @cached_property
    def withdrawn_offers(self) -> frozenset[str]:
        """Keys of the offers whose notice was withdrawn: they can be chosen once more."""
        if not self.book or not self.in_book:
            return frozenset()
        withdrawn = self.book.notices.filter(status=Status.WITHDRAWN)
        return frozenset(withdrawn.values_list("offer", flat=True)) - self.offers_in_book

    def saved_form(self) -> QueryDict | None:
        """Return the saved form of this page: its session had expired, or it has errors."""
        return None if self.is_post else saved_form(self.request)

    @cached_property
    def settled_offers(self) -> frozenset[str]:
        """Keys of the offers whose provider was told already, so that their days stand."""
        if not self.book or not self.in_book:
            return frozenset()
        begun = self.book.notices.exclude(status__in=(Status.NOT_ENTERED, Status.WITHDRAWN))
        return frozenset(begun.values_list("offer", flat=True))

    def save(self, entries: MoveEntries) -> None:
        """Save the entries in the draft; begin one if there is none."""
        book = self.book or draft_or_new(self.request)
        entries = self._without_another_mail(book, entries)
        if save_book_entries(book, entries):
            changed = _("メールアドレスを変えました。これからは、新しいアドレスでれんらく帳を開きます。")
            asked = _("確認の番号をお送りしました。番号を入れるまで、事業者へ新しく送ることはできません。")
            messages.success(self.request, changed if book.mailbox_proved_at else join_sentences(changed, asked))
        self.request.session.modified = True  # the draft lives a day from its last page, not from its first

    def _without_another_mail(self, book: Book, entries: MoveEntries) -> MoveEntries:
        """The entries; with the book's present address, where the new one has been mailed too many codes."""
        new, old = entries.items.get("contact.email", ""), self.entries.items.get("contact.email", "")
        if not book.registered_at or email_hash(new) == book.email_hash:
            return entries
        try:
            count_code_mail(new, client_address(self.request))
            return entries
        except CapReached as error:
            clock = {"time": format_clock(error.attempt.ends_at)}
            kept = _("メールアドレスはまだ変えていません。%(time)sになったら、もう一度お試しください。") % clock
            messages.warning(self.request, join_sentences(str(error.said), kept))
        return replace(entries, items={**entries.items, "contact.email": old})

    def page_context(self, **more: object) -> dict[str, object]:
        """Return the template context that every page of the application needs, with `more`."""
        at = STEPS.index(self.step)
        number = _NUMBERED.index(self.step) + 1 if self.step in _NUMBERED else 0
        back = reverse(f"book:{STEPS[at - 1]}") if at else reverse("book:leaves" if self.in_book else "book:top")
        form_owner: dict[str, object] = {"in_book": self.in_book, "belongs": page_owner(self.book)}
        form_owner["confidential"] = self.entries.confidential
        return {"section": "apply", "at": number, "of": len(_NUMBERED), "back": back} | form_owner | more


def application_step(
    name: str,
) -> Callable[[Callable[[StepRequest], HttpResponse]], Callable[[HttpRequest], HttpResponse]]:
    """Give the view a StepRequest; redirect to the first earlier page whose entries are missing.

    A form that was sent after its session had expired resumes its draft. Where that is a registered book by now, the
    form is saved until the book is opened.
    """

    def decorate(view: Callable[[StepRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(view)
        @require_http_methods(["GET", "HEAD", "POST"])
        def guarded(request: HttpRequest) -> HttpResponse:
            posted = request.method == "POST"
            book = current_draft(request) or (resumed_draft(request) if posted else None)
            if posted and not _belongs_to(request, book):
                return _refuse_other_form(request)
            if posted and book is None and (name != STEPS[0] or IN_BOOK in request.POST):
                return _save_expired_form(request)
            refused = refused_session(request) if posted and book is None else None
            if refused:
                return too_many(request, refused)
            restart_idle_timeout(request)
            drop_saved_form(request)
            step = StepRequest(request, name, book, entries_of(book) if book else MoveEntries())
            missing = first_missing_step(step, before=name)
            response = view(step) if missing == name else redirect(f"book:{missing}")
            response = redirect_to_saved_form(request, response, book.id if book else None)
            response["Cache-Control"] = "no-store"  # so that Back loads the page again, with the present draft
            return response

        return guarded

    return decorate


def first_missing_step(step: StepRequest, before: str = STEPS[-1]) -> str:
    """Return the first page whose entries are missing; `before` where none of the earlier ones are."""
    entries = step.entries
    for name in STEPS[: STEPS.index(before)]:
        if name == "wishes" and not entries.wishes:
            return name
        if name == "addresses" and not (entries.origin.known and entries.destination.known):
            return name
        if name == "providers" and not step.offers and not step.in_book:  # in a book all of them may be withdrawn
            return name
        if name == "items" and not step.items_form.is_valid():
            return name
    return before


def see_other(name: str, part: str = "") -> HttpResponse:
    """Post, redirect, get: return a 303 to the page of this name, with `part` (a fragment)."""
    response = HttpResponseRedirect(reverse(f"book:{name}") + part)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _belongs_to(request: HttpRequest, book: Book | None) -> bool:
    """Whether the posted form belongs to this draft or book. Only the first page is shown before a draft exists, and a
    form of it does not belong to a book that was opened meanwhile.
    """
    made_for_none = BELONGS not in request.POST and IN_BOOK not in request.POST
    if made_for_none and request.path == reverse(f"book:{STEPS[0]}"):
        return not (book and book.registered_at)
    return is_meant_for(request, book)


def _refuse_other_form(request: HttpRequest) -> HttpResponse:
    messages.warning(
        request,
        _("いま開いているものとは別のお申込みの画面から送られたため、その内容は使いませんでした。"),
    )
    return see_other("leaves" if current_book(request) else "top")


def _save_expired_form(request: HttpRequest) -> HttpResponse:
    if not device_rule(request).resumes:
        return see_other("shared_ended")
    meant = intended_book(request)
    save_form(request, meant.id if meant else None)
    if IN_BOOK in request.POST or meant:
        return see_other("login")
    messages.warning(
        request,
        _("しばらく操作がなかったため、はじめのページにもどりました。さきほど送った内容は取ってあります。"),
    )
    return see_other(STEPS[0])
