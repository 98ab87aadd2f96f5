"""Forms that could not be taken yet: they came after their session had ended, or something is wrong in them.

They wait in the session by the address they were sent to, whose page shows them again. So a page with errors is a page
of its own (post, redirect, get): Back and reload show it, where a browser would else ask to send the form once more.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from renrakucho.faces.book.session_sealing import open_from_session, seal_for_session

BELONGS = "belongs"  # a form's hidden field: which draft or book its page was made for
_HELD = "held"
_NOT_TYPED = ("csrfmiddlewaretoken", BELONGS, "next", "language")
_MOST_HELD = 20_000  # characters of a form
_MOST_FORMS = 4


@dataclass(frozen=True)
class LateForm:
    """A form that came after its session had ended: where it was sent, and whether anything was typed in it."""

    path: str
    typed: bool


def save_form(
    request: HttpRequest, book_id: UUID | None = None, *, wrong: bool = False, path: str = "", unsent: bool = False
) -> bool:
    """Keep a posted form until it is sent again. False: it is longer than any form here.

    `path`: of the page that shows it again, where the form was posted elsewhere. `unsent`: nobody has pressed its
    button yet, so that its errors are not for now (`hide_errors`).
    """
    path = path or request.path
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in _NOT_TYPED}
    if len(json.dumps(fields, ensure_ascii=False)) > _MOST_HELD:
        return False
    others = [kept for kept in _all(request) if kept["path"] != path]
    kept = {"path": path, "fields": fields, "book": str(book_id or ""), "wrong": wrong, "unsent": unsent}
    _put(request, [*others, kept][-_MOST_FORMS:])
    return True


def saved_form(request: HttpRequest) -> QueryDict | None:
    """The form that waits for this page, as it was sent."""
    kept = _here(request)
    if kept is None:
        return None
    data = QueryDict(mutable=True)
    for name, texts in kept["fields"].items():
        data.setlist(name, texts)
    return data


def saved_wrong_form(request: HttpRequest) -> QueryDict | None:
    """The same, where it waits because something is wrong in it."""
    kept = _here(request)
    return saved_form(request) if kept and kept["wrong"] else None


def unsent(request: HttpRequest) -> bool:
    """Whether what waits for this page was typed and not sent: only its language was changed."""
    kept = _here(request)
    return bool(kept and kept.get("unsent"))


def hide_errors(request: HttpRequest, *shown: BaseForm) -> None:
    """Show a form that was not sent yet as it was typed, without its errors."""
    if request.method != "POST" and unsent(request):
        for form in shown:
            form.errors.clear()


def flat_form_data(data: QueryDict | None) -> dict[str, str]:
    """One text for each name, the last: all that a form of single fields needs. A line end counts as one character."""
    return {name: str(data.get(name, "")).replace("\r\n", "\n") for name in data} if data else {}


def latest_late_form(request: HttpRequest) -> LateForm | None:
    """The latest form that came after its session had ended."""
    kept = next((kept for kept in reversed(_all(request)) if not kept["wrong"] and not kept.get("unsent")), None)
    return LateForm(kept["path"], bool(kept["fields"])) if kept else None


def drop_saved_form(request: HttpRequest) -> None:
    """A form was sent again: what waited for it is not needed any more."""
    if request.method == "POST" and _here(request):
        _put(request, [kept for kept in _all(request) if kept["path"] != request.path])


def keep_only_forms_of(request: HttpRequest, book_id: UUID) -> None:
    """Of what waits, keep what is this book's. A notice's own page knows whose it is."""
    _put(request, [kept for kept in _all(request) if kept["book"] in ("", str(book_id))])


def redirect_to_saved_form(request: HttpRequest, response: HttpResponse, book_id: UUID | None = None) -> HttpResponse:
    """Make a page with errors (422) a page of its own."""
    if request.method == "POST" and response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        if not save_form(request, book_id, wrong=True):
            return response
        own = HttpResponseRedirect(request.get_full_path())
        own.status_code = HTTPStatus.SEE_OTHER
        return own
    if request.method != "POST" and response.status_code == HTTPStatus.OK and saved_wrong_form(request) is not None:
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def _here(request: HttpRequest) -> dict[str, Any] | None:
    return next((kept for kept in _all(request) if kept["path"] == request.path), None)


def _all(request: HttpRequest) -> list[dict[str, Any]]:
    forms: list[dict[str, Any]] = open_from_session(request.session.get(_HELD)).get("forms", [])
    return forms


def _put(request: HttpRequest, forms: list[dict[str, Any]]) -> None:
    if forms:
        request.session[_HELD] = seal_for_session({"forms": forms})
    else:
        request.session.pop(_HELD, None)
