"""Holding a document against the standard, for whoever writes one: what is wrong, where, in plain words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from renrakucho.lib.given_json import NotStrict, strict
from renrakucho.lib.json_lines import lines
from renrakucho.standard.plain_words import mistakes
from renrakucho.standard.shelf import STANDARD, names
from renrakucho.standard.unseen import strange, unseen


@dataclass(frozen=True)
class Finding:
    """Something in line `line` (0: not known) at the JSON Pointer `place`. A hint is no error: readers skip it."""

    place: str
    said: str
    line: int = 0
    hint: bool = False

    def __str__(self) -> str:
        where = f"line {self.line}, {self.place or 'the document'}" if self.line else self.place or "the document"
        return f"{where}: {'(hint) ' if self.hint else ''}{self.said}"


class NotRead(ValueError):
    """The text cannot be read as a document at all."""


def check(source: bytes, kind: str = "") -> tuple[str, list[Finding]]:
    """Which kind of document it is, and what there is to put right, in the order of its lines.

    kind: to hold it against this schema, whatever it says itself. The kind is empty where nobody can tell.
    """
    try:
        text, document = _read(source)
        return _checked(text, document, kind)
    except NotRead as error:
        return "", [Finding("", str(error))]
    except RecursionError:
        return "", [Finding("", "is nested deeper than any document of the standard")]


def _checked(text: str, document: Any, kind: str) -> tuple[str, list[Finding]]:
    if not kind:
        problem = _not_named(document)
        if problem:
            return "", [problem]
        kind = document["document"]
    errors = [Finding(place, said) for place, said in mistakes(kind, document)]
    errors = errors or [Finding(place, said) for place, said in unseen(kind, document)]
    hints = [Finding(place, said, hint=True) for place, said in strange(kind, document)]
    return kind, sorted(_placed(errors + hints, text), key=lambda finding: finding.line)


def _placed(findings: list[Finding], text: str) -> Iterator[Finding]:
    known = lines(text)
    for one in findings:
        yield Finding(one.place, one.said, known.get(one.place, 0), one.hint)


def _read(source: bytes) -> tuple[str, Any]:
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotRead(f"not UTF-8: byte {error.start + 1} cannot be read") from None
    if text.startswith("\ufeff"):
        raise NotRead("begins with a byte order mark, which JSON does not have")
    try:
        return text, strict(text)
    except NotStrict as error:
        raise NotRead(str(error)) from None
    except json.JSONDecodeError as error:
        raise NotRead(f"not JSON: line {error.lineno}, column {error.colno}: {error.msg}") from None


def _not_named(document: Any) -> Finding | None:
    if not isinstance(document, dict):
        return Finding("", "is not an object { … }")
    if document.get("standard") != STANDARD:
        return Finding("/standard", f"has to be «{STANDARD}» for this check, and is {_shown(document.get('standard'))}")
    kinds = [name for name in names() if name not in ("facts", "parts")]
    if document.get("document") not in kinds:
        return Finding("/document", f"is {_shown(document.get('document'))}, and has to be one of {', '.join(kinds)}")
    return None


def _shown(value: object) -> str:
    return "missing" if value is None else json.dumps(value, ensure_ascii=False)
