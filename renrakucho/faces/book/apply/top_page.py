"""Top page (サービストップ): どこから・どこへ, and links to the four services."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from renrakucho.address.address_parts import AddressParts
from renrakucho.address.place_lookup import BadPostalCode
from renrakucho.address.place_query import PlaceError
from renrakucho.address.written.parse import LONGEST
from renrakucho.faces.book.apply.steps import see_other
from renrakucho.faces.book.book_session import current_draft, draft_or_new, is_draft_kept
from renrakucho.faces.book.saved_forms import drop_saved_form, hide_errors, redirect_to_saved_form, saved_form
from renrakucho.faces.book.text_fields import postal_code_message, unread_address_message
from renrakucho.lib.private_files import empty_write_ahead_log
from renrakucho.lib.text_fields import TextLineField
from renrakucho.mover.book import draft_until, entries_of, save_entries
from renrakucho.mover.entries import ENDS, USUAL_INDUSTRIES, MoveEntries, MovePlace
from renrakucho.mover.models import Book
from renrakucho.mover.typed_place import place_at, with_place
from renrakucho.page.errors import too_many
from renrakucho.page.formatting import format_postal_code
from renrakucho.page.http import refused_session


class WhereForm(forms.Form):
    """Two postal codes or addresses. Both may stay empty: the addresses are asked for on their own page."""

    origin = TextLineField(label=gettext_lazy("どこから"), max_length=LONGEST, required=False)
    destination = TextLineField(label=gettext_lazy("どこへ"), max_length=LONGEST, required=False)

    def __init__(self, entries: MoveEntries, data: Mapping[str, Any] | None = None) -> None:
        now = {
            "origin": format_postal_code(entries.origin.postal_code),
            "destination": format_postal_code(entries.destination.postal_code),
        }
        super().__init__(data, initial=now)
        self._entries = entries

    def clean_origin(self) -> tuple[MovePlace, AddressParts] | None:
        """Return the place left, as far as its postal code or address says; None where it stays."""
        return self._place("origin", self._entries.origin)

    def clean_destination(self) -> tuple[MovePlace, AddressParts] | None:
        """Return the place moved to, as far as its postal code or address says; None where it stays."""
        return self._place("destination", self._entries.destination)

    def entries(self) -> MoveEntries:
        """Return the entries with these places; what every home has is wished for until the mover says otherwise."""
        entries = self._entries
        if not entries.wishes:
            entries = replace(entries, wishes=dict.fromkeys(USUAL_INDUSTRIES, ENDS))
        for end, found in self.cleaned_data.items():
            entries = with_place(entries, end, *found) if found else entries
        return entries

    def _place(self, name: str, now: MovePlace) -> tuple[MovePlace, AddressParts] | None:
        typed = self.cleaned_data[name]
        if not typed:
            return None
        try:
            return place_at(typed, now)
        except PlaceError as error:
            raise forms.ValidationError(_advice(error, typed)) from error


def _advice(error: PlaceError, typed: str) -> str:
    if error.reason in ("letters", "length", "unknown"):
        return postal_code_message(BadPostalCode(error.reason))
    return unread_address_message(typed)


@require_http_methods(["GET", "HEAD", "POST"])
def top_page(request: HttpRequest) -> HttpResponse:
    """Begin a draft, or go on with it. Nothing in a registered book can be overwritten from here."""
    book = current_draft(request)
    opened = bool(book and book.registered_at)
    if request.method == "POST" and opened:
        return see_other("leaves")
    drop_saved_form(request)
    typed = request.POST if request.method == "POST" else saved_form(request)
    form = WhereForm(entries_of(book) if book and not opened else MoveEntries(), typed)
    hide_errors(request, form)
    if request.method == "POST" and form.is_valid():
        refused = refused_session(request)
        if refused:
            return too_many(request, refused)
        entries = form.entries()
        save_entries(draft_or_new(request), entries)
        # Where both places are known, the providers come next; a place that is not known is asked for first.
        return see_other("providers" if entries.origin.known and entries.destination.known else "addresses")
    context = {
        "section": "top",
        "form": form,
        "opened": opened,
        "confidential": bool(book) and entries_of(book).confidential if book else False,
        "begun": bool(book) and not opened,
        "kept_until": draft_until(book) if book and not opened and is_draft_kept(request) else None,
        "messages": messages.get_messages(request),
    }
    response = render(request, "book/apply/top.html", context, status=422 if form.errors else 200)
    response = redirect_to_saved_form(request, response, book.id if book else None)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def erase_draft(request: HttpRequest) -> HttpResponse:
    """Delete the draft, this browser's session with what it kept of forms, and what the database's log still has of
    both. A GET deletes nothing.
    """
    book = current_draft(request) if request.method == "POST" else None
    if book and not book.registered_at:
        Book.objects.filter(id=book.id, registered_at=None).delete()
        request.session.flush()
        empty_write_ahead_log()
        messages.success(request, _("入力した内容を消しました。"))
    return see_other("top")
