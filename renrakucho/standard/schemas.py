"""JSON Schemas of the standard, and a validator for each.

A schema's `$id` is its file's name, and schemas refer to each other by it: a copy of the folder is complete, and no
host's name is part of the standard.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
VERSION = "v1"
FOLDER = Path(__file__).parent / VERSION
STANDARD = f"moving-notice/{VERSION}"  # the member `standard` of every document
SUFFIX, EXAMPLE = ".schema.json", ".example.json"

_FORMATS = FormatChecker(Draft202012Validator.FORMAT_CHECKER.checkers)


@_FORMATS.checks("date-time", raises=(ValueError, OverflowError))
def _is_moment(value: object) -> bool:
    """Whether it is an existing day and time. jsonschema checks this only with another package installed."""
    return not isinstance(value, str) or bool(datetime.fromisoformat(value).astimezone(UTC))


@cache
def load_schema(name: str) -> Schema:
    """One schema by its name: «notice», «facts» … Raises FileNotFoundError."""
    read: Schema = json.loads((FOLDER / f"{name}{SUFFIX}").read_text("utf-8"))
    return read


@cache
def schema_names() -> tuple[str, ...]:
    """The names of all schemas."""
    return tuple(sorted(path.name.removesuffix(SUFFIX) for path in FOLDER.glob(f"*{SUFFIX}")))


@cache
def schema_examples(name: str) -> dict[str, str]:
    """A schema's examples as texts, by their name; the plain one has the empty name, and comes first."""
    found = {path.name.removesuffix(EXAMPLE): path for path in sorted(FOLDER.glob(f"{name}*{EXAMPLE}"))}
    return {key.partition(".")[2]: path.read_text("utf-8") for key, path in found.items() if key.split(".")[0] == name}


def wrong_places(name: str, document: Any) -> list[str]:
    """The JSON paths at which a document breaks a schema, in order, without the values."""
    return sorted(error.json_path for error in schema_validator(name).iter_errors(document))


@cache
def schema_validator(name: str) -> Draft202012Validator:
    """A validator of one schema, formats included."""
    registry = Registry().with_resources(
        (it["$id"], Resource.from_contents(it)) for it in map(load_schema, schema_names())
    )
    return Draft202012Validator(load_schema(name), registry=registry, format_checker=_FORMATS)


def without_empty(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members that are not empty, false or 0."""
    return {name: value for name, value in members.items() if value}
