"""The fact catalogue as a JSON Schema, members from the catalogue and the texts beside it.

`properties` has every fact; `$defs.machine` the machine values beside a fact. Texts are in Japanese, and in
English under `x-en`; `x-gif` names the item of the Government Interoperability Framework that a fact aligns with.
"""

import json
from typing import Any

from renrakucho.fact.catalogue import CATALOGUE, Fact
from renrakucho.standard.machine_values import machine_value_names
from renrakucho.standard.schemas import DIALECT, FOLDER, SUFFIX, Schema

_TEXT: Schema = {"type": "string"}  # whatever a later version adds is a text at least
_CODE = "^[a-z]+(_[a-z]+)*$"  # an open list: x-values has the values so far
_KINDS: dict[str, Schema] = {
    "text": {"minLength": 1},
    "kana": {"minLength": 1},
    "phone": {"minLength": 1},
    "postal_code": {"pattern": "^[0-9]{7}$"},
    "email": {"format": "email"},
    "date": {"format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "url": {"format": "uri"},
    "choice": {},
}


def facts_schema() -> Schema:
    """facts.schema.json as a dictionary."""
    texts: dict[str, Any] = json.loads((FOLDER / "fact_texts.json").read_text("utf-8"))
    return {
        "$schema": DIALECT,
        "$id": f"facts{SUFFIX}",
        **texts["heads"]["facts"],
        "x-groups": texts["groups"],
        "type": "object",
        "properties": {one.name: _fact(one, texts) for one in CATALOGUE.values() if one.kind != "code"},
        "additionalProperties": _TEXT,
        "$defs": {"machine": _machine(texts)},
    }


def facts_schema_text() -> str:
    """The text of facts.schema.json."""
    return json.dumps(facts_schema(), ensure_ascii=False, indent=2) + "\n"


def _fact(one: Fact, texts: dict[str, Any]) -> Schema:
    group, _dot, unit = one.name.partition(".")
    text = texts["facts"].get(one.name) or texts["facts"][unit]
    of = texts["groups"][group]
    members: Schema = {
        "title": f"{of['ja']}: {one.label}",
        "description": text["ja"],
        "x-en": {"title": f"{text['title']} ({of['en']})", "description": text["en"]},
        "type": "string",
        **_KINDS[one.kind],
        "x-kind": one.kind,
        "x-sensitivity": one.sensitivity,
    }
    if "gif" in text:
        members["x-gif"] = text["gif"]
    if one.choices:
        members["pattern"] = _CODE
        members["x-values"] = {code: {"ja": word, "en": text["words"][code]} for code, word in one.choices}
    return members


def _machine(texts: dict[str, Any]) -> Schema:
    return {
        **texts["heads"]["machine"],
        "type": "object",
        "properties": {
            name: {
                "type": "object",
                "properties": {value: _value(value, texts) for value in machine_value_names(name)},
                "additionalProperties": _TEXT,
            }
            for name in CATALOGUE
            if machine_value_names(name)
        },
        "additionalProperties": {"type": "object", "additionalProperties": _TEXT},
    }


def _value(value: str, texts: dict[str, Any]) -> Schema:
    text = texts["machine"][value]
    return {"description": text["ja"], "x-en": {"description": text["en"]}, "type": "string", **text["schema"]}
