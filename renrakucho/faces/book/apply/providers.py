"""②-3: the providers found for each wish, and the mover's choice among them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from renrakucho.faces.book.apply.finding_words import by_phone, lead, other_words, way
from renrakucho.faces.book.apply.providers_form import ProvidersForm
from renrakucho.faces.book.apply.steps import Visit, see_other, step
from renrakucho.notice.offer import Finding, findings


@step("providers")
def providers(visit: Visit) -> HttpResponse:
    """A part for each industry and end, a tick for each provider."""
    found = findings(visit.entries)
    data = visit.request.POST if visit.posted else visit.late()
    form = ProvidersForm(visit.entries, found, data, visit.there)
    if visit.posted and form.is_valid():
        visit.save(form.entries())
        return see_other("items")
    context = visit.page(
        form=form,
        parts=[_part(finding, form, visit.there) for finding in found],
        origin=visit.entries.origin,
        destination=visit.entries.destination,
        messages=messages.get_messages(visit.request),
    )
    return render(visit.request, "book/apply/providers.html", context, status=422 if visit.posted else 200)


def _part(finding: Finding, form: ProvidersForm, there: frozenset[str]) -> dict[str, object]:
    now = timezone.now()
    return {
        "finding": finding,
        "lead": lead(finding),
        "offers": [
            (offer, way(offer, now), by_phone(offer), form.ticked(offer.key), offer.key in there)
            for offer in finding.offers
        ],
        "other": form.other(finding),
        "other_words": other_words(finding),
        "other_ticked": form.ticked(finding.other),
        "other_there": finding.other in there,
    }
