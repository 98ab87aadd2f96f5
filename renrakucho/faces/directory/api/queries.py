"""Queries of programs: who serves a place, and which towns have a name."""

import re
from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from renrakucho.address import place_lookup
from renrakucho.address.name_search import name_index
from renrakucho.address.place import TownAt
from renrakucho.address.place_query import (
    FoundPlaces,
    PlaceError,
    places_by_address,
    places_by_postal_code,
    places_by_town,
)
from renrakucho.coverage.table_specs import COVERED_INDUSTRIES
from renrakucho.faces.directory.api.open_data import json_response, open_data_view
from renrakucho.faces.directory.place_answers import IndustryAnswer, answers_at
from renrakucho.faces.directory.query_problems import QueryError
from renrakucho.faces.directory.search_page import place_url

_DEFAULT_LIMIT, _HIGHEST_LIMIT = 10, 50  # towns of one answer


@open_data_view
def providers_json(request: HttpRequest) -> HttpResponse:
    """Answer ?postal_code=…, ?address=… or ?municipality=…&town=…, with or without industry=electricity,gas."""
    named = request.GET.get("industry", "")
    industries = named.split(",") if named else COVERED_INDUSTRIES
    if not set(industries) <= set(COVERED_INDUSTRIES):
        raise QueryError("unknown_industry")
    found = _requested_places(request)
    places = [
        _place(town) | {"answers": [_answer(one) for one in answers_at(town, industries)]} for town in found.towns
    ]
    understood = {"former": found.former, "town_unread": found.town_unread}
    return json_response({"postal_code": found.postal_code, **understood, "places": places})


@open_data_view
def towns_json(request: HttpRequest) -> HttpResponse:
    """Answer ?q=…, a part of a name in kanji, kana or romaji (limit=10, at most 50), or ?postal_code=…"""
    if request.GET.get("postal_code"):
        found = places_by_postal_code(request.GET["postal_code"])
        return json_response({"towns": [_place(town, found.postal_code) for town in found.towns]})
    text = request.GET.get("q", "")
    if not text.strip():
        raise PlaceError("empty")
    limit = request.GET.get("limit", str(_DEFAULT_LIMIT))
    if not re.fullmatch("[1-9][0-9]?", limit) or int(limit) > _HIGHEST_LIMIT:
        raise QueryError("limit")
    return json_response({"towns": [_place(town) for town in name_index().find(text, int(limit))]})


def _requested_places(request: HttpRequest) -> FoundPlaces:
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
