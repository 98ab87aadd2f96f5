"""Web link: what will be carried, the mover's word for it, and the form that the mover's own browser carries."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from renrakucho.channel.connection import NotConnected
from renrakucho.channel.weblink.carry import Carry, carry
from renrakucho.faces.book.leaves.instead import InsteadForm, other_words
from renrakucho.faces.book.leaves.own import needs_notice
from renrakucho.faces.book.leaves.seen import mark_of, was_seen
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.shelf import NoSuchSheet, connection
from renrakucho.notice.writing import OutsideWindow, preview, told
from renrakucho.receipt.leaf import leaf_of
from renrakucho.receipt.mover_turn import hand_over
from renrakucho.sheet.fill import CannotSay
from renrakucho.sheet.filled import Filled


@require_http_methods(["GET", "HEAD", "POST"])
@needs_notice
def handover(request: HttpRequest, notice: Notice) -> HttpResponse:
    """GET shows exactly what will be carried, and to whom. POST: 確認, or other words for what cannot be said."""
    if notice.status not in (Status.NOT_ENTERED, Status.HANDED_OVER) or not notice.carried:
        return redirect("book:leaf", notice.id)
    try:
        filled = told(notice) if notice.filled else preview(notice)
        confirmed = request.method == "POST" and "instead" not in request.POST
        if confirmed and was_seen(request, filled):
            hand_over(notice)
            return redirect("book:carry", notice.id)
    except CannotSay as error:
        form = other_words(request, notice, error)
        if form is None:
            return redirect("book:handover", notice.id)
        return _page(request, notice, None, form, 422 if form.is_bound else 200)
    except OutsideWindow:
        return redirect("book:leaf", notice.id)
    if request.method == "POST":
        return redirect("book:handover", notice.id)
    return _page(request, notice, filled, None, 200)


def _page(
    request: HttpRequest, notice: Notice, filled: Filled | None, form: InsteadForm | None, status: int
) -> HttpResponse:
    way = connection(notice.provider)
    if way is None:
        raise NoSuchSheet
    entry = Carry(way.entry(notice.procedure), "", (), ())
    context = {
        "door": "book",
        "leaf": leaf_of(notice),
        "filled": filled,
        "seen": mark_of(filled) if filled else "",
        "form": form,
        "domain": entry.domain,
        "messages": messages.get_messages(request),
    }
    return render(request, "book/handover.html", context, status=status)


@require_safe
@needs_notice
def carried(request: HttpRequest, notice: Notice) -> HttpResponse:
    """The form itself. It goes by a script where there is one, by the visible button where there is none."""
    way = connection(notice.provider)
    if notice.status != Status.HANDED_OVER or not notice.filled or way is None:
        return redirect("book:leaf", notice.id)
    try:
        form = carry(told(notice), way, notice.procedure)
    except NotConnected:
        raise NoSuchSheet from None
    response = render(request, "book/carry.html", {"door": "book", "leaf": leaf_of(notice), "form": form})
    _open_to(response, form)
    return response


def _open_to(response: HttpResponseBase, form: Carry) -> None:
    # On this page alone the form may lead out, and only over the provider's own hosts: Chromium counts redirects too.
    response._csp_update = {"form-action": list(form.hosts)}  # type: ignore[attr-defined]
