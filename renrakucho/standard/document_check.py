"""Validation of a document against the standard: every mistake with its place and line, for its author."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.json_lines import lines_by_pointer
from renrakucho.lib.strict_json import AmbiguousJson, parse_strict_json
from renrakucho.standard.document_contradictions import find_contradictions, find_unknown_members
from renrakucho.standard.schemas import STANDARD, schema_names
from renrakucho.standard.validation_messages import validation_messages


@dataclass(frozen=True)
class DocumentFinding:
    """A finding at the JSON Pointer `place`, in line `line` (0: unknown). hint: no error, since readers skip it."""

    place: str
    message: str
    line: int = 0
    hint: bool = False

    def __str__(self) -> str:
        where = f"line {self.line}, {self.place or 'the document'}" if self.line else self.place or "the document"
        return f"{where}: {'(hint) ' if self.hint else ''}{self.message}"


class UnreadableDocument(InvalidInput):
    """The bytes are no JSON document."""


def check_document(source: bytes, kind: str = "") -> tuple[str, list[DocumentFinding]]:
    """The kind of a document, and its findings in the order of lines.

    kind: validate against this schema, whatever the document says. The returned kind is empty where it is unknown.
    """
    try:
        text, document = _read(source)
        return _findings(text, document, kind)
    except UnreadableDocument as error:
        return "", [DocumentFinding("", str(error))]
    except RecursionError:
        return "", [DocumentFinding("", "is nested deeper than any document of the standard")]


def _findings(text: str, document: Any, kind: str) -> tuple[str, list[DocumentFinding]]:
    if not kind:
        problem = _kind_finding(document)
        if problem:
            return "", [problem]
        kind = document["document"]
    errors = [DocumentFinding(place, message) for place, message in validation_messages(kind, document)]
    errors = errors or [DocumentFinding(place, message) for place, message in find_contradictions(kind, document)]
    hints = [DocumentFinding(place, message, hint=True) for place, message in find_unknown_members(kind, document)]
    return kind, sorted(_with_lines(errors + hints, text), key=lambda finding: finding.line)


def _with_lines(findings: list[DocumentFinding], text: str) -> Iterator[DocumentFinding]:
    known = lines_by_pointer(text)
    for one in findings:
        yield DocumentFinding(one.place, one.message, known.get(one.place, 0), one.hint)


def _read(source: bytes) -> tuple[str, Any]:
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableDocument(f"not UTF-8: byte {error.start + 1} cannot be read") from None
    if text.startswith("\ufeff"):
        raise UnreadableDocument("begins with a byte order mark, which JSON does not have")
    try:
        return text, parse_strict_json(text)
    except AmbiguousJson as error:
        raise UnreadableDocument(str(error)) from None
    except json.JSONDecodeError as error:
        raise UnreadableDocument(f"not JSON: line {error.lineno}, column {error.colno}: {error.msg}") from None


def _kind_finding(document: Any) -> DocumentFinding | None:
    if not isinstance(document, dict):
        return DocumentFinding("", "is not an object { … }")
    if document.get("standard") != STANDARD:
        return DocumentFinding(
            "/standard", f"has to be «{STANDARD}» for this check, and is {_shown(document.get('standard'))}"
        )
    kinds = [name for name in schema_names() if name not in ("facts", "parts")]
    if document.get("document") not in kinds:
        return DocumentFinding(
            "/document", f"is {_shown(document.get('document'))}, and has to be one of {', '.join(kinds)}"
        )
    return None


def _shown(value: object) -> str:
    return "missing" if value is None else json.dumps(value, ensure_ascii=False)
