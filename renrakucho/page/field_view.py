"""Field view: everything that the macros of fields.html need of a field, computed once for each rendering."""

from collections.abc import Sequence
from typing import NamedTuple

from django.forms import BoundField
from django.forms.utils import ErrorList
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

IN_ONE_LINE = 4  # recipients that are named in the line; more are folded away


class FieldView(NamedTuple):
    id: str  # of the first control, which the error summary links to; prefix of -hint, -error and -gets
    name: str
    label: str | Promise
    optional: bool
    errors: ErrorList
    value: object  # as typed, or the initial value; "" for none
    state: SafeString  # aria-required and aria-invalid, with a space before each
    described: SafeString  # aria-describedby, likewise
    gets: Sequence[str]  # the names of its recipients


def field_id(field: BoundField) -> str:
    """Return the id of a field's first control."""
    return field.auto_id or f"id_{field.html_name}"


def recipient_lines(gets: Sequence[str]) -> tuple[str, str]:
    """Return a line that names the recipients, and their names where the line only counts them."""
    names = _("、").join(gets)
    if len(gets) > IN_ONE_LINE:
        return _("届け先: %(count)s事業者") % {"count": len(gets)}, names
    return _("届け先: %(names)s") % {"names": names}, ""


def field_view(field: BoundField, hint: str, gets: Sequence[str]) -> FieldView:
    """Return the view of a bound field, with a hint above it and the names of its recipients below."""
    id, errors, value = field_id(field), field.errors, field.value()
    required = field.field.required
    parts = [part for part, there in (("hint", hint), ("error", errors), ("gets", gets)) if there]
    state = (' aria-required="true"' if required else "") + (' aria-invalid="true"' if errors else "")
    return FieldView(
        id=id,
        name=field.html_name,
        label=field.label,
        optional=not required,
        errors=errors,
        value="" if value is None else value,
        state=SafeString(state),
        described=format_html(' aria-describedby="{}"', " ".join(f"{id}-{part}" for part in parts))
        if parts
        else SafeString(""),
        gets=gets,
    )
