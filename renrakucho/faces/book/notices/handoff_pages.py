"""Web link: what will be carried, the mover's word for it, and the form that the mover's own browser carries."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from renrakucho.channel.connection import NotConnected
from renrakucho.channel.weblink.form_handoff import FormHandoff, form_handoff
from renrakucho.faces.book.notices.confirmation_digest import confirmation_digest, is_confirmed_form
from renrakucho.faces.book.notices.notice_access import needs_notice
from renrakucho.faces.book.notices.replacement_text import ReplacementForm, replacement_form
from renrakucho.notice.connected_providers import NoSuchSheet, connection_of
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import OutsideWindow, frozen_form, preview_form
from renrakucho.receipt.mover_actions import hand_over_notice
from renrakucho.receipt.notice_view import notice_view
from renrakucho.sheet.fill import CannotSay
from renrakucho.sheet.filled import FilledSheet


@require_http_methods(["GET", "HEAD", "POST"])
@needs_notice
def handoff_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """GET shows exactly what will be carried, and to whom. POST: 確認, or other words for what cannot be said."""
    if notice.status not in (Status.NOT_ENTERED, Status.HANDED_OVER) or not notice.carried:
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
    except OutsideWindow:
        return redirect("book:leaf", notice.id)
    if request.method == "POST":
        return redirect("book:handover", notice.id)
    return _page(request, notice, filled, None, 200)


def _page(
    request: HttpRequest, notice: Notice, filled: FilledSheet | None, form: ReplacementForm | None, status: int
) -> HttpResponse:
    way = connection_of(notice.provider)
    if way is None:
        raise NoSuchSheet
    entry = FormHandoff(way.entry(notice.procedure), "", (), ())
    context = {
        "door": "book",
        "leaf": notice_view(notice),
        "filled": filled,
        "seen": confirmation_digest(filled) if filled else "",
        "form": form,
        "domain": entry.domain,
        "messages": messages.get_messages(request),
    }
    return render(request, "book/handover.html", context, status=status)


@require_safe
@needs_notice
def handoff_form_page(request: HttpRequest, notice: Notice) -> HttpResponse:
    """The form itself. It goes by a script where there is one, by the visible button where there is none."""
    way = connection_of(notice.provider)
    if notice.status != Status.HANDED_OVER or not notice.filled or way is None:
        return redirect("book:leaf", notice.id)
    try:
        form = form_handoff(frozen_form(notice), way, notice.procedure)
    except NotConnected:
        raise NoSuchSheet from None
    response = render(request, "book/carry.html", {"door": "book", "leaf": notice_view(notice), "form": form})
    _open_to(response, form)
    return response


def _open_to(response: HttpResponseBase, form: FormHandoff) -> None:
    # On this page alone the form may lead out, and only over the provider's own hosts: Chromium counts redirects too.
    response._csp_update = {"form-action": list(form.hosts)}  # type: ignore[attr-defined]
