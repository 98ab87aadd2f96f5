"""A provider's own page, as the sandbox plays it: it knows nothing of the sheets."""

from collections.abc import Sequence
from datetime import date

from renrakucho.sheet.form import Sheet
from sandbox.form import Form, Site
from sandbox.http_messages import Request
from sandbox.sites import find_form
from sandbox.validation import FieldError, validation_errors

TODAY = date(2026, 11, 22)


def form_there(sheet: Sheet) -> tuple[Site, Form]:
    found = find_form(sheet.provider, sheet.procedure)
    assert found, f"the sandbox has no page for {sheet.key}"
    return found


def read_there(sheet: Sheet, body: bytes) -> dict[str, str]:
    site, _ = form_there(sheet)
    return Request("POST", "/", body).posted(site.charset)


def as_read(pairs: Sequence[tuple[str, str]], encoding: str) -> list[tuple[str, str]]:
    """U+2212 is the one character that browsers send as another in the two old encodings."""
    return [(name, text if encoding == "UTF-8" else text.replace("−", "－")) for name, text in pairs]


def faults_there(sheet: Sheet, body: bytes) -> list[FieldError]:
    """What the page finds wrong once its own items are filled in."""
    _, form = form_there(sheet)
    own = {blank.name: blank.example for blank in form.blanks if blank.own}
    return validation_errors(form, read_there(sheet, body) | own, TODAY)
