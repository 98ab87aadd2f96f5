"""openapi.json is complete, its references resolve, and the schema check of these tests works."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from renrakucho.faces.directory.api.urls import urlpatterns
from renrakucho.faces.directory.query_problems import ADVICE
from tests.api.schema import problems, resolve


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)


def test_exactly_the_urls_are_described(openapi: dict[str, Any]) -> None:
    assert openapi["openapi"] == "3.1.0"
    assert set(openapi["paths"]) == {f"/{pattern.pattern}" for pattern in urlpatterns}
    assert openapi["servers"] == [{"url": settings.BASE_URL}]


def test_references_in_the_description_resolve(openapi: dict[str, Any]) -> None:
    found = set(references(openapi))
    assert found
    assert all(resolve(reference, openapi) for reference in found)


def test_every_problem_is_described(openapi: dict[str, Any]) -> None:
    assert set(openapi["components"]["x-problems"]) == set(ADVICE)
    assert set(openapi["components"]["schemas"]["Problem"]["properties"]["reason"]["enum"]) == set(ADVICE)


def test_all_members_of_objects_are_required(openapi: dict[str, Any]) -> None:
    for schema in openapi["components"]["schemas"].values():
        assert schema["type"] == "object"
        assert schema["additionalProperties"] is False
        assert set(schema["required"]) == set(schema["properties"])


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"n": "a"}, 0),
        ({"n": "b"}, 1),
        ({"n": 1}, 1),
        ({}, 1),
        ({"n": "a", "more": 1}, 1),
        ([], 1),
    ],
)
def test_the_schema_check_finds_violations(value: object, found: int) -> None:
    schema = {
        "type": "object",
        "required": ["n"],
        "additionalProperties": False,
        "properties": {"n": {"type": "string", "pattern": "^a$"}},
    }
    assert len(problems(value, schema, {})) == found


def test_the_schema_check_refuses_unknown_keywords() -> None:
    assert problems("x", {"oneOf": []}, {})
