"""Property-based tests of the open data against its description, by schemathesis, with the same cases every time."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from renrakucho.config.wsgi import application
from renrakucho.faces.directory.api import open_data
from renrakucho.faces.directory.api.openapi import directory_description
from renrakucho.lib.throttle.rate_limit import RateLimit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory", "without_rate_limit", "one_connection")]

EXAMPLES = 25  # an operation
UNCOMPRESSED = {"Accept-Encoding": "identity"}  # schemathesis does not decode answers over WSGI
UNSAYABLE = [positive_data_acceptance]  # which postal codes exist is not said in JSON Schema


@pytest.fixture
def without_rate_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_data, "REQUESTS", RateLimit("api", 10**6, 60))


def described() -> Any:
    """Return the written description: the served one needs a database, which is missing at collection."""
    schema = schemathesis.openapi.from_dict(directory_description())
    schema.app = application
    schema.config.generation.update(max_examples=EXAMPLES, deterministic=True)
    return schema


@described().parametrize()  # type: ignore[untyped-decorator]
@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=EXAMPLES)
def test_every_response_matches_the_description(case: Any) -> None:
    case.call_and_validate(headers=UNCOMPRESSED, excluded_checks=UNSAYABLE)
