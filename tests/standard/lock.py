"""What version 1 promised: every member with its type, frozen in v1.lock.json.

`python -m tests.standard.lock` adds what is new to the file; what is there already it never changes, unless
history.json beside the schemas notes the break, with its reason, and names the member («receipt reason»).
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from renrakucho.standard.schema_outline import schema_outline
from renrakucho.standard.schemas import FOLDER, Schema, load_schema, schema_names

FILE = Path(__file__).parent / "v1.lock.json"
_FROZEN = ("type", "format", "pattern", "const", "enum", "minimum", "maximum", "minLength", "maxLength", "minItems")
Members = Mapping[str, Mapping[str, Any]]  # by «schema path»


def now() -> dict[str, dict[str, Any]]:
    """Every member as the schemas have it now."""
    made = {}
    for name in schema_names():
        for member in schema_outline(name):
            made[f"{name} {member.path}"] = {"required": member.required, **_of(member.schema)}
    for fact, said in load_schema("facts")["$defs"]["machine"]["properties"].items():
        for value, part in said["properties"].items():
            made[f"machine {fact} {value}"] = {"required": False, **_of(part)}
    return made


def locked() -> dict[str, dict[str, Any]]:
    """Every member as it was promised."""
    promised: dict[str, dict[str, Any]] = json.loads(FILE.read_text("utf-8"))
    return promised


def broken(promised: Members, present: Members) -> Iterator[tuple[str, str]]:
    """Each promise that is not kept: the member, and what became of it."""
    for name, was in promised.items():
        if name not in present:
            yield name, "is gone"
            continue
        for key in sorted({*was, *present[name]}):
            before, after = was.get(key), present[name].get(key)
            if key == "values":
                lost = [code for code, by in (before or {}).items() if (after or {}).get(code) != by]
                if lost or after is None or before is None:
                    yield name, f"has no longer the values {', '.join(lost)}"
            elif before != after:
                yield name, f"{key} was {before}, and is {after}"
    added = new(promised, present)
    # What a new member has to have within itself, nobody who does not write that member has to write.
    within = {name for name in added if name.rpartition(".")[0].removesuffix("[]") in added}
    yield from ((name, "is new, and required") for name in added if present[name]["required"] and name not in within)


def new(promised: Members, present: Members) -> list[str]:
    """The members that nobody was promised yet."""
    return [name for name in present if name not in promised]


def noted() -> set[str]:
    """The members that history.json says were changed, and why."""
    history = json.loads((FOLDER / "history.json").read_text("utf-8"))
    return {name for step in history for name in step["breaks"]}


def _of(said: Schema) -> dict[str, Any]:
    made = {key: said[key] for key in _FROZEN if key in said}
    if "x-values" in said:
        made["values"] = {code: text.get("by", "") for code, text in said["x-values"].items()}
    one_of = [
        name for part in (said, said.get("items", {})) for one in part.get("oneOf", ()) for name in one["required"]
    ]
    return made | ({"one of": one_of} if one_of else {})


if __name__ == "__main__":
    before = locked() if FILE.exists() else {}
    wrong = [f"{name}: {what}" for name, what in broken(before, now()) if before and name not in noted()]
    if wrong:
        sys.exit("\n".join(["not written; note these in history.json, or take them back:", *wrong]))
    lines = (f'"{name}": {json.dumps(said, ensure_ascii=False)}' for name, said in now().items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
