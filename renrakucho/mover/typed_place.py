"""Read a place of the move as its mover types it: a postal code, or prefecture, municipality and town."""

from dataclasses import replace

from renrakucho.address.place import MunicipalityAt, TownAt
from renrakucho.address.place_lookup import (
    municipality_named,
    parse_postal_code,
    postal_codes_of,
    towns_at,
    towns_in,
)
from renrakucho.address.written.folding import fold_key
from renrakucho.address.written.parse import parse_address
from renrakucho.mover.entries import MovePlace


def municipalities_typed(prefecture: str, typed: str) -> tuple[tuple[MunicipalityAt, ...], bool]:
    """Return the present municipalities that the name can mean, and whether it is certain: one of exactly this name."""
    found = municipality_named(prefecture, typed)
    certain = len(found) == 1 and fold_key(found[0].name).endswith(fold_key(typed))
    return found, certain


def town_typed_in(municipality: MunicipalityAt, typed: str) -> tuple[str, str]:
    """Split a typed text into the town that it begins with, in any spelling, and the rest as typed.

    A town that the directory does not have stays as typed.
    """
    written = parse_address(municipality.prefecture + municipality.name + typed)
    if written.municipality_code != municipality.code or not written.town:
        return typed, ""
    kinds = [piece.kind for piece in written.pieces]
    behind = written.pieces[kinds.index("town") + 1 :] if "town" in kinds else ()
    return written.town, "".join(piece.typed for piece in behind).strip()


def has_named_towns(code: str) -> bool:
    """Whether addresses in the municipality have a town: those of some islands and villages have none."""
    return any(town.town for town in towns_in(code))


def with_postal_code(place: MovePlace) -> MovePlace:
    """Return the place with its town's postal code, where the town has a single one for homes and none was typed."""
    if place.postal_code:
        return place
    # 102-8012: an 8 in fourth place stands for one large office (大口事業所個別番号) where homes have 102-0084.
    codes = [code for code in postal_codes_of(place.municipality_code, place.town) if code[3] != "8"]
    return replace(place, postal_code=codes[0]) if len(codes) == 1 else place


def contradicts_code(place: MovePlace, towns: tuple[TownAt, ...]) -> bool:
    """Whether the towns of a postal code all lie in other municipalities than the typed place."""
    return place.municipality_code not in {town.municipality_code for town in towns}


def place_of(town: TownAt, postal_code: str = "") -> MovePlace:
    """Return the town as one end of a move."""
    return MovePlace(postal_code, town.municipality_code, town.prefecture, town.municipality, town.town)


def place_at(typed: str, now: MovePlace) -> MovePlace:
    """Return the place of a postal code: with its town where the code has a single one, else with the code alone.

    `now` stays where it has this code already, for its town was chosen. Raises BadPostalCode.
    """
    towns = towns_at(typed)
    code = parse_postal_code(typed)
    if now.postal_code == code:
        return now
    return place_of(towns[0], code) if len(towns) == 1 else MovePlace(postal_code=code)
