"""Everything that a mover can type is visible text: what hides, reverses or breaks a line never gets further."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest
from django import forms

from renrakucho.faces import book as book_face
from renrakucho.faces.book.apply.items_form import ItemsForm
from renrakucho.faces.book.apply.providers_page import FoundOffers, ProvidersForm
from renrakucho.faces.book.notices.own_items_page import OwnItemsForm
from renrakucho.lib.invisible_chars import invisible_in_line
from renrakucho.lib.text_fields import TextLineField, TextLinesField
from renrakucho.notice.connected_providers import connected_providers, connected_sheet
from renrakucho.notice.offer import chosen_offers, find_offers
from renrakucho.sheet.procedure import PROCEDURES
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

# What is only compared with what the portal itself has shown, or parsed as a place: none of it is kept as typed.
COMPARED = {"EndForm.pick", "EndForm.asked", "WishesForm.origin", "WishesForm.destination"}
HOSTILE = {
    "carriage return": "\r",
    "line feed": "\n",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "next line": "\x85",
    "right-to-left override": "\u202e",
    "right-to-left embedding": "\u202b",
    "right-to-left isolate": "\u2067",
    "pop directional isolate": "\u2069",
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\xad",
    "null": "\x00",
    "tag": "\U000e0041",
}


def _static_fields() -> Iterator[tuple[str, forms.Field]]:
    """The fields of every form class of the face."""
    for module in walk_packages(book_face.__path__, f"{book_face.__name__}."):
        for name, found in vars(import_module(module.name)).items():
            if isinstance(found, type) and issubclass(found, forms.Form) and found.__module__ == module.name:
                yield from ((f"{name}.{field}", each) for field, each in found.base_fields.items())


def _dynamic_fields() -> Iterator[tuple[str, forms.Field]]:
    """The fields that forms make: of every common item, of the providers, and of every sheet's own items."""
    entries = cast.entries()
    made: list[forms.Form] = [
        ItemsForm(entries, chosen_offers(entries)),
        ProvidersForm(entries, FoundOffers(find_offers(entries), ())),
    ]
    for provider in connected_providers():
        for procedure in PROCEDURES:
            sheet = connected_sheet(provider, procedure)
            if sheet:
                made.append(OwnItemsForm(sheet, None, {}))
    for form in made:
        yield from ((f"{type(form).__name__}.{name}", field) for name, field in form.fields.items())


def _text_fields() -> dict[str, forms.CharField]:
    found = {
        name: field for name, field in [*_static_fields(), *_dynamic_fields()] if isinstance(field, forms.CharField)
    }
    return {name: field for name, field in found.items() if name not in COMPARED}


def test_every_text_field_is_cleaned_by_the_one_rule() -> None:
    fields = _text_fields()
    assert len(fields) > 40
    assert {name for name, field in fields.items() if not isinstance(field, TextLineField)} == set()


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_field_lets_through_what_cannot_be_seen(hostile: str) -> None:
    for name, field in _text_fields().items():
        for typed in (f"あ{hostile}い", f"{hostile}あい", f"1{hostile}2@example.jp"):
            try:
                cleaned = str(field.clean(typed))
            except forms.ValidationError:
                continue
            lines = cleaned.split("\n") if isinstance(field, TextLinesField) else [cleaned]
            assert not any(invisible_in_line(line) for line in lines), (name, cleaned)


def test_without_the_rule_a_hidden_character_would_pass() -> None:
    assert invisible_in_line(forms.CharField().clean("あ\u202eい"))
