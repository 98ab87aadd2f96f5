"""The API against its own description, by schemathesis: the same cases every time."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from renrakucho.faces.api import key_authentication
from renrakucho.faces.api.problem_details import ADVICE
from renrakucho.faces.api.urls import urlpatterns
from renrakucho.lib.throttle.rate_limit import RateLimit
from renrakucho.notice.models import Notice
from tests.api.schema import resolve
from tests.desk.cast import sent
from tests.systems.cast import System

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory", "one_connection")]

DESCRIPTION = "/api/v1/notices/openapi.json"
NUMBER = "123456789012"
EXAMPLES = 25  # an operation


@pytest.fixture
def openapi(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get(DESCRIPTION).json()
    return found


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    """Of a provider with one notice, and without a limit on its pace."""
    monkeypatch.setattr(key_authentication, "REQUESTS", RateLimit("system", 10**6, 60))
    monkeypatch.setattr(key_authentication, "WRONG_KEYS", RateLimit("system-key", 10**6, 60))
    Notice.objects.filter(id=sent().id).update(number=NUMBER)
    return System()


def described(**parameters: str) -> Any:
    """The description as the portal serves it; the parameters are the same in every case."""
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, get_wsgi_application())
    schema.config.update(parameters=parameters)
    schema.config.generation.update(max_examples=EXAMPLES, deterministic=True)
    return schema


# What JSON Schema has no words for is refused too: unseen characters, spaces around a text, a key that was used.
UNCOMPRESSED = {"Accept-Encoding": "identity"}  # schemathesis does not decode answers over WSGI
UNSAYABLE = [positive_data_acceptance]
bounded = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=EXAMPLES)


@described(number=NUMBER).parametrize()  # type: ignore[untyped-decorator]
@bounded
def test_every_answer_on_a_notice_is_as_described(case: Any, system: System) -> None:
    case.call_and_validate(headers=system.headers() | UNCOMPRESSED, excluded_checks=UNSAYABLE)


@described().parametrize()  # type: ignore[untyped-decorator]
@bounded
def test_every_answer_is_as_described(case: Any, system: System) -> None:
    case.call_and_validate(headers=system.headers() | UNCOMPRESSED, excluded_checks=UNSAYABLE)


def test_every_address_is_described_and_nothing_else(openapi: dict[str, Any]) -> None:
    served = {f"/{pattern.pattern}".replace("<str:", "{").replace(">", "}") for pattern in urlpatterns if pattern.name}
    assert set(openapi["paths"]) == served - {DESCRIPTION}


def test_every_problem_is_described(openapi: dict[str, Any]) -> None:
    assert set(openapi["components"]["x-problems"]) == set(ADVICE)
    assert openapi["components"]["schemas"]["Problem"]["properties"]["reason"]["enum"] == list(ADVICE)


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)


def test_every_reference_leads_somewhere(openapi: dict[str, Any]) -> None:
    found = set(references(openapi))
    assert found
    assert all(resolve(reference, openapi) for reference in found)
