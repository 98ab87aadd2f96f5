"""Addresses among the common items: building and room are split from the block where they were typed together, and a
postal code of another town is asked about.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from renrakucho.address.place_lookup import towns_at
from renrakucho.address.written.folding import fold_key
from renrakucho.faces.book.apply.day_warnings import ItemWarning
from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.mover.entries import MovePlace
from renrakucho.mover.typed_place import (
    HOUSE_PARTS,
    TOWN_PARTS,
    contradicts_code,
    house_typed_at,
    place_in_fields,
    rejoined_house,
)
from renrakucho.page.formatting import format_postal_code, join_sentences

ADDRESSES = tuple(name.removesuffix(".block") for name in CATALOGUE if name.endswith(".block"))
_MOST_NAMED = 3  # towns of a code


def split_house(of: str, place: MovePlace, typed: Mapping[str, object]) -> dict[str, str] | None:
    """Return block, building and room by their names, as far as the typed block has them: without a repeated town.
    None where it is an address of another place. The block stays whole where building and room have fields with texts,
    or none.
    """
    named = [f"{of}.{part}" for part in HOUSE_PARTS]
    text = str(typed.get(named[0]) or "")
    parts = house_typed_at(place, text) if text else None
    if not text or parts is None:
        return None if text else {}
    free = all(name in typed and not typed[name] for name in named[1:])
    texts = (parts.block, parts.building, parts.room) if free else (rejoined_house(parts, text), "", "")
    return {name: part for name, part in zip(named, texts, strict=True) if part}


def split_town(of: str, typed: Mapping[str, object]) -> dict[str, str] | None:
    """Return the parts of an address by their names where its town's field has a block too. None where the block's
    field says something else.
    """
    text = {part: str(typed.get(f"{of}.{part}") or "") for part in (*TOWN_PARTS, *HOUSE_PARTS)}
    place, parts = place_in_fields(*(text[part] for part in TOWN_PARTS))
    if not parts.block or not place.town:
        return {}
    if not any(text[part] for part in HOUSE_PARTS):
        text |= {part: getattr(parts, part) for part in HOUSE_PARTS}
    elif fold_key(text["block"]) != fold_key(rejoined_house(parts, text["town"])):
        return None
    text |= {"prefecture": place.prefecture, "municipality": place.municipality, "town": place.street + place.town}
    return {f"{of}.{part}": said for part, said in text.items() if f"{of}.{part}" in typed or said}


def postal_code_warning(of: str, code: str, place: MovePlace) -> ItemWarning | None:
    """Ask about a postal code (seven digits, one that exists) of another place. `of`: origin, destination, billing."""
    towns = towns_at(code)
    if not place.municipality_code or not contradicts_code(place, towns):
        return None
    if not place.town and place.municipality_code in {town.municipality_code for town in towns}:
        return None  # the town stands elsewhere, or is not asked for
    field = f"{of}.postal_code"
    there = _("、").join(town.municipality + town.town for town in towns[:_MOST_NAMED])
    words = {"code": format_postal_code(code), "there": there, "here": place.municipality + place.town}
    message = _("〒%(code)sは%(there)sの郵便番号で、住所の%(here)sと合いません。番号をお確かめください。") % words
    advice = _("住所のほうがちがうときは、前のページで直してください。") if of != "billing" else ""
    label = _("〒%(code)s で、まちがいない") % words
    return ItemWarning(field, f"code:{of}", f"{code}={place.municipality_code}", join_sentences(message, advice), label)
