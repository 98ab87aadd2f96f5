"""A place from what was typed: prefecture, municipality and town, where the postal code is not known."""

from dataclasses import replace

from renrakucho.address.lookup import municipality_named, postal_codes_of, towns_in
from renrakucho.address.place import MunicipalityAt, TownAt
from renrakucho.address.written.fold import fold_key
from renrakucho.address.written.parse import parse
from renrakucho.mover.entries import Place


def municipalities_of(prefecture: str, typed: str) -> tuple[tuple[MunicipalityAt, ...], bool]:
    """Today's municipalities that were meant, and whether there is nothing to ask: one, and called as it was typed."""
    found = municipality_named(prefecture, typed)
    sure = len(found) == 1 and fold_key(found[0].name).endswith(fold_key(typed))
    return found, sure


def town_of(there: MunicipalityAt, typed: str) -> tuple[str, str]:
    """The town that a typed text begins with, in whatever spelling, and what stands behind it as it was typed.

    A town that the directory does not have stays as it was typed.
    """
    written = parse(there.prefecture + there.name + typed)
    if written.municipality_code != there.code or not written.town:
        return typed, ""
    kinds = [piece.kind for piece in written.pieces]
    behind = written.pieces[kinds.index("town") + 1 :] if "town" in kinds else ()
    return written.town, "".join(piece.typed for piece in behind).strip()


def has_named_towns(code: str) -> bool:
    """Whether addresses in the municipality are written with a town: some islands and villages have none."""
    return any(town.town for town in towns_in(code))


def with_postal_code(place: Place) -> Place:
    """The place with the postal code of its town, where the town has only one for homes and none was typed."""
    if place.postal_code:
        return place
    # 102-8012: an 8 in fourth place stands for one large office (大口事業所個別番号) where homes have 102-0084.
    codes = [code for code in postal_codes_of(place.municipality_code, place.town) if code[3] != "8"]
    return replace(place, postal_code=codes[0]) if len(codes) == 1 else place


def at_odds(place: Place, towns: tuple[TownAt, ...]) -> bool:
    """Whether a known postal code leads to other municipalities than the typed one."""
    return place.municipality_code not in {town.municipality_code for town in towns}
