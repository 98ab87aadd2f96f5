"""Caching, rate limit and CORS of the open data."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from renrakucho.faces.directory.api import open_data
from tests.api.conftest import Described

TOWNS = "/api/v1/towns?q=atago"
ALL = [
    TOWNS,
    "/api/v1/providers?postal_code=2060041",
    "/api/v1/directory.json",
    "/api/v1/directory.csv",
    "/api/v1/openapi.json",
]


@pytest.mark.parametrize("path", ALL)
def test_an_unchanged_answer_is_a_304(client: Client, directory: str, path: str) -> None:
    first = client.get(path)
    assert directory in first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    weak = client.get(path, headers={"If-None-Match": f'"other", W/{first.headers["ETag"]}'})
    assert weak.status_code == 304
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ALL)
def test_cors_is_allowed_and_no_cookie_is_set(client: Client, directory: str, path: str) -> None:
    response = client.get(path)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_other_methods_are_refused(client: Client, directory: str) -> None:
    for strange in (client, Client(enforce_csrf_checks=True)):
        response = strange.post(TOWNS)
        assert response.status_code == 405
        assert response.headers["Allow"] == "GET, HEAD"
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["reason"] == "method"


def test_a_head_response_has_no_body(client: Client, directory: str) -> None:
    response = client.head("/api/v1/directory.json")
    assert response.status_code == 200
    assert response.content == b""


def test_too_many_requests_say_when_to_try_again(
    client: Client, directory: str, differs: Described, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One window, whenever the test runs.
    monkeypatch.setattr(open_data, "REQUESTS", replace(open_data.REQUESTS, limit=2, seconds=10**10))
    other: dict[str, Any] = {"REMOTE_ADDR": "192.0.2.7"}
    assert [client.get(TOWNS, **other).status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get(TOWNS, **other)
    assert int(refused.headers["Retry-After"]) > 60
    assert differs("/api/v1/towns", refused) == []
    assert client.get(TOWNS, REMOTE_ADDR="192.0.2.8").status_code == 200


def test_a_client_may_send_a_hundred_and_twenty_requests_a_minute() -> None:
    assert (open_data.REQUESTS.limit, open_data.REQUESTS.seconds) == (120, 60)
