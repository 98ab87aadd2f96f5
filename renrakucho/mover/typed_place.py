"""Read a place of the move as its mover types it: a postal code, an address, or an address in several fields."""

import re
from dataclasses import replace
from typing import NamedTuple

from renrakucho.address.address_parts import AddressParts
from renrakucho.address.place import TownAt
from renrakucho.address.place_lookup import postal_codes_of, towns_in
from renrakucho.address.place_query import FoundPlaces, PlaceError, is_code_typed, place_from_text, places_by_address
from renrakucho.address.written.folding import fold_key, narrow_in_place
from renrakucho.address.written.parse import parse_address
from renrakucho.address.written.written_address import WrittenAddress
from renrakucho.mover.entries import MoveEntries, MovePlace

TOWN_PARTS = ("prefecture", "municipality", "town")
HOUSE_PARTS = ("block", "building", "room")  # what hangs on a place: asked anew when it changes
_SURELY_SMALL = re.compile(r"\d|字")  # a 小字 or a number, behind the town's name
_TOWN = re.compile("町$")
EARLIER = "earlier."  # prefix of an item that hung on an earlier place


class TypedPlace(NamedTuple):
    """Places that the typed text can mean, and the parts around the town.

    `names_municipality`: the text has one, and not a town alone. `other`: the place of a whole address in the town's
    field that is not in the municipality typed. `doubtful`: the text behind the town that may belong to its name.
    """

    found: FoundPlaces
    names_municipality: bool
    other: TownAt | None = None
    doubtful: str = ""


def place_typed_in(prefecture: str, municipality: str, town: str) -> TypedPlace | None:
    """Read an address in three fields, each of which may have a whole address. None where nothing is understood."""
    municipality = municipality.strip().removeprefix(prefecture)
    written = parse_address(prefecture + municipality + town)
    alone = _explicit(town)
    if not prefecture and not municipality:
        return _typed(written, town)
    if municipality and alone and not written.town:
        joined = _found(prefecture + municipality)
        there = {each.municipality_code for each in joined.towns} if joined else set()
        own = places_by_address(town)
        if there & {each.municipality_code for each in own.towns}:
            return _typed(parse_address(town), town)
        if joined:
            return TypedPlace(joined, True, own.towns[0])
    return _typed(written, prefecture + municipality + town)


def _typed(written: WrittenAddress, text: str) -> TypedPlace | None:
    found = _found(text)
    if found is None:
        return None
    place = "".join(piece.typed for piece in written.pieces if piece.kind == "place")
    small = "".join(piece.typed for piece in written.pieces if piece.kind == "koaza")
    doubtful = "" if _SURELY_SMALL.search(small) else small.strip()
    return TypedPlace(found, len(fold_key(place)) > len(fold_key(written.prefecture)), doubtful=doubtful)


def _explicit(text: str) -> bool:
    """Whether the text alone is an address with municipality and town."""
    written = parse_address(text)
    place = "".join(piece.typed for piece in written.pieces if piece.kind == "place")
    return bool(place and written.municipality_code and written.town and not written.alternatives)


def _found(text: str) -> FoundPlaces | None:
    try:
        return places_by_address(text)
    except PlaceError:
        return None


def house_typed_at(place: MovePlace, typed: str) -> AddressParts | None:
    """Split what was typed as 丁目・番地 at a place: town (or whole address) before, building and room behind.

    None where it is an address of another place.
    """
    said = parse_address(typed)
    if _explicit(typed) and (said.municipality_code, said.town) != (place.municipality_code, place.town):
        return None
    there = place.prefecture + place.municipality
    other = parse_address(there + typed).town
    if _TOWN.search(other) and other != place.town and fold_key(typed).startswith(fold_key(other)):
        return None
    if place.town and fold_key(typed).startswith(fold_key(place.town)):
        text = there + typed
    elif _explicit(typed):
        text = typed
    else:
        text = there + place.town + typed
    found = _found(text)
    if found is None or (place.municipality_code, place.town) not in {
        (each.municipality_code, each.town) for each in found.towns
    }:
        return AddressParts(block=typed)
    parts = found.parts
    if parts.room and not parts.building and f"-{parts.room}" in narrow_in_place(typed):
        return parts._replace(block=typed[typed.find(parts.block) :], room="")  # 2-8-1-301 may be a number or a room
    return parts


