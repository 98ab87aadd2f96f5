"""About page: where the data come from, and how to report an error in them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renrakucho.address.edition_cache import current_edition
from renrakucho.address.place_query import PlaceError, places_by_town
from renrakucho.coverage.table_specs import COVERED_INDUSTRIES
from renrakucho.faces.directory.api.bulk_download import licence_note
from renrakucho.faces.directory.place_answers import CONFIDENCE, answers_at
from renrakucho.provider.models import Source

_DOWNLOADS = {"csv": "directory_csv", "json": "directory_json", "openapi": "openapi"}


@require_safe
def about_page(request: HttpRequest) -> HttpResponse:
    """Show the sources; for a place and industry of the URL, also what to copy into an error report."""
    context = {
        "section": "search",
        "sources": Source.objects.order_by("kind", "title"),
        "confidence": CONFIDENCE,
        "edition": current_edition(),
        "reported": _reported(request),
        "licence": licence_note(),
        "downloads": {kind: reverse(f"api:{name}") for kind, name in _DOWNLOADS.items()},
    }
    return render(request, "directory/about.html", context)


def _reported(request: HttpRequest) -> object:
    """The answer that the reader wants to report; None where the URL names no place that exists."""
    industry = request.GET.get("industry", "")
    try:
        town = places_by_town(request.GET.get("municipality", ""), request.GET.get("town", "")).single
    except PlaceError:
        return None
    if town is None or industry not in COVERED_INDUSTRIES:
        return None
    return {"town": town, "found": answers_at(town, [industry])[0]}
