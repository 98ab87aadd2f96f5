"""Values that lie sealed in the session between two pages: a saved form, and a one-time value.

Saved form: keep form input when the session has expired before it was sent («late»), or when something in it has to be
put right. The browser is then redirected to the form's page, so that Back and reload never ask whether to send it
again.

One-time value: a link or recovery codes that are shown on the next page, and never again.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from renrakucho.lib.period_keyring import open_text, seal_as_text
from renrakucho.page.http import MOST_ANONYMOUS, refused_session

SAVED_FORM, ONE_TIME = "desk_held", "desk_once"  # names in the session
_FORM_SEAL, _ONE_TIME_SEAL = b"desk", b"desk once"
_MOST_SAVED = 40_000  # bytes: fifty receipt numbers, or the longest reason many times over
_SECRETS = {"csrfmiddlewaretoken", "password", "old_password", "mail_password", "again", "code"}


@dataclass(frozen=True)
class SavedDeskForm:
    """Form input as it was sent. late: it was sent after the session had expired, and was not checked."""

    fields: QueryDict
    late: bool


def save_desk_form(request: HttpRequest, *, late: bool = False) -> bool:
    """Keep what was posted, for its own address. False where it is too much, or nothing."""
    fields = {name: texts for name, texts in request.POST.lists() if name not in _SECRETS}
    most = MOST_ANONYMOUS if late else _MOST_SAVED
    if not fields or len(json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")) > most:
        return False
    if refused_session(request):
        return False
    request.session[SAVED_FORM] = seal_as_text({"path": request.path, "fields": fields, "late": late}, _FORM_SEAL)
    return True


def has_late_form(request: HttpRequest) -> bool:
    """Whether a form is kept that was sent after its session had expired."""
    kept = _saved(request)
    return bool(kept and kept["late"])


def take_saved_form(request: HttpRequest, path: str) -> SavedDeskForm | None:
    """The form that was kept for this address; it is forgotten with that."""
    kept = _saved(request)
    if not kept or kept["path"] != path:
        return None
    del request.session[SAVED_FORM]
    fields = QueryDict(mutable=True)
    for name, texts in kept["fields"].items():
        fields.setlist(name, texts)
    return SavedDeskForm(fields, kept["late"])


def put_one_time(request: HttpRequest, name: str, value: Any) -> None:
    """Keep a JSON value for the next page. There is one at a time."""
    request.session[ONE_TIME] = seal_as_text([name, value], _ONE_TIME_SEAL)


def peek_one_time(request: HttpRequest, name: str) -> Any:
    """The value, which stays; None where there is none of this name."""
    kept_name, value = open_text(request.session.get(ONE_TIME, ""), _ONE_TIME_SEAL) or ("", None)
    return value if kept_name == name else None


def take_one_time(request: HttpRequest, name: str) -> Any:
    """The value, which is forgotten with that; None where there is none of this name."""
    value = peek_one_time(request, name)
    if value is not None:
        del request.session[ONE_TIME]
    return value


def _saved(request: HttpRequest) -> dict[str, Any] | None:
    opened: dict[str, Any] | None = open_text(request.session.get(SAVED_FORM, ""), _FORM_SEAL)
    return opened
