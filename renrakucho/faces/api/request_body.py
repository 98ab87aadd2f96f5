"""Request body: one JSON object of short texts, parsed strictly, so that no two readers see two things in it."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from renrakucho.faces.api.problem_details import ApiProblem
from renrakucho.lib.identifiers import LONGEST_NUMBER
from renrakucho.lib.invisible_chars import invisible_in_line, invisible_in_text
from renrakucho.lib.strict_json import parse_strict_json
from renrakucho.receipt.provider_answer import LONGEST_CHECK_NOTE, LONGEST_REASON

MAX_BYTES = 16 * 1024

# The longest length of a text, and the check for invisible characters.
_TEXTS: dict[str, tuple[int, Callable[[str], bool]]] = {
    "receipt_number": (LONGEST_NUMBER, invisible_in_line),
    "reason": (LONGEST_REASON, invisible_in_text),
    "identity_check": (LONGEST_CHECK_NOTE, invisible_in_line),
    "identity_check_note": (LONGEST_CHECK_NOTE, invisible_in_line),
}


def body_text(request: HttpRequest, name: str) -> str:
    """The one field that the body has to hold, as it was sent. Raises ApiProblem."""
    return body_texts(request, name)[name]


def body_texts(request: HttpRequest, name: str, *optional: str) -> dict[str, str]:
    """The field that the body has to hold, and those that it may, as they were sent. Raises ApiProblem."""
    given = _object(_raw(request))
    for unknown in given.keys() - {name, *optional}:
        raise ApiProblem("bad_field", field=unknown[:100].encode("utf-8", "replace").decode())
    return {each: _text(given, each) for each in (name, *optional) if each == name or each in given}


def _text(given: dict[str, object], name: str) -> str:
    text, (longest, is_invisible) = given.get(name), _TEXTS[name]
    if not isinstance(text, str) or not 0 < len(text) <= longest or text != text.strip() or is_invisible(text):
        raise ApiProblem("bad_field", field=name)
    return text


def require_empty_body(request: HttpRequest) -> None:
    """Check that the body is empty, or an empty object. Raises ApiProblem."""
    if _length(request) and _object(_raw(request)):
        raise ApiProblem("bad_field", field="")


def _raw(request: HttpRequest) -> bytes:
    if request.content_type != "application/json":
        raise ApiProblem("not_json")
    if _length(request) > MAX_BYTES:
        raise ApiProblem("too_large")
    try:
        raw = request.body
    except RequestDataTooBig:
        raise ApiProblem("too_large") from None
    if len(raw) > MAX_BYTES:  # one that came in pieces does not say its length before
        raise ApiProblem("too_large")
    return raw


def _length(request: HttpRequest) -> int:
    header = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(header) if header.isascii() and header.isdigit() else MAX_BYTES + 1


def _object(raw: bytes) -> dict[str, object]:
    try:
        given = parse_strict_json(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ApiProblem("bad_json") from None
    if not isinstance(given, dict):
        raise ApiProblem("bad_json")
    return given
