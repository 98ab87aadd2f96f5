"""Place look-up: towns by postal code, municipalities by name. Answers come from memory, which the first call fills.

Every function raises NoDirectory before the directory is loaded.
"""

import re
import unicodedata
from typing import Literal

from renrakucho.address.place import MunicipalityAt, TownAt, UnknownMunicipality, UnknownTown
from renrakucho.address.place_tables import PlaceTables, place_tables
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.typed_text import clean_code
from renrakucho.lib.width import HYPHENS

_COUNTY = re.compile(r"^(?:.+?郡|三宅島|八丈島)(?=.+[町村]$)")


def towns_at(postal_code: str) -> tuple[TownAt, ...]:
    """Return the towns of a postal code, at least one, by municipality and reading.

    The code may have any form that people type. Raises BadPostalCode.
    """
    code = parse_postal_code(postal_code)
    places = place_tables()
    found = [_town(places, number) for number in places.towns.at(code)]
    if not found:
        raise BadPostalCode("unknown")
    return tuple(found)


def towns_in(municipality_code: str) -> tuple[TownAt, ...]:
    """Return all towns of a municipality by reading; one with the name "" stands for addresses without a town."""
    places = place_tables()
    return tuple(_town(places, number) for number in places.towns.within(municipality_code))


def town_in(municipality_code: str, index: int) -> TownAt | None:
    """Return the town at an index (from 0) of `towns_in`, without making the others; None where there is none."""
    places = place_tables()
    within = places.towns.within(municipality_code)
    return _town(places, within[index]) if index < len(within) else None


def town_by_id(town_id: str) -> TownAt:
    """Return the town of an id. Raises UnknownTown."""
    places = place_tables()
    code, _, name = town_id.partition(":")
    for number in places.towns.within(code):
        if places.towns.town(number) == name:
            return _town(places, number)
    raise UnknownTown(town_id)


def postal_codes_of(municipality_code: str, town_name: str) -> tuple[str, ...]:
    """Return the postal codes (7 digits) of a town in ascending order; () for an unknown town."""
    towns = place_tables().towns
    numbers = [number for number in towns.within(municipality_code) if towns.town(number) == town_name]
    return tuple(sorted({code for number in numbers for code in towns.postal_codes(number)}))


def municipality_by_code(code: str) -> MunicipalityAt:
    """Return the municipality of a JIS X 0402 code (5 digits). Raises UnknownMunicipality."""
    found = place_tables().municipalities.get(code)
    if found is None:
        raise UnknownMunicipality(code)
    return found


def municipalities_of_prefecture(prefecture: str) -> tuple[MunicipalityAt, ...]:
    """Return the municipalities of a prefecture (東京都) that addresses name, by code; () for an unknown prefecture."""
    return tuple(
        one for one in place_tables().municipalities.values() if one.prefecture == prefecture and not one.has_wards
    )


def municipality_named(prefecture: str, text: str) -> tuple[MunicipalityAt, ...]:
    """Return the municipalities that a typed name can mean: 郡 may be left out, a city without its ward gives all its
    wards, and a former name gives the present ones. () where no municipality has the name.
    """
    name = _plain(text)
    there = municipalities_of_prefecture(prefecture)
    for found in (
        [one for one in there if _plain(one.name) == name],
        [one for one in there if _without_county(_plain(one.name)) == name],
        [one for one in there if name.endswith("市") and _plain(one.name).startswith(name)],
    ):
        if found:
            return tuple(found)
    return successors_of(prefecture, text)


def successors_of(prefecture: str, name: str) -> tuple[MunicipalityAt, ...]:
    """Return the successors of a municipality, by code: itself where it still exists, several where it was split or
    its successor has wards. 郡 may be left out.
    """
    places = place_tables()
    name = "".join(name.split())
    codes = [c for c, one in places.municipalities.items() if (one.prefecture, one.name) == (prefecture, name)]
    followed = places.followed_by
    codes = codes or [*(followed.get((prefecture, name)) or followed.get((prefecture, _without_county(name)), ()))]
    found: list[MunicipalityAt] = []
    for one in (places.municipalities[code] for code in codes):
        wards = [ward for ward in municipalities_of_prefecture(prefecture) if ward.name.startswith(one.name)]
        found += wards if one.has_wards else [one]
    return tuple(found)


def former_names(prefecture: str, municipality_code: str) -> tuple[str, ...]:
    """Return the names of the former municipalities that this one succeeded."""
    steps = place_tables().followed_by.items()
    return tuple(name for (there, name), codes in steps if there == prefecture and municipality_code in codes)


def _plain(name: str) -> str:
    """The name without spaces, small ヶ and ヵ as large ones: 茅ヶ崎 is written both ways."""
    return "".join(name.split()).replace("ヶ", "ケ").replace("ヵ", "カ")


def _without_county(name: str) -> str:
    """東茨城郡茨城町 → 茨城町, 三宅島三宅村 → 三宅村; 大和郡山市 stays."""
    return _COUNTY.sub("", name)


def _town(places: PlaceTables, number: int) -> TownAt:
    code = places.towns.municipality_code(number)
    name, kana = places.towns.town_and_kana(number)
    at = places.municipalities[code]
    return TownAt(f"{code}:{name}", code, at.prefecture, at.name, name, kana)


Reason = Literal["letters", "length", "unknown"]

_BESIDE_DIGITS = str.maketrans("", "", f"〒 \t{HYPHENS}")


class BadPostalCode(InvalidInput):
    """`reason`: letters (something other than digits), length (not seven digits), unknown (no such code)."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def parse_postal_code(typed: str) -> str:
    """Return seven ASCII digits of a code in full width, with hyphens, 〒 or spaces. Raises BadPostalCode."""
    if len(typed) == 7 and typed.isascii() and typed.isdecimal():
        return typed  # fast path: the portal's own links have this form
    digits = unicodedata.normalize("NFKC", clean_code(typed)).translate(_BESIDE_DIGITS)
    if digits and not (digits.isascii() and digits.isdecimal()):
        raise BadPostalCode("letters")
    if len(digits) != 7:
        raise BadPostalCode("length")
    return digits
