"""Search page (れんらく先検索): who serves a place. Also the URLs of its answers."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from renrakucho.address import place_lookup
from renrakucho.address.name_search import LONGEST_NAME, name_index
from renrakucho.address.place import TownAt
from renrakucho.address.place_query import (
    FoundPlaces,
    PlaceError,
    former_municipality,
    place_from_text,
    places_by_postal_code,
    places_by_town,
)
from renrakucho.coverage.provider_lookup import have_equal_answers
from renrakucho.coverage.table_specs import COVERED_INDUSTRIES
from renrakucho.faces.directory.place_answers import (
    answers_at,
    claimed_providers,
)
from renrakucho.faces.directory.query_problems import QueryError, query_advice
from renrakucho.lib.kana import is_kana
from renrakucho.lib.typed_text import clean_query
from renrakucho.notice.offer import is_provider_connected
from renrakucho.page.jinja_environment import navigation_links
from renrakucho.page.language import asked_language

_ECHOED = 100  # characters of a query that are shown again


def place_url(town: TownAt, postal_code: str = "", former: str = "", *, town_unread: bool = False) -> str:
    """Return the URL of the answer for a town. A postal code (one that exists) with no other town is enough.

    `former` and `town_unread` are those of FoundPlaces: the page mentions them.
    """
    if postal_code and not former and place_lookup.towns_at(postal_code) == (town,):
        return url_with_query("directory:search", postal_code=postal_code)
    place = {"postal_code": postal_code, "municipality": town.municipality_code, "town": town.town}
    return url_with_query("directory:search", **place, former=former, town_unread="1" if town_unread else "")


def url_with_query(name: str, **parts: str) -> str:
    """Return the URL of a page with a query string of the parts that are not empty."""
    query = urlencode({part: value for part, value in parts.items() if value})
    return f"{reverse(name)}?{query}" if query else reverse(name)


def apply_link(origin: str = "", destination: str = "", industries: Sequence[str] = ()) -> str:
    """Return the URL of the application's first page, filled in with postal codes (7 digits) and industries.

    "" where this installation has no application.
    """
    first_page = next((link.href for link in navigation_links() if link.code == "apply"), "")
    parts = {"origin": origin, "destination": destination, "industries": ",".join(industries)}
    query = urlencode({name: part for name, part in parts.items() if part}, safe=",")
    return f"{first_page}?{query}" if first_page and query else first_page


# A search changes nothing and knows no user: a forged post could only show a page, so no CSRF cookie is needed.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def search_page(request: HttpRequest) -> HttpResponse:
    """Show the search field, and the answer where the URL names a place.

    A typed address comes by POST and is redirected to its town, so that block, building and room stand in no URL. A
    link may have postal_code, or municipality and town, or q or address (redirected likewise), and an industry.
    """
    given = request.POST if request.method == "POST" else request.GET
    text = given.get("q") or given.get("address") or ""
    if request.method == "POST" and not text and asked_language(request):
        return _page(request)  # nothing was typed yet when the language was changed
    try:
        if request.method == "POST" or text:
            return _redirect_to_place(request, text)
        if given.get("postal_code") or given.get("municipality"):
            found = _place_of_url(request)
            return _choice(request, found) if _needs_choice(found) else _answer(request, found)
    except (PlaceError, QueryError) as error:
        advice = query_advice(error)
        shown = _printable(text or given.get("postal_code", ""))
        return _page(request, advice.status, problem=advice, typed=shown)
    return _page(request)


def _redirect_to_place(request: HttpRequest, text: str) -> HttpResponse:
    """Redirect to the answer for the typed place, or to the towns whose name has the text."""
    try:
        found = place_from_text(text)
    except PlaceError as error:
        if error.reason == "not_an_address" and len(text) <= LONGEST_NAME and name_index().find(text, 1):
            return redirect(url_with_query("directory:towns", q=text.strip()))
        raise
    if not found.postal_code and _is_ambiguous_kana(text):
        return redirect(url_with_query("directory:towns", q=text.strip()))  # あたご is 愛宕 more often than あたご
    if found.single:
        return redirect(place_url(found.single, found.postal_code, found.former, town_unread=found.town_unread))
    if found.postal_code:
        return redirect(url_with_query("directory:search", postal_code=found.postal_code))
    return _choice(request, found)


def _is_ambiguous_kana(text: str) -> bool:
    return is_kana(clean_query(text)) and len(text) <= LONGEST_NAME and len(name_index().find(text, 2)) > 1


def _place_of_url(request: HttpRequest) -> FoundPlaces:
    """The place that the URL of this page names. Raises PlaceError."""
    code, municipality = request.GET.get("postal_code", ""), request.GET.get("municipality", "")
    at_code = places_by_postal_code(code) if code else FoundPlaces(())
    if not municipality:
        return at_code
    there = any(town.municipality_code == municipality for town in at_code.towns)
    return places_by_town(municipality, request.GET.get("town", ""), at_code.postal_code if there else "")


def _needs_choice(found: FoundPlaces) -> bool:
    return not found.single and not have_equal_answers(found.towns)


def _choice(request: HttpRequest, found: FoundPlaces) -> HttpResponse:
    choices = [(town, place_url(town, found.postal_code)) for town in found.towns]
    former = former_municipality(found.towns[0], found.former) if found.former else None
    return _page(request, choices=choices, postal_code=found.postal_code, former=former)


def _answer(request: HttpRequest, places: FoundPlaces) -> HttpResponse:
    industry = request.GET.get("industry", "")
    if industry and industry not in COVERED_INDUSTRIES:
        raise QueryError("unknown_industry")
    town = places.towns[0]
    code = places.postal_code or _only_postal_code(town)
    return render(
        request,
        "directory/answer.html",
        {
            "section": "search",
            "towns": places.towns,
            "town": town,
            "municipality": place_lookup.municipality_by_code(town.municipality_code),
            "postal_code": code,
            "found": answers_at(town, [industry] if industry else COVERED_INDUSTRIES),
            "former": former_municipality(town, request.GET.get("former", "")),
            "town_unread": "town_unread" in request.GET and not town.town,
            "all_industries": place_url(town, places.postal_code) if industry else "",
            "connected": is_provider_connected,
            "claims": claimed_providers,
            "report": _report_url,
            "leaving": apply_link(origin=code),
            "arriving": apply_link(destination=code),
        },
    )


def _only_postal_code(town: TownAt) -> str:
    """The town's postal code; "" where it has several."""
    codes = place_lookup.postal_codes_of(town.municipality_code, town.town) if town.town else ()
    return codes[0] if len(codes) == 1 else ""


def _report_url(town: TownAt, industry: str) -> str:
    about = url_with_query("directory:about", municipality=town.municipality_code, town=town.town, industry=industry)
    return f"{about}#report"


def _page(request: HttpRequest, status: int = 200, **more: object) -> HttpResponse:
    context = {
        "section": "search",
        "typed": "",
        "problem": None,
        "choices": [],
        "postal_code": "",
        "former": None,
    } | more
    return render(request, "directory/search.html", context, status=status)


def _printable(text: str) -> str:
    """The typed text as far as the field can show it again."""
    return "".join(char for char in text[:_ECHOED] if char.isprintable())
