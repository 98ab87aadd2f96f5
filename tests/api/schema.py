"""Check a response against openapi.json: the few keywords of JSON Schema that it uses."""

import re
from typing import Any

_TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
_KNOWN = {"type", "properties", "required", "additionalProperties", "items", "enum", "pattern", "$ref"}
_NOTES = {"description", "format", "default", "minimum", "maximum"}


def problems(value: object, schema: dict[str, Any], whole: dict[str, Any], at: str = "$") -> list[str]:
    """Return where the value violates the schema; [] where it does not."""
    unknown = schema.keys() - _KNOWN - _NOTES
    if unknown:
        return [f"{at}: the schema says {', '.join(sorted(unknown))}, which is not checked here"]
    if "$ref" in schema:
        return problems(value, resolve(schema["$ref"], whole), whole, at)
    if "type" in schema and (
        not isinstance(value, _TYPES[schema["type"]]) or (isinstance(value, bool) and schema["type"] != "boolean")
    ):
        return [f"{at}: {value!r} is no {schema['type']}"]
    found: list[str] = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value!r} is none of {schema['enum']}")
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{at}: {value!r} is not like {schema['pattern']}")
    if isinstance(value, list):
        for number, item in enumerate(value):
            found += problems(item, schema["items"], whole, f"{at}[{number}]")
    if isinstance(value, dict) and "properties" in schema:
        found += [f"{at}: {name} is missing" for name in schema["required"] if name not in value]
        for name, part in value.items():
            if name in schema["properties"]:
                found += problems(part, schema["properties"][name], whole, f"{at}.{name}")
            elif schema.get("additionalProperties", True) is False:
                found.append(f"{at}: {name} is not described")
    return found


def resolve(reference: str, whole: dict[str, Any]) -> dict[str, Any]:
    """Return the part of the document that a reference points at."""
    found: Any = whole
    for step in reference.removeprefix("#/").split("/"):
        found = found[step.replace("~1", "/").replace("~0", "~")]
    assert isinstance(found, dict)
    return found
