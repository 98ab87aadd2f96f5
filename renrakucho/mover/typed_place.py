"""A place from what was typed: prefecture, municipality and town, where the postal code is not known."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.address.place import MunicipalityAt, TownAt
from renrakucho.address.place_lookup import (
    BadPostalCode,
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
    """Today's municipalities that were meant, and whether there is nothing to ask: one, and called as it was typed."""
    found = municipality_named(prefecture, typed)
    sure = len(found) == 1 and fold_key(found[0].name).endswith(fold_key(typed))
    return found, sure


def town_typed_in(there: MunicipalityAt, typed: str) -> tuple[str, str]:
    """The town that a typed text begins with, in whatever spelling, and what stands behind it as it was typed.

    A town that the directory does not have stays as it was typed.
    """
    written = parse_address(there.prefecture + there.name + typed)
    if written.municipality_code != there.code or not written.town:
        return typed, ""
    kinds = [piece.kind for piece in written.pieces]
    behind = written.pieces[kinds.index("town") + 1 :] if "town" in kinds else ()
    return written.town, "".join(piece.typed for piece in behind).strip()


def has_named_towns(code: str) -> bool:
    """Whether addresses in the municipality are written with a town: some islands and villages have none."""
    return any(town.town for town in towns_in(code))


def with_postal_code(place: MovePlace) -> MovePlace:
    """The place with the postal code of its town, where the town has only one for homes and none was typed."""
    if place.postal_code:
        return place
    # 102-8012: an 8 in fourth place stands for one large office (大口事業所個別番号) where homes have 102-0084.
    codes = [code for code in postal_codes_of(place.municipality_code, place.town) if code[3] != "8"]
    return replace(place, postal_code=codes[0]) if len(codes) == 1 else place


def contradicts_code(place: MovePlace, towns: tuple[TownAt, ...]) -> bool:
    """Whether a known postal code leads to other municipalities than the typed one."""
    return place.municipality_code not in {town.municipality_code for town in towns}


LONGEST = 20  # characters of a field for a postal code: full width, hyphens and 〒 included
TOO_LONG = gettext_lazy("郵便番号は数字7けたです。けた数をお確かめください（例: 102-0084）。")


def place_of(town: TownAt, postal_code: str = "") -> MovePlace:
    """The town as one end of a move."""
    return MovePlace(postal_code, town.municipality_code, town.prefecture, town.municipality, town.town)


def place_at(typed: str, now: MovePlace) -> MovePlace:
    """The place of a postal code: known where the code has a single town, else with the code alone.

    `now` stays where it has the same code already: its town was chosen. Raises BadPostalCode.
    """
    towns = towns_at(typed)
    code = parse_postal_code(typed)
    if now.postal_code == code:
        return now
    return place_of(towns[0], code) if len(towns) == 1 else MovePlace(postal_code=code)


def postal_code_message(error: BadPostalCode) -> str:
    """What is wrong with a postal code, and what can be done."""
    return {
        "letters": _("数字7けたで入れてください（例: 102-0084）。"),
        "length": str(TOO_LONG),
        "unknown": _("この郵便番号は見つかりません。番号をお確かめください。"),
    }[error.reason]
