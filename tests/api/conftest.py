"""The description that answers are held against, as the installation serves it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.api.schema import problems, resolve

Described = Callable[[str, HttpResponse], list[str]]


@pytest.fixture
def openapi(client: Client, directory: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


@pytest.fixture
def differs(openapi: dict[str, Any]) -> Described:
    """Where a response of a path is not as described: its status, its type, its body."""

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
