"""The addresses that other portals ask at."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from renrakucho.channel.relay.message_signing import SIGNATURE, is_signed_response, sign_request
from renrakucho.channel.relay.peer_client import NOTICES, PROVIDERS, RECEIPTS, STANDING
from renrakucho.faces.relay import listings
from renrakucho.standard.schemas import schema_validator
from tests.relay.cast import KANSAI, KANTO, SECRET, Portals

pytestmark = [pytest.mark.django_db]


def asked(path: str, body: bytes = b"{}", *, secret: str = SECRET, portal: str = KANTO, at: int = 0) -> HttpResponse:
    headers = sign_request(secret, portal, path, body, timezone.now() + timedelta(seconds=at))
    response: HttpResponse = post(path, body, headers)
    return response


def post(path: str, body: bytes, headers: dict[str, str]) -> Any:
    fields: dict[str, Any] = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()}
    return Client(enforce_csrf_checks=True).post(path, body, content_type="application/json", **fields)


@pytest.fixture
def kansai(portals: Portals) -> Portals:
    portals.go(KANSAI)
    return portals


@pytest.mark.usefixtures("kansai")
class TestEndpoints:
    """At 関西."""

    @pytest.mark.parametrize("path", [NOTICES, STANDING, RECEIPTS])
    def test_an_unknown_caller_is_told_nothing(self, path: str) -> None:
        assert post(path, b"{}", {}).status_code == 401
        assert asked(path, secret="another" * 4).status_code == 401
        assert asked(path, portal="https://stranger.example").status_code == 401
        assert asked(path, at=-301).status_code == 401
        assert Client().get(path).status_code == 405

    def test_a_signature_holds_for_its_own_body_and_path(self) -> None:
        body = b'{"since": "2026-01-01T00:00:00+00:00"}'
        headers = sign_request(SECRET, KANTO, RECEIPTS, body, timezone.now())
        assert post(RECEIPTS, body, headers).status_code == 200
        assert post(STANDING, body, headers).status_code == 401
        assert post(RECEIPTS, body + b" ", headers).status_code == 401
        assert post(f"{RECEIPTS}?more=1", body, headers).status_code == 401

    def test_a_response_is_bound_to_its_request(self) -> None:
        body = b'{"since": "2026-01-01T00:00:00+00:00"}'
        headers = sign_request(SECRET, KANTO, RECEIPTS, body, timezone.now())
        said = post(RECEIPTS, body, headers)
        now = timezone.now()
        assert is_signed_response(SECRET, headers[SIGNATURE], 200, said.content, said.headers, now)
        assert not is_signed_response(SECRET, "0" * 64, 200, said.content, said.headers, now)
        assert not is_signed_response(SECRET, headers[SIGNATURE], 409, said.content, said.headers, now)
        assert not is_signed_response(SECRET, headers[SIGNATURE], 200, said.content + b" ", said.headers, now)

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
    def test_a_body_that_is_no_json_object_is_rejected(self, body: bytes) -> None:
        said = asked(NOTICES, body)
        assert (said.status_code, json.loads(said.content)["reason"]) == (422, "json")

    @pytest.mark.parametrize("since", ["", "yesterday", "2026-01-01", 17])
    def test_a_bad_cursor_is_rejected(self, since: object) -> None:
        assert asked(RECEIPTS, json.dumps({"since": since}).encode()).status_code == 422

    @pytest.mark.parametrize("after", ["yesterday", "2026-01-01", 17, "0b0f3c6e-7f0e-4d0b-8a53-0b3f1e2f6c11"])
    def test_what_is_no_cursor_is_rejected(self, after: object) -> None:
        assert asked(RECEIPTS, json.dumps({"after": after}).encode()).status_code == 422

    def test_a_body_of_more_than_256_kib_is_not_read(self) -> None:
        assert asked(NOTICES, b" " * (256 * 1024 + 1)).status_code == 413
        assert asked(NOTICES, b" " * 256 * 1024).status_code == 422

    def test_an_unknown_number_is_not_found(self) -> None:
        assert asked(STANDING, b'{"number": "123456789012"}').status_code == 404

    def test_the_listing_follows_the_standard_and_is_public(self) -> None:
        said = Client().get(PROVIDERS)
        document = json.loads(said.content)
        schema_validator("providers").validate(document)
        (osaka,) = document["providers"]
        assert (osaka["id"], len(osaka["serves"])) == ("osaka-water", 24)
        assert {place["confidence"] for place in osaka["serves"]} == {"unofficial"}
        again = Client().get(PROVIDERS, headers={"If-None-Match": said["ETag"]})
        assert (again.status_code, said["Access-Control-Allow-Origin"]) == (304, "*")

    def test_an_address_has_a_rate_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        limits = [listings.LISTINGS, listings.FORMS]
        assert [(limit.limit, limit.seconds) for limit in limits] == [(30, 60), (1200, 60)]
        monkeypatch.setattr(listings, "LISTINGS", replace(listings.LISTINGS, limit=0))
        monkeypatch.setattr(listings, "FORMS", replace(listings.FORMS, limit=0))
        for path in (PROVIDERS, "/relay/v1/sheets/osaka-water/stop/1"):
            assert Client().get(path).status_code == 429

    def test_listed_forms_follow_the_standard(self) -> None:
        document = json.loads(Client().get("/relay/v1/sheets/osaka-water/stop/1").content)
        schema_validator("sheet").validate(document)
        assert document["sheet"] == "osaka-water/stop@1"
        assert Client().get("/relay/v1/sheets/osaka-water/stop/2").status_code == 404
        assert Client().get("/relay/v1/sheets/nobody/stop/1").status_code == 404


def test_the_directorys_areas_are_listed_with_their_source(portals: Portals) -> None:
    """関東 lists those of its own that it delivers to; none of them is told through the mover's browser."""
    portals.settings.CONNECTIONS = "sandbox/connections.toml"
    document = json.loads(Client().get(PROVIDERS).content)
    schema_validator("providers").validate(document)
    listed = {said["id"]: said for said in document["providers"]}
    assert "akishima-water" in listed
    assert "tokyo-waterworks" not in listed
    assert listed["akishima-water"]["serves"][0]["lg_code"].startswith("13207")
    assert listed["akishima-water"]["serves"][0]["source"]
