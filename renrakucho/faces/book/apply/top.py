"""サービストップ: the question itself, どこから・どこへ, and the four doors."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from renrakucho.address.postal_code import BadPostalCode
from renrakucho.faces.book.apply.postal import LONGEST, TOO_LONG, complaint, place_at
from renrakucho.faces.book.apply.steps import see_other
from renrakucho.faces.book.held import again, let_go, wrong
from renrakucho.faces.book.session import current_draft, draft_or_new
from renrakucho.mover.book import entries_of, save
from renrakucho.mover.entries import Entries, Place
from renrakucho.page.written import postal


class WhereForm(forms.Form):
    """Two postal codes. Both may stay empty: the addresses are asked for again where they are needed."""

    origin = forms.CharField(
        label=_("どこから"), max_length=LONGEST, required=False, error_messages={"max_length": TOO_LONG}
    )
    destination = forms.CharField(
        label=_("どこへ"), max_length=LONGEST, required=False, error_messages={"max_length": TOO_LONG}
    )

    def __init__(self, entries: Entries, data: Mapping[str, Any] | None = None) -> None:
        now = {"origin": postal(entries.origin.postal_code), "destination": postal(entries.destination.postal_code)}
        super().__init__(data, initial=now)
        self._entries = entries

    def clean_origin(self) -> Place:
        """The place left, as far as its code says."""
        return self._place("origin", self._entries.origin)

    def clean_destination(self) -> Place:
        """The place moved to."""
        return self._place("destination", self._entries.destination)

    def entries(self) -> Entries:
        """What was entered before, with these places."""
        return replace(self._entries, **self.cleaned_data)

    def _place(self, name: str, now: Place) -> Place:
        typed = self.cleaned_data[name]
        if not typed:
            return now
        try:
            return place_at(typed, now)
        except BadPostalCode as error:
            raise forms.ValidationError(complaint(error)) from error


@require_http_methods(["GET", "HEAD", "POST"])
def top(request: HttpRequest) -> HttpResponse:
    """The first page. Nothing can be overwritten from here in a book that is registered and open."""
    book = current_draft(request)
    opened = bool(book and book.registered_at)
    if request.method == "POST" and opened:
        return see_other("leaves")
    let_go(request)
    typed = request.POST if request.method == "POST" else wrong(request)
    form = WhereForm(entries_of(book) if book and not opened else Entries(), typed)
    if request.method == "POST" and form.is_valid():
        save(draft_or_new(request), form.entries())
        return see_other("wishes")
    context = {
        "door": "top",
        "form": form,
        "opened": opened,
        "begun": bool(book) and not opened,
        "messages": messages.get_messages(request),
    }
    response = render(request, "book/apply/top.html", context, status=422 if form.errors else 200)
    response = again(request, response, book.id if book else None)
    response["Cache-Control"] = "no-store"
    return response
