"""Things to have at hand: the numbers to look up and the choices to make before a mover begins with each provider.

It is read from the providers' forms, for what was chosen in a draft and for what is left to do in a book.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renrakucho.faces.book.book_session import current_draft, restart_idle_timeout
from renrakucho.faces.book.notices.next_step import begin_url
from renrakucho.mover.book import entries_of
from renrakucho.mover.models import Book
from renrakucho.notice.offer import Offer, chosen_offers
from renrakucho.receipt.notice_view import NoticeView, in_order_of_deadline, notice_views
from renrakucho.sheet.form import Sheet, names_number


@dataclass(frozen=True)
class ThingToHave:
    """One thing that a provider asks. help: where it is found, in the provider's words; "" where it says nothing."""

    label: str
    help: str
    is_required: bool


@dataclass(frozen=True)
class ThingsToHave:
    """All that one provider asks for one procedure. is_known: whether its form is known here. url: where it begins."""

    provider: str
    industry: str
    procedure: str
    is_known: bool
    by_phone: bool
    to_find: tuple[ThingToHave, ...]
    to_decide: tuple[ThingToHave, ...]
    url: str = ""


@require_safe
def things_to_have_page(request: HttpRequest) -> HttpResponse:
    """Show what to have at hand, a provider after the other; what is done already is left out."""
    book = current_draft(request)
    restart_idle_timeout(request)
    context = {"section": "timeline", "things": list(_things_of(book)) if book else []}
    response = render(request, "book/timeline/things_to_have.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _things_of(book: Book) -> Iterator[ThingsToHave]:
    if book.registered_at is None:
        for offer in chosen_offers(entries_of(book)):
            yield _things_of_offer(offer)
    else:
        for view in in_order_of_deadline(notice_views(book)):
            if view.awaits_mover:
                yield _things_of_view(view)


def _things_of_offer(offer: Offer) -> ThingsToHave:
    sheet = offer.sheet or offer.by_phone
    return _things(offer.name, offer.industry, offer.procedure, sheet, by_phone=offer.sheet is None)


def _things_of_view(view: NoticeView) -> ThingsToHave:
    notice, sheet = view.notice, view.sheet or view.by_phone
    url = begin_url(notice) if view.may_begin else reverse("book:leaf", args=[notice.id])
    return _things(view.card.name, notice.industry, notice.procedure, sheet, by_phone=view.sheet is None, url=url)


def _things(
    provider: str, industry: str, procedure: str, sheet: Sheet | None, *, by_phone: bool, url: str = ""
) -> ThingsToHave:
    asked = [ThingToHave(label, "", is_required=False) for label in sheet.asked_there] if sheet else []
    if sheet:
        asked += [ThingToHave(blank.label, blank.help, blank.required) for blank in sheet.own_items()]
    to_find = tuple(thing for thing in asked if names_number(thing.label))
    to_decide = tuple(thing for thing in asked if not names_number(thing.label))
    return ThingsToHave(provider, industry, procedure, sheet is not None, by_phone, to_find, to_decide, url)
