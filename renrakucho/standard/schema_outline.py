"""Outline of a schema: its members in order, for the pages that explain it and the compatibility check."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from renrakucho.standard.schemas import SUFFIX, Schema, load_schema

_OWN = "#/properties/"


@dataclass(frozen=True)
class SchemaMember:
    """One member of a document, at any depth.

    path: form.lines[].name. schema: what it says, a reference to a shared part taken in. refers: the schema whose page
    tells the rest («facts»), or empty; same_as: the member of this schema that it is made like, or empty.
    """

    path: str
    name: str
    depth: int
    required: bool
    schema: Schema
    refers: str = ""
    same_as: str = ""

    @property
    def anchor(self) -> str:
        """The member's permanent anchor within a page."""
        return self.path.replace("[]", "")


def schema_outline(name: str) -> list[SchemaMember]:
    """Every member of a schema, in order."""
    return list(_members(load_schema(name), name, "", 0))


def resolve_reference(part: Schema, home: str) -> tuple[Schema, str]:
    """A part merged over the part that it refers to, and the schema that it then belongs to."""
    if "$ref" not in part:
        return part, home
    file, _hash, pointer = part["$ref"].partition("#")
    home = file.removesuffix(SUFFIX) or home
    there: Any = load_schema(home)
    for step in pointer.split("/")[1:]:
        there = there[step]
    own = {key: value for key, value in part.items() if key != "$ref"}
    return {**there, **own, "x-en": {**there.get("x-en", {}), **own.get("x-en", {})}}, home


def _members(part: Schema, home: str, path: str, depth: int) -> Iterator[SchemaMember]:
    required = part.get("required", ())
    for name, below in part.get("properties", {}).items():
        resolved, resolved_home = resolve_reference(below, home)
        here, refers = f"{path}{name}", resolved_home if resolved_home not in (home, "parts") else ""
        same_as = below.get("$ref", "").removeprefix(_OWN) if below.get("$ref", "").startswith(_OWN) else ""
        yield SchemaMember(here, name, depth, name in required, resolved, refers, same_as)
        if refers or same_as:
            continue
        items = resolved.get("items")
        if items is None:
            yield from _members(resolved, resolved_home, f"{here}.", depth + 1)
        else:
            yield from _members(*resolve_reference(items, resolved_home), f"{here}[].", depth + 1)
