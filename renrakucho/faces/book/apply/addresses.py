"""②-2: where the move goes from and to, as far as it decides whom to tell."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from renrakucho.faces.book.apply.end_form import EndForm
from renrakucho.faces.book.apply.steps import Visit, see_other, step
from renrakucho.mover.entries import Entries

ENDS = ("origin", "destination")


@step("addresses")
def addresses(visit: Visit) -> HttpResponse:
    """Both ends on one page. A question about a code comes back on the same page, with nothing lost."""
    data = visit.request.POST if visit.posted else visit.late()
    places = {"origin": visit.entries.origin, "destination": visit.entries.destination}
    forms = {end: EndForm(places[end], end, data) for end in ENDS}
    valid = [form.is_valid() for form in forms.values()]  # each says its own errors
    if visit.posted and all(valid):
        visit.save(_entries(visit.entries, forms))
        asking = next((end for end in ENDS if forms[end].asks), "")
        return see_other("addresses", f"#{asking}") if asking else see_other("providers")
    context = visit.page(ends=forms, messages=messages.get_messages(visit.request))
    return render(visit.request, "book/apply/addresses.html", context, status=422 if visit.posted else 200)


def _entries(before: Entries, forms: dict[str, EndForm]) -> Entries:
    items = dict(before.items)
    for end, form in forms.items():
        if form.rest and not items.get(f"{end}.block"):
            items[f"{end}.block"] = form.rest
    return replace(before, origin=forms["origin"].place, destination=forms["destination"].place, items=items)
