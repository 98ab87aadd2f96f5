"""Who serves a place (れんらく先検索)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from renrakucho.address import place_lookup
from renrakucho.address.place import TownAt
from renrakucho.coverage.table_specs import COVERED_INDUSTRIES
from renrakucho.faces.directory.place.name_search import LONGEST, names
from renrakucho.faces.directory.place.place_answers import (
    answers_at,
    claimed_providers,
    have_equal_answers,
    is_connected,
)
from renrakucho.faces.directory.place.place_error import PlaceError
from renrakucho.faces.directory.place.place_links import apply_link, place_url, url_with_query
from renrakucho.faces.directory.place.place_query import (
    MeantPlaces,
    former_municipality,
    place_from_text,
    places_by_postal_code,
    places_by_town,
)
from renrakucho.lib.kana import is_kana

_ECHOED = 100  # characters of what was typed that are shown again


# It changes nothing and knows nobody: a forged post could only show somebody a page. So one needs no cookie for it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def search_page(request: HttpRequest) -> HttpResponse:
    """The question, and the answer where the address holds one.

    An address that is typed comes by POST and leads on to its town: block, building and room are in no URL that we
    make. A link may say postal_code, or municipality and town, or q or address (led on likewise), and an industry.
    """
    given = request.POST if request.method == "POST" else request.GET
    text = given.get("q") or given.get("address") or ""
    try:
        if request.method == "POST" or text:
            return _lead_on(request, text)
        if given.get("postal_code") or given.get("municipality"):
            where = _where(request)
            return _choice(request, where) if _open(where) else _answer(request, where)
    except PlaceError as trouble:
        shown = _shown(text or given.get("postal_code", ""))
        return _page(request, trouble.advice.status, trouble=trouble.advice, typed=shown)
    return _page(request)


def _lead_on(request: HttpRequest, text: str) -> HttpResponse:
    """To the page of the place that was typed, or to the towns that are called so."""
    try:
        where = place_from_text(text)
    except PlaceError as trouble:
        if trouble.reason == "not_an_address" and len(text) <= LONGEST and names().find(text, 1):
            return redirect(url_with_query("directory:towns", q=text.strip()))
        raise
    if is_kana(text.strip()) and len(text) <= LONGEST and len(names().find(text, 2)) > 1:
        return redirect(url_with_query("directory:towns", q=text.strip()))  # あたご is 愛宕 more often than あたご
    if where.one:
        return redirect(place_url(where.one, where.postal_code, where.former, town_unread=where.town_unread))
    if where.postal_code:
        return redirect(url_with_query("directory:search", postal_code=where.postal_code))
    return _choice(request, where)


def _where(request: HttpRequest) -> MeantPlaces:
    """The place that the address of this page says. Raises Trouble."""
    code, municipality = request.GET.get("postal_code", ""), request.GET.get("municipality", "")
    at_code = places_by_postal_code(code) if code else MeantPlaces(())
    if not municipality:
        return at_code
    there = any(town.municipality_code == municipality for town in at_code.towns)
    return places_by_town(municipality, request.GET.get("town", ""), at_code.postal_code if there else "")


def _open(where: MeantPlaces) -> bool:
    """Whether one has to choose first."""
    return not where.one and not have_equal_answers(where.towns)


def _choice(request: HttpRequest, where: MeantPlaces) -> HttpResponse:
    choices = [(town, place_url(town, where.postal_code)) for town in where.towns]
    gone = former_municipality(where.towns[0], where.former) if where.former else None
    return _page(request, choices=choices, postal_code=where.postal_code, former=gone)


def _answer(request: HttpRequest, where: MeantPlaces) -> HttpResponse:
    industry = request.GET.get("industry", "")
    if industry and industry not in COVERED_INDUSTRIES:
        raise PlaceError("unknown_industry")
    town = where.towns[0]
    code = where.postal_code or _only_code(town)
    return render(
        request,
        "directory/answer.html",
        {
            "door": "search",
            "towns": where.towns,
            "town": town,
            "municipality": place_lookup.municipality_by_code(town.municipality_code),
            "postal_code": code,
            "found": answers_at(town, [industry] if industry else COVERED_INDUSTRIES),
            "former": former_municipality(town, request.GET.get("former", "")),
            "town_unread": "town_unread" in request.GET and not town.town,
            "all_industries": place_url(town, where.postal_code) if industry else "",
            "connected": is_connected,
            "claims": claimed_providers,
            "report": _report,
            "leaving": apply_link(origin=code),
            "arriving": apply_link(destination=code),
        },
    )


def _only_code(town: TownAt) -> str:
    """The town's postal code where it has a single one."""
    codes = place_lookup.postal_codes_of(town.municipality_code, town.town) if town.town else ()
    return codes[0] if len(codes) == 1 else ""


def _report(town: TownAt, industry: str) -> str:
    """Where an error in this answer is reported."""
    about = url_with_query("directory:about", municipality=town.municipality_code, town=town.town, industry=industry)
    return f"{about}#report"


def _page(request: HttpRequest, status: int = 200, **more: object) -> HttpResponse:
    context = {"door": "search", "typed": "", "trouble": None, "choices": [], "postal_code": "", "former": None} | more
    return render(request, "directory/search.html", context, status=status)


def _shown(text: str) -> str:
    """What was typed as far as it can be shown in the field again."""
    return "".join(char for char in text[:_ECHOED] if char.isprintable())
