"""Validation errors of a schema as sentences."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import ValidationError

from renrakucho.lib.json_lines import json_pointer
from renrakucho.standard.schemas import schema_validator

Message = tuple[str, str]  # JSON Pointer, sentence
_TYPES = {
    **{"string": "a text", "integer": "a whole number", "boolean": "true or false"},
    **{"object": "an object { … }", "array": "a list [ … ]"},
}
_FORMATS = {
    "date": "a day like 2026-12-05",
    "date-time": "a moment like 2026-11-25T18:04:30+09:00",
    "email": "an e-mail address",
    "uri": "an address like https://…",
}


def validation_messages(kind: str, document: Any) -> Iterator[Message]:
    """A sentence for each validation error; several at one place are one, except missing members."""
    seen = set()
    for error in schema_validator(kind).iter_errors(document):
        place = json_pointer(*error.absolute_path)
        message = _SENTENCES.get(str(error.validator), _library_message)(error)
        key = (place, message if error.validator == "required" else "")
        if key not in seen:
            seen.add(key)
            yield place, message


def _required(error: ValidationError) -> str:
    missing = error.message.split("'")[1]
    return f"«{missing}» is missing"


def _const(error: ValidationError) -> str:
    return f"is {_shown(error)}, and has to be {json.dumps(error.validator_value, ensure_ascii=False)}"


def _enum(error: ValidationError) -> str:
    return f"is {_shown(error)}, and has to be one of {', '.join(map(str, _wanted(error)))}"


def _type(error: ValidationError) -> str:
    wanted = _TYPES.get(str(error.validator_value), str(error.validator_value))
    return f"is {_shown(error)}, and has to be {wanted}"


def _pattern(error: ValidationError) -> str:
    part: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    wanted = _FORMATS.get(str(part.get("format", "")))
    meant = part.get("x-en", {}).get("description", "")
    if wanted:
        return f"{_shown(error)} is not {wanted}"
    return f"{_shown(error)} is not of the form {part.get('pattern', '')}{f': {meant}' if meant else ''}"


def _least(error: ValidationError) -> str:
    return "is empty; leave it out where there is nothing to say"


def _longest(error: ValidationError) -> str:
    return f"has {len(str(error.instance))} characters, and may have {error.validator_value}"


def _bounds(error: ValidationError) -> str:
    side = "at least" if error.validator == "minimum" else "at most"
    return f"is {_shown(error)}, and has to be {side} {error.validator_value}"


def _one_of(error: ValidationError) -> str:
    wanted = [one["required"][0] for one in _wanted(error)]
    given = [name for name in wanted if name in (error.instance if isinstance(error.instance, dict) else ())]
    return f"exactly one of {', '.join(wanted)} is needed; there {'is' if len(given) == 1 else 'are'} {len(given)}"


def _wanted(error: ValidationError) -> Any:
    return error.validator_value


def _library_message(error: ValidationError) -> str:
    return error.message


def _shown(error: ValidationError) -> str:
    text = json.dumps(error.instance, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"


_SENTENCES: Mapping[str, Callable[[ValidationError], str]] = {
    "required": _required,
    "const": _const,
    "enum": _enum,
    "type": _type,
    "pattern": _pattern,
    "format": _pattern,
    "minLength": _least,
    "minItems": _least,
    "maxLength": _longest,
    "minimum": _bounds,
    "maximum": _bounds,
    "oneOf": _one_of,
}
