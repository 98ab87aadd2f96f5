"""Queries of programs: who serves a place, and which towns have a name."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from renrakucho.address.place_lookup import towns_at
from renrakucho.coverage.provider_lookup import providers_at
from tests.api.conftest import Described

PROVIDERS, TOWNS = "/api/v1/providers", "/api/v1/towns"
INDUSTRIES = ["electricity", "gas", "water", "telephone"]


@pytest.mark.parametrize(
    "asked",
    [
        {"postal_code": "2060041"},
        {"postal_code": "206-0041"},
        {"address": "東京都多摩市愛宕"},
        {"address": "東京都多摩市愛宕4丁目1-1 メゾン101"},
        {"municipality": "13224", "town": "愛宕"},
    ],
)
def test_a_place_can_be_given_in_four_ways(
    client: Client, directory: str, differs: Described, asked: dict[str, str]
) -> None:
    response = client.get(PROVIDERS, asked)
    assert response.status_code == 200
    assert differs(PROVIDERS, response) == []
    (place,) = response.json()["places"]
    assert (place["municipality_code"], place["town"]) == ("13224", "愛宕")
    assert [answer["industry"] for answer in place["answers"]] == INDUSTRIES
    for answer in place["answers"]:
        found = providers_at("13224", "愛宕", answer["industry"])
        assert answer["status"] == found.status
        assert [office["provider_id"] for office in answer["offices"]] == [one.provider_id for one in found.offices]


def test_industries_can_be_chosen(client: Client, directory: str) -> None:
    answer = client.get(PROVIDERS, {"postal_code": "2060041", "industry": "water,gas"}).json()
    assert [one["industry"] for one in answer["places"][0]["answers"]] == ["water", "gas"]


@pytest.mark.parametrize("asked", [{"postal_code": "4980000"}, {"address": "府中市"}, {"municipality": "14100"}])
def test_all_matching_places_are_returned(
    client: Client, directory: str, differs: Described, asked: dict[str, str]
) -> None:
    response = client.get(PROVIDERS, asked)
    assert differs(PROVIDERS, response) == []
    assert len(response.json()["places"]) > 1


def test_the_page_of_a_place_exists(client: Client, directory: str) -> None:
    (place,) = client.get(PROVIDERS, {"municipality": "13224", "town": "愛宕"}).json()["places"]
    parts = urlsplit(place["page"])
    assert client.get(f"{parts.path}?{parts.query}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "reason"),
    [
        ({}, 422, "empty"),
        ({"postal_code": "20600"}, 422, "length"),
        ({"postal_code": "abcdefg"}, 422, "letters"),
        ({"postal_code": "9999999"}, 404, "unknown"),
        ({"postal_code": "٢٠٦٠٠٤١"}, 422, "letters"),
        ({"address": "10 Downing Street"}, 422, "not_an_address"),
        ({"address": "'; DROP TABLE x; --"}, 422, "not_an_address"),
        ({"address": "\x00\x1b"}, 422, "not_an_address"),
        ({"address": "あ" * 10_000}, 422, "too_long"),
        ({"municipality": "99999"}, 404, "unknown_place"),
        ({"municipality": "13224", "town": "x"}, 404, "unknown_place"),
        ({"postal_code": "2060041", "industry": "steam"}, 422, "unknown_industry"),
        ({"postal_code": "2060041", "industry": ","}, 422, "unknown_industry"),
    ],
)
def test_an_unanswerable_query_is_a_problem_with_a_next_step(
    client: Client, directory: str, differs: Described, openapi: dict[str, Any], asked: dict[str, str], status: int,
    reason: str,
) -> None:  # fmt: skip
    response = client.get(PROVIDERS, asked)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert differs(PROVIDERS, response) == []
    problem = response.json()
    assert (problem["reason"], problem["status"]) == (reason, status)
    assert problem["title"].isascii()
    assert "。" in problem["detail"]
    assert problem["type"].startswith("/api/v1/openapi.json#/components/x-problems/")
    assert openapi["components"]["x-problems"][problem["type"].rpartition("/")[2]]["title"] == problem["title"]
    assert "ETag" not in response.headers


@pytest.mark.parametrize("asked", ["たま あたご", "tama atago", "多摩市愛宕", "愛宕"])
def test_towns_are_found_by_name(client: Client, directory: str, differs: Described, asked: str) -> None:
    response = client.get(TOWNS, {"q": asked})
    assert differs(TOWNS, response) == []
    towns = response.json()["towns"]
    assert len(towns) <= 10
    if asked == "多摩市愛宕":
        assert (towns[0]["municipality_code"], towns[0]["town"]) == ("13224", "愛宕")


def test_towns_are_found_by_postal_code(client: Client, directory: str, differs: Described) -> None:
    response = client.get(TOWNS, {"postal_code": "4380086"})
    assert differs(TOWNS, response) == []
    assert [town["town"] for town in response.json()["towns"]] == [town.town for town in towns_at("4380086")]


@pytest.mark.parametrize(("limit", "most"), [({"limit": "3"}, 3), ({"limit": "50"}, 50), ({}, 10)])
def test_the_number_of_towns_has_a_limit(client: Client, directory: str, limit: dict[str, str], most: int) -> None:
    assert len(client.get(TOWNS, {"q": "中央"} | limit).json()["towns"]) == most


@pytest.mark.parametrize("limit", ["51", "999", "x", "-1", "9" * 5000, "0", "1.5", "", "１０"])
def test_a_wrong_limit_is_a_problem(client: Client, directory: str, differs: Described, limit: str) -> None:
    response = client.get(TOWNS, {"q": "中央", "limit": limit})
    assert response.status_code == 422
    assert response.json()["reason"] == "limit"
    assert differs(TOWNS, response) == []


def test_an_unknown_name_gives_an_empty_list_and_no_name_a_problem(client: Client, directory: str) -> None:
    assert client.get(TOWNS, {"q": "zzz"}).json()["towns"] == []
    assert client.get(TOWNS, {"q": " "}).status_code == 422


def test_a_former_name_and_an_unread_town_are_returned(client: Client, directory: str, differs: Described) -> None:
    old = client.get(PROVIDERS, {"address": "静岡県浜松市北区細江町中川1"})
    unread = client.get(PROVIDERS, {"address": "東京都多摩市存在しない町"})
    plain = client.get(PROVIDERS, {"address": "東京都多摩市愛宕1"})
    assert [differs(PROVIDERS, each) for each in (old, unread, plain)] == [[], [], []]
    told = [(each.json()["former"], each.json()["town_unread"]) for each in (old, unread, plain)]
    assert told == [("浜松市北区", False), ("", True), ("", False)]
