"""Questions of programs: who serves a place, and which towns are called so."""

import re
from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from renrakucho.address import place_lookup
from renrakucho.address.place import TownAt
from renrakucho.coverage.table_specs import COVERED_INDUSTRIES
from renrakucho.faces.directory.api.open_data import json_response, open_data_view
from renrakucho.faces.directory.place.name_search import names
from renrakucho.faces.directory.place.place_answers import IndustryAnswer, answers_at
from renrakucho.faces.directory.place.place_error import PlaceError
from renrakucho.faces.directory.place.place_links import place_url
from renrakucho.faces.directory.place.place_query import (
    MeantPlaces,
    places_by_address,
    places_by_postal_code,
    places_by_town,
)

_FEW, _MOST = 10, 50  # towns of one answer


@open_data_view
def providers_json(request: HttpRequest) -> HttpResponse:
    """?postal_code=…, ?address=… or ?municipality=…&town=…, with or without industry=electricity,gas."""
    asked = request.GET.get("industry", "")
    industries = asked.split(",") if asked else COVERED_INDUSTRIES
    if not set(industries) <= set(COVERED_INDUSTRIES):
        raise PlaceError("unknown_industry")
    where = _where(request)
    places = [
        _place(town) | {"answers": [_answer(one) for one in answers_at(town, industries)]} for town in where.towns
    ]
    understood = {"former": where.former, "town_unread": where.town_unread}
    return json_response({"postal_code": where.postal_code, **understood, "places": places})


@open_data_view
def towns_json(request: HttpRequest) -> HttpResponse:
    """?q=a part of a name, in kanji, kana or romaji (limit=10, at most 50), or ?postal_code=…"""
    if request.GET.get("postal_code"):
        where = places_by_postal_code(request.GET["postal_code"])
        return json_response({"towns": [_place(town, where.postal_code) for town in where.towns]})
    asked = request.GET.get("q", "")
    if not asked.strip():
        raise PlaceError("empty")
    limit = request.GET.get("limit", str(_FEW))
    if not re.fullmatch("[1-9][0-9]?", limit) or int(limit) > _MOST:
        raise PlaceError("limit")
    return json_response({"towns": [_place(town) for town in names().find(asked, int(limit))]})


def _where(request: HttpRequest) -> MeantPlaces:
    given = request.GET
    if given.get("postal_code"):
        return places_by_postal_code(given["postal_code"])
    if given.get("municipality"):
        return places_by_town(given["municipality"], given.get("town", ""))
    return places_by_address(given.get("address", ""))


def _place(town: TownAt, postal_code: str = "") -> dict[str, object]:
    return {
        "municipality_code": town.municipality_code,
        "prefecture": town.prefecture,
        "municipality": town.municipality,
        "town": town.town,
        "kana": town.kana,
        "postal_codes": place_lookup.postal_codes_of(town.municipality_code, town.town) if town.town else (),
        "page": settings.BASE_URL + place_url(town, postal_code),
    }


def _answer(found: IndustryAnswer) -> dict[str, object]:
    answer = found.answer
    return {
        "industry": found.industry,
        "status": answer.status,
        "headline": found.headline,
        "next_step": found.next_step,
        "note": answer.note,
        "source": answer.source,
        "as_of": answer.as_of,
        "offices": [asdict(office) for office in answer.offices],
    }
