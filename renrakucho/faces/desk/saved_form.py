"""A form that could not be taken yet, kept sealed until its page is shown again: nothing typed is lost.

A form is held when the session had ended before it was sent («late»), or when something in it has to be put right: the
browser is then led to the form's page, so that Back and reload never ask whether to send it again.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from renrakucho.lib.sealing import open_text, seal_as_text

HELD = "desk_held"
_PLACE = b"desk"
_MOST = 40_000  # characters: fifty receipt numbers, or the longest reason many times over
_SECRETS = {"csrfmiddlewaretoken", "password", "old_password", "again", "code"}


@dataclass(frozen=True)
class SavedDeskForm:
    """What was typed, as the form takes it. late: it was sent after the session had ended, and was not looked at."""

    fields: QueryDict
    late: bool


def save_desk_form(request: HttpRequest, *, late: bool = False) -> bool:
    """Keep what was posted, for its own address. False where it is too much, or nothing."""
    fields = {name: texts for name, texts in request.POST.lists() if name not in _SECRETS}
    if not fields or len(json.dumps(fields)) > _MOST:
        return False
    request.session[HELD] = seal_as_text({"path": request.path, "fields": fields, "late": late}, _PLACE)
    return True


def has_late_form(request: HttpRequest) -> bool:
    """Whether a form came too late."""
    kept = _kept(request)
    return bool(kept and kept["late"])


def take_saved_form(request: HttpRequest, path: str) -> SavedDeskForm | None:
    """The form that was held for this address, once."""
    kept = _kept(request)
    if not kept or kept["path"] != path:
        return None
    del request.session[HELD]
    fields = QueryDict(mutable=True)
    for name, texts in kept["fields"].items():
        fields.setlist(name, texts)
    return SavedDeskForm(fields, kept["late"])


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    opened: dict[str, Any] | None = open_text(request.session.get(HELD, ""), _PLACE)
    return opened
