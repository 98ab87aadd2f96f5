"""Find a town by a part of its name, for those who know no postal code."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renrakucho.address import place_lookup
from renrakucho.address.place import TownAt
from renrakucho.faces.directory.place.name_search import names
from renrakucho.faces.directory.place.place_error import PlaceError
from renrakucho.faces.directory.place.place_links import place_url, url_with_query
from renrakucho.faces.directory.place.place_query import places_by_town

_MOST = 30
_SHOWN = 100  # characters of what was typed


@require_safe
def towns_page(request: HttpRequest) -> HttpResponse:
    """The places that are called so (q), or every town of a municipality."""
    asked, code = request.GET.get("q", ""), request.GET.get("municipality", "")
    shown = "".join(char for char in asked[:_SHOWN] if char.isprintable())
    if not code:
        found = names().find(asked, _MOST + 1)
        return _list(request, found[:_MOST], typed=shown, cut=len(found) > _MOST)
    try:
        at = places_by_town(code, "").towns
    except PlaceError as trouble:
        return _list(request, (), status=trouble.advice.status, trouble=trouble.advice)
    if len(at) > 1:  # a city with wards
        return _list(request, at)
    found = [town for town in place_lookup.towns_in(at[0].municipality_code) if town.town]
    return _list(request, found, at=at[0], whole=place_url(at[0]))


def _list(request: HttpRequest, found: Sequence[TownAt], status: int = 200, **more: object) -> HttpResponse:
    places = [(town, _page(town), place_url(town)) for town in found]
    context = {"door": "search", "places": places, "typed": "", "at": None, "trouble": None, "cut": False} | more
    return render(request, "directory/towns.html", context, status=status)


def _page(town: TownAt) -> str:
    """The list of a municipality's towns; "" for a town."""
    return "" if town.town else url_with_query("directory:towns", municipality=town.municipality_code)
