"""The schemas themselves."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.standard.facts import facts_schema_text
from renrakucho.standard.schemas import FOLDER, load_schema, schema_names

every_schema = pytest.mark.parametrize("name", schema_names())


def subschemas(part: Any) -> list[dict[str, Any]]:
    """Every member with a title or a description, wherever it stands."""
    if isinstance(part, list):
        return [found for one in part for found in subschemas(one)]
    if not isinstance(part, dict):
        return []
    here = [part] if isinstance(part.get("title"), str) or isinstance(part.get("description"), str) else []
    return here + [found for key, one in part.items() if not key.startswith("x-") for found in subschemas(one)]


@every_schema
def test_it_is_a_json_schema_that_names_itself(name: str) -> None:
    Draft202012Validator.check_schema(load_schema(name))
    assert load_schema(name)["$id"] == f"{name}.schema.json"


@every_schema
def test_every_text_stands_in_both_languages(name: str) -> None:
    found = list(subschemas(load_schema(name)))
    assert found
    for one in found:
        english = one.get("x-en", {})
        assert set(english) == {"title", "description"} & set(one), one
        assert all(text.isascii() or "町字" in text or "郡" in text or "丁目" in text for text in english.values()), one


def test_the_facts_are_those_of_the_catalogue() -> None:
    assert (FOLDER / "facts.schema.json").read_text("utf-8") == facts_schema_text()
    assert list(load_schema("facts")["properties"]) == [name for name, one in CATALOGUE.items() if one.kind != "code"]
