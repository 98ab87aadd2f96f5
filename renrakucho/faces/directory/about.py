"""Where the data come from, and how to report an error."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renrakucho.faces.directory.api.whole import licence_note
from renrakucho.faces.directory.place.edition import edition
from renrakucho.faces.directory.place.found import found_at
from renrakucho.faces.directory.place.trouble import Trouble
from renrakucho.faces.directory.place.where import by_town
from renrakucho.faces.directory.words import CONFIDENCE, SEARCHED
from renrakucho.provider.models import Source

_DOWNLOADS = {"csv": "directory_csv", "json": "directory_json", "openapi": "openapi"}


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The sources; with a place and industry, what to copy into a report."""
    context = {
        "door": "search",
        "sources": Source.objects.order_by("kind", "title"),
        "confidence": CONFIDENCE,
        "edition": edition(),
        "reported": _reported(request),
        "licence": licence_note(),
        "downloads": {kind: reverse(f"api:{name}") for kind, name in _DOWNLOADS.items()},
    }
    return render(request, "directory/about.html", context)


def _reported(request: HttpRequest) -> object:
    """The answer that the reader found wrong; None where no place is said, or none that exists."""
    industry = request.GET.get("industry", "")
    try:
        town = by_town(request.GET.get("municipality", ""), request.GET.get("town", "")).one
    except Trouble:
        return None
    if town is None or industry not in SEARCHED:
        return None
    return {"town": town, "found": found_at(town, [industry])[0]}
