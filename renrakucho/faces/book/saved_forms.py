"""Saved forms: keep form input when the session has expired, and show errors by post, redirect, get.

A form that was sent after its session had expired, or that has errors, is saved in the session under the path that it
was posted to; the page of this path shows it again. So a page with errors is a page of its own: Back and reload show
it, where a browser would else ask to send the form again. Saved forms are sealed: a session table that leaks tells
nothing of a mover.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from renrakucho.lib.period_keyring import open_text, seal_as_text
from renrakucho.page.http import MOST_ANONYMOUS, refused_session

BELONGS = "belongs"  # hidden field of a form: the draft or book that it belongs to
SAVED_FORMS = "held"  # the session's key
_SEALED_FOR = b"session"
_NOT_SAVED = ("csrfmiddlewaretoken", BELONGS, "next", "language")
_KEY_FIELD = "access_key"  # not shown again to whoever comes to the page next
OPENED_BOOK = "book"  # the session's key: who has it is not anonymous
_MOST_BYTES = 60_000  # of all forms
_MOST_FORMS = 8


@dataclass(frozen=True)
class ExpiredForm:
    """A form that was sent after its session had expired: its path, and whether it has any input."""

    path: str
    has_input: bool


def save_form(
    request: HttpRequest, book_id: UUID | None = None, *, wrong: bool = False, path: str = "", unsent: bool = False
) -> bool:
    """Save a posted form until it is sent again, and drop the oldest where they are too many. False: it is longer than
    any of our forms, or one session too many for its network address, and is not saved.

    `path`: the path of the page that shows it again, where the form was posted elsewhere. `unsent`: its button was not
    pressed yet, so that its errors are not shown (`hide_errors`).
    """
    path = path or request.path
    left_out = {*_NOT_SAVED, _KEY_FIELD} if unsent else {*_NOT_SAVED}
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in left_out}
    most = _MOST_BYTES if OPENED_BOOK in request.session else MOST_ANONYMOUS
    saved = {"path": path, "fields": fields, "book": str(book_id or ""), "wrong": wrong, "unsent": unsent}
    if _size([saved]) > most or refused_session(request):
        return False
    others = [other for other in _all_saved(request) if other["path"] != path][1 - _MOST_FORMS :]
    while _size([*others, saved]) > most:
        del others[0]
    _store(request, [*others, saved])
    return True


def saved_form(request: HttpRequest) -> QueryDict | None:
    """Return the saved form of this page, as it was sent."""
    saved = _saved_here(request)
    if saved is None:
        return None
    data = QueryDict(mutable=True)
    for name, texts in saved["fields"].items():
        data.setlist(name, texts)
    return data


def saved_wrong_form(request: HttpRequest) -> QueryDict | None:
    """Return the saved form of this page if it was saved for its errors."""
    saved = _saved_here(request)
    return saved_form(request) if saved and saved["wrong"] else None


def has_unsent_form(request: HttpRequest) -> bool:
    """Whether the saved form of this page was not sent yet: the page was left, or its language changed."""
    saved = _saved_here(request)
    return bool(saved and saved.get("unsent"))


def hide_errors(request: HttpRequest, *shown: BaseForm) -> None:
    """Clear the errors of forms that were not sent yet."""
    if request.method != "POST" and has_unsent_form(request):
        for form in shown:
            form.errors.clear()


def flat_form_data(data: QueryDict | None) -> dict[str, str]:
    """Return the last text of each name, for forms of single fields. A line end counts as one character."""
    return {name: str(data.get(name, "")).replace("\r\n", "\n") for name in data} if data else {}


def latest_expired_form(request: HttpRequest) -> ExpiredForm | None:
    """Return the latest form that was sent after its session had expired."""
    sent = (saved for saved in reversed(_all_saved(request)) if not saved["wrong"] and not saved.get("unsent"))
    saved = next(sent, None)
    return ExpiredForm(saved["path"], bool(saved["fields"])) if saved else None


def drop_saved_form(request: HttpRequest) -> None:
    """Drop the saved form of this page when the form is sent again."""
    if request.method == "POST" and _saved_here(request):
        _store(request, [saved for saved in _all_saved(request) if saved["path"] != request.path])


def keep_only_forms_of(request: HttpRequest, book_id: UUID) -> None:
    """Drop the saved forms of other books, and what was typed into a form of nobody's: it may be another person's."""
    forms = _all_saved(request)
    _store(
        request, [saved for saved in forms if saved["book"] == str(book_id) or not (saved["book"] or saved["fields"])]
    )


def redirect_to_saved_form(request: HttpRequest, response: HttpResponse, book_id: UUID | None = None) -> HttpResponse:
    """Post, redirect, get for errors: save a form that gets a 422 and redirect to its page, which then answers 422."""
    if request.method == "POST" and response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        if not save_form(request, book_id, wrong=True):
            return response
        own_page = HttpResponseRedirect(request.get_full_path())
        own_page.status_code = HTTPStatus.SEE_OTHER
        told = get_messages(request)
        if isinstance(told, BaseStorage):
            told.used = False  # nobody sees the page that was made here: the next one shows them
        return own_page
    if request.method != "POST" and response.status_code == HTTPStatus.OK and saved_wrong_form(request) is not None:
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def _size(forms: list[dict[str, Any]]) -> int:
    return len(json.dumps(forms, ensure_ascii=False).encode("utf-8", "replace"))


def _saved_here(request: HttpRequest) -> dict[str, Any] | None:
    return next((saved for saved in _all_saved(request) if saved["path"] == request.path), None)


def _all_saved(request: HttpRequest) -> list[dict[str, Any]]:
    forms: list[dict[str, Any]] = open_from_session(request.session.get(SAVED_FORMS)).get("forms", [])
    return forms


def _store(request: HttpRequest, forms: list[dict[str, Any]]) -> None:
    if forms:
        request.session[SAVED_FORMS] = seal_for_session({"forms": forms})
    else:
        request.session.pop(SAVED_FORMS, None)


def seal_for_session(value: dict[str, Any]) -> str:
    """Seal a value as text for the session."""
    return seal_as_text(value, _SEALED_FOR)


def open_from_session(text: str | None) -> dict[str, Any]:
    """Return the sealed value; {} for any other text."""
    return open_text(text or "", _SEALED_FOR) or {}
