"""The description of the open data, as the installation serves it, to compare responses with."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.api.schema import problems, resolve

Described = Callable[[str, Any], list[str]]


@pytest.fixture
def openapi(client: Client, directory: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


@pytest.fixture
def differs(openapi: dict[str, Any]) -> Described:
    """Return where the response of a path differs from its description: status, type, body."""

    def compare(path: str, response: Any) -> list[str]:
        said = openapi["paths"][path]["get"]["responses"].get(str(response.status_code))
        if said is None:
            return [f"{path}: {response.status_code} is not described"]
        if "$ref" in said:
            said = resolve(said["$ref"], openapi)
        kind = response.headers["Content-Type"].split(";")[0]
        if kind not in said["content"]:
            return [f"{path}: {kind} is not described"]
        return problems(response.json(), said["content"][kind]["schema"], openapi)

    return compare
