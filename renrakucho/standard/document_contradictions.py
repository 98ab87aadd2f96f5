"""Checks beyond the schema: parts of a document that contradict each other, and unknown members."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from renrakucho.lib.json_lines import json_pointer
from renrakucho.sheet.toml_keys import BadSheet
from renrakucho.standard.machine_values import lg_code, machine_values
from renrakucho.standard.schema_outline import SchemaMember, schema_outline
from renrakucho.standard.schemas import load_schema
from renrakucho.standard.sheet import sheet_from

Document = Mapping[str, Any]
Messages = Iterator[tuple[str, str]]  # JSON Pointer, sentence


def find_contradictions(kind: str, document: Document) -> Messages:
    """Contradictions in a document that is valid by its schema."""
    yield from _CHECKS.get(kind, _nothing)(document)


def find_unknown_members(kind: str, document: Any) -> Messages:
    """Members and values that this version does not have. Readers skip them, so a misspelt one is lost."""
    yield from _unknown_members(document, "", "", {member.path: member for member in schema_outline(kind)})


def _unknown_members(part: Any, place: str, path: str, members: Mapping[str, SchemaMember]) -> Messages:
    """Unknown members at `place` and below. path: the member's path in the outline."""
    if isinstance(part, list):
        for index, one in enumerate(part):
            yield from _unknown_members(one, place + json_pointer(index), f"{path}[]", members)
    elif isinstance(part, dict) and path in _OF_FACTS:
        unknown = part.keys() - load_schema("facts")["properties"].keys()
        yield from ((place + json_pointer(name), _NO_FACT) for name in sorted(unknown))
    elif isinstance(part, dict) and path not in _NAMED_FREELY:
        for name, value in part.items():
            here, path_here = place + json_pointer(name), f"{path}.{name}" if path else name
            if path_here not in members:
                yield from () if name.startswith("x-") else ((here, _NO_MEMBER),)
                continue
            member = members[path_here]
            if "x-values" in member.schema and isinstance(value, str) and value not in member.schema["x-values"]:
                yield here, f"«{value}» is no value of this version; readers skip it"
            yield from _unknown_members(value, here, member.same_as or path_here, members)


def _notice(document: Document) -> Messages:
    yield from _sheet_name(document, document["form"]["sheet"], "/form/sheet")
    facts = document["facts"]
    computed = machine_values(facts)
    for name, values in document["machine"].items():
        for value, text in values.items():
            place = json_pointer("machine", name, value)
            right = lg_code(text[:5]) if value == "lg_code" else computed.get(name, {}).get(value, text)
            if name not in facts:
                yield place, f"the facts do not say {name}"
            elif right != text:
                yield place, f"is «{text}», and {name} comes to «{right}»; the fact is right"


def _sheet(document: Document) -> Messages:
    yield from _sheet_name(document, document["sheet"], "/sheet")
    if not document["sheet"].endswith(f"@{document['version']}"):
        yield "/version", f"is {document['version']}, and the sheet is called {document['sheet']}"
    try:
        sheet_from(document)
    except BadSheet as error:
        yield _place_of(error), str(error)


def _providers(document: Document) -> Messages:
    seen = set()
    for index, one in enumerate(document["providers"]):
        if one["id"] in seen:
            yield json_pointer("providers", index, "id"), f"«{one['id']}» stands twice"
        seen.add(one["id"])
        for at, place in enumerate(one.get("serves", ())):
            here = json_pointer("providers", index, "serves", at)
            if lg_code(place["lg_code"][:5]) != place["lg_code"]:
                yield f"{here}/lg_code", f"«{place['lg_code']}»: the last digit is no check digit of the others"
            if place["extent"] == "listed" and not place.get("towns"):
                yield here, "extent is «listed», and no towns are listed"


def _sheet_name(document: Document, name: str, place: str) -> Messages:
    wanted = f"{document['provider']['id']}/{document['procedure']}@"
    if not name.startswith(wanted):
        yield place, f"is «{name}», and the document speaks of {wanted}…"


def _place_of(error: BadSheet) -> str:
    """The error's JSON Pointer: TOML files call the list «blank», documents «blanks»."""
    return json_pointer(*("blanks" if step == "blank" else step for step in error.place))


def _nothing(document: Document) -> Messages:
    yield from ()


_CHECKS: Mapping[str, Callable[[Document], Messages]] = {"notice": _notice, "sheet": _sheet, "providers": _providers}
_OF_FACTS = frozenset({"facts", "machine"})
_NAMED_FREELY = frozenset({"blanks[].words"})  # by the provider's own codes
_NO_MEMBER = "is no member of this version; readers skip it. Names of your own begin with «x-»"
_NO_FACT = "is no fact of this version; readers skip it"
