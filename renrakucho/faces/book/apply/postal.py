"""A postal code as it was typed, and the place it leads to."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.address.lookup import towns_at
from renrakucho.address.place import TownAt
from renrakucho.address.postal_code import BadPostalCode, parse
from renrakucho.mover.entries import Place

LONGEST = 20  # characters of a field for a postal code: full width, hyphens and 〒 included
TOO_LONG = gettext_lazy("郵便番号は数字7けたです。けた数をお確かめください（例: 102-0084）。")


def place_of(town: TownAt, postal_code: str = "") -> Place:
    """The town as one end of a move."""
    return Place(postal_code, town.municipality_code, town.prefecture, town.municipality, town.town)


def place_at(typed: str, now: Place) -> Place:
    """The place of a postal code: known where the code has a single town, else with the code alone.

    `now` stays where it has the same code already: its town was chosen. Raises BadPostalCode.
    """
    towns = towns_at(typed)
    code = parse(typed)
    if now.postal_code == code:
        return now
    return place_of(towns[0], code) if len(towns) == 1 else Place(postal_code=code)


def complaint(error: BadPostalCode) -> str:
    """What is wrong with a postal code, and what can be done."""
    return {
        "letters": _("数字7けたで入れてください（例: 102-0084）。"),
        "length": str(TOO_LONG),
        "unknown": _("この郵便番号は見つかりません。番号をお確かめください。"),
    }[error.reason]
