"""Handoff pages (web link): confirmation of one form or several, and the form that the mover's own browser carries."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from renrakucho.channel.connection import NotConnected
from renrakucho.channel.weblink.weblink_channel import FormHandoff, form_handoff
from renrakucho.faces.book.book_session import needs_book
from renrakucho.faces.book.notices.confirmation_digest import confirmation_digest, is_confirmed_form, warn_of_change
from renrakucho.faces.book.notices.handoff_sequence import begin_sequence, sequence_context, target_domain
from renrakucho.faces.book.notices.next_step import order_context
from renrakucho.faces.book.notices.notice_access import needs_notice
from renrakucho.faces.book.notices.replacement_text import ReplacementForm, replacement_form
from renrakucho.mover.models import Book
from renrakucho.notice.confidential_notice import KeptConfidential
from renrakucho.notice.connected_providers import NoSuchSheet, connection_of
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import OutsideWindow, frozen_form, preview_form
from renrakucho.page.compression import keep_uncompressed
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import HandoffPaused, hand_over_notice
from renrakucho.receipt.notice_view import notice_view, notice_views
from renrakucho.receipt.transitions import may_happen
from renrakucho.sheet.fill import CannotSay
from renrakucho.sheet.filled import FilledSheet


@require_http_methods(["GET", "HEAD", "POST"])
@needs_notice
def handoff_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Show exactly what will be carried, and to whom. POST confirms it (確認), or replaces what cannot be said."""
    if not may_happen(ReceiptKind.HANDED_OVER, notice.status) or not notice.carried or notice_view(notice).is_stopped:
        return redirect("book:leaf", notice.id)
    try:
        filled = frozen_form(notice) if notice.filled else preview_form(notice)
        confirmed = request.method == "POST" and "instead" not in request.POST
        if confirmed and is_confirmed_form(request, filled):
            hand_over_notice(notice)
            return redirect("book:carry", notice.id)
    except CannotSay as error:
        form = replacement_form(request, notice, error)
        if form is None:
            return redirect("book:handover", notice.id)
        return _page(request, notice, None, form, 422 if form.is_bound else 200)
    except (OutsideWindow, HandoffPaused):
        return redirect("book:leaf", notice.id)
    if request.method == "POST":
        return redirect("book:handover", notice.id)
    return _page(request, notice, filled, None, 200)


def _page(
    request: HttpRequest, notice: Notice, filled: FilledSheet | None, form: ReplacementForm | None, status: int
) -> HttpResponse:
    context = {
        "section": "book",
        "leaf": notice_view(notice),
        "form": form,
        "messages": messages.get_messages(request),
        **_told_context(notice, filled),
        **order_context(request, notice),
    }
    return render(request, "book/handover.html", context, status=status)


def _told_context(notice: Notice, filled: FilledSheet | None) -> dict[str, object]:
    seen = confirmation_digest(filled) if filled else ""
    return {"filled": filled, "seen": seen, "domain": target_domain(notice)}


def handoff_context(notice: Notice) -> dict[str, object]:
    """Return the context of the hand-over's form, for another page that shows it; without a filled form where the
    mover has to decide something first.
    """
    try:
        return _told_context(notice, preview_form(notice)) if notice.carried else {"filled": None}
    except (CannotSay, KeptConfidential, OutsideWindow, NoSuchSheet):
        return {"filled": None}


@require_http_methods(["GET", "HEAD", "POST"])
@needs_book
def sequence_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Show all forms that can be handed over one after the other. POST confirms them, and goes on to the first."""
    if request.method == "POST":
        first = begin_sequence(request, book)
        if first:
            return redirect("book:carry", first.id)
        warn_of_change(request)
        return redirect("book:sequence")
    context = sequence_context(notice_views(book))
    if not context["forms"]:
        return redirect("book:leaves")
    context |= {"section": "book", "messages": messages.get_messages(request)}
    return render(request, "book/sequence.html", context)


@require_safe
@needs_notice
def handoff_form_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Show the form. A script submits it; without scripts the mover presses its button."""
    connection = connection_of(notice.provider)
    is_under_way = notice.status == Status.HANDED_OVER and notice.filled and not notice_view(notice).is_stopped
    if not is_under_way or connection is None:
        return redirect("book:leaf", notice.id)
    try:
        form = form_handoff(frozen_form(notice), connection, notice.procedure)
    except NotConnected:
        raise NoSuchSheet from None
    context = {
        "section": "book",
        "leaf": notice_view(notice),
        "form": form,
        "messages": messages.get_messages(request),
        **order_context(request, notice),
    }
    response = render(request, "book/carry.html", context)
    _allow_form_action(response, form)
    keep_uncompressed(response)  # the way back stands in it
    # A provider's site that looks at Origin has to see the portal there: under «same-origin» a browser sends «null».
    response["Referrer-Policy"] = "strict-origin"
    return response


def _allow_form_action(response: HttpResponseBase, form: FormHandoff) -> None:
    # Only on this page a form may post to another site: the provider's own hosts. Chromium checks redirects too.
    response._csp_update = {"form-action": list(form.hosts)}  # type: ignore[attr-defined]
