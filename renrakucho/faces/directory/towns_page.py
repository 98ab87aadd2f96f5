"""Towns page: find a town by a part of its name, where the postal code is not known."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renrakucho.address import place_lookup
from renrakucho.address.name_search import name_index
from renrakucho.address.place import TownAt
from renrakucho.address.place_query import PlaceError, places_by_town
from renrakucho.faces.directory.query_problems import query_advice
from renrakucho.faces.directory.search_page import place_url, url_with_query

_MOST_TOWNS = 30
_SHOWN = 100  # characters of a query that are shown again


@require_safe
def towns_page(request: HttpRequest) -> HttpResponse:
    """List the places whose name has the text `q`, or every town of a municipality."""
    query, code = request.GET.get("q", ""), request.GET.get("municipality", "")
    shown = "".join(char for char in query[:_SHOWN] if char.isprintable())
    if not code:
        found = name_index().find(query, _MOST_TOWNS + 1)
        return _list(request, found[:_MOST_TOWNS], typed=shown, cut=len(found) > _MOST_TOWNS)
    try:
        municipalities = places_by_town(code, "").towns
    except PlaceError as error:
        advice = query_advice(error)
        return _list(request, (), status=advice.status, problem=advice)
    if len(municipalities) > 1:  # a city with wards
        return _list(request, municipalities)
    municipality = municipalities[0]
    found = [town for town in place_lookup.towns_in(municipality.municipality_code) if town.town]
    return _list(request, found, at=municipality, whole=place_url(municipality))


def _list(request: HttpRequest, found: Sequence[TownAt], status: int = 200, **more: object) -> HttpResponse:
    places = [(town, _towns_url(town), place_url(town)) for town in found]
    context = {"section": "search", "places": places, "typed": "", "at": None, "problem": None, "cut": False} | more
    return render(request, "directory/towns.html", context, status=status)


def _towns_url(town: TownAt) -> str:
    """The URL of the list of a municipality's towns; "" for a town."""
    return "" if town.town else url_with_query("directory:towns", municipality=town.municipality_code)