def rejoined_house(parts: AddressParts, typed: str) -> str:
    """The block with building and room behind it, where they have no fields of their own; as typed if it begins so."""
    return typed[max(typed.find(parts.block), 0) :]


def has_named_towns(code: str) -> bool:
    """Whether addresses in the municipality have a town: those of some islands and villages have none."""
    return any(town.town for town in towns_in(code))


def with_postal_code(place: MovePlace) -> MovePlace:
    """Return the place with its town's postal code, where the town has a single one for homes and none was typed."""
    if place.postal_code:
        return place
    # 102-8012: an 8 in fourth place stands for one large office (大口事業所個別番号) where homes have 102-0084.
    codes = [code for code in postal_codes_of(place.municipality_code, place.town) if code[3] != "8"]
    match codes:
        case [code]:
            return replace(place, postal_code=code)
    return place


def contradicts_code(place: MovePlace, towns: tuple[TownAt, ...]) -> bool:
    """Whether a postal code's towns are others than the place; a code of a whole municipality fits all its towns."""
    fits = {(town.municipality_code, town.town) for town in towns}
    return not fits & {(place.municipality_code, place.town), (place.municipality_code, "")}


def place_of(town: TownAt, postal_code: str = "", street: str = "") -> MovePlace:
    """Return the town as one end of a move."""
    return MovePlace(postal_code, town.municipality_code, town.prefecture, town.municipality, town.town, street)


def place_of_fields(prefecture: str, municipality: str, town: str) -> MovePlace:
    """Return the place that an address in three fields means; as typed, where it means none or several."""
    return place_in_fields(prefecture, municipality, town)[0]


def place_in_fields(prefecture: str, municipality: str, town: str) -> tuple[MovePlace, AddressParts]:
    """Return the place of place_of_fields, and the parts around its town that the fields have."""
    typed = place_typed_in(prefecture, municipality, town)
    if typed is None or not typed.names_municipality or typed.other or not typed.found.single:
        return MovePlace(prefecture=prefecture, municipality=municipality, town=town), AddressParts()
    place = place_of(typed.found.single, street=typed.found.parts.street)
    return replace(place, town=place.town or typed.found.unlisted), typed.found.parts


def place_at(typed: str, now: MovePlace) -> tuple[MovePlace, AddressParts]:
    """Return the place of a postal code or an address, and the parts around its town.

    Where there are several, the place has the code alone, or the address as typed in `town`: to be asked about. `now`
    stays where it has this code already, for its town was chosen. Raises PlaceError.
    """
    found = place_from_text(typed)
    if is_code_typed(typed):
        if now.postal_code == found.postal_code:
            return now, AddressParts()
        code = found.postal_code
        return (place_of(found.single, code) if found.single else MovePlace(postal_code=code)), AddressParts()
    whole = found.single and not (found.town_unread or has_named_towns(found.single.municipality_code))
    if found.single and (found.single.town or found.unlisted or whole):
        place = place_of(found.single, found.postal_code, found.parts.street)
        return with_postal_code(replace(place, town=place.town or found.unlisted)), found.parts
    return MovePlace(town=typed.strip()), AddressParts()


def with_place(entries: MoveEntries, end: str, place: MovePlace, parts: AddressParts) -> MoveEntries:
    """Return the entries with this place at an end. Block, building and room of an earlier one are asked anew.

    What they were stays among the items as «earlier.origin.block», to be offered.
    """
    before = entries.origin if end == "origin" else entries.destination
    items = dict(entries.items)
    moved = place.known and _at(before) != _at(place)
    if moved or any(getattr(parts, part) for part in HOUSE_PARTS):
        for part in HOUSE_PARTS:
            name, text = f"{end}.{part}", getattr(parts, part)
            earlier = items.pop(name, "")
            if text:
                items[name] = text
            if earlier and earlier != text:
                items[EARLIER + name] = earlier
    if end == "origin":
        return replace(entries, origin=place, items=items)
    return replace(entries, destination=place, items=items)


def _at(place: MovePlace) -> tuple[str, str, str]:
    return place.municipality_code, place.town, place.street
