"""Questions about places. All are answered from memory; the first one in a process reads the directory.

Every function raises NoDirectory (address.edition) before `renrakucho load_directory` has run.
"""

import re

from renrakucho.address.atlas import Atlas, atlas
from renrakucho.address.place import MunicipalityAt, TownAt, UnknownMunicipality, UnknownTown
from renrakucho.address.postal_code import BadPostalCode, parse

_COUNTY = re.compile(r"^(?:.+?郡|三宅島|八丈島)(?=.+[町村]$)")


def towns_at(postal_code: str) -> tuple[TownAt, ...]:
    """The towns that a postal code serves, at least one, by municipality and reading.

    The code is taken as people type it. Raises BadPostalCode.
    """
    code = parse(postal_code)
    places = atlas()
    found = [_town(places, number) for number in places.towns.at(code)]
    if not found:
        raise BadPostalCode("unknown")
    return tuple(found)


def towns_in(municipality_code: str) -> tuple[TownAt, ...]:
    """All towns of a municipality by reading; one with the name "" stands for what has no town of its own."""
    places = atlas()
    return tuple(_town(places, number) for number in places.towns.within(municipality_code))


def town_in(municipality_code: str, place: int) -> TownAt | None:
    """The town at a place (from 0) of `towns_in`, without making all of them; None where there is none."""
    places = atlas()
    within = places.towns.within(municipality_code)
    return _town(places, within[place]) if place < len(within) else None


def town(town_id: str) -> TownAt:
    """The town of an id. Raises UnknownTown."""
    places = atlas()
    code, _, name = town_id.partition(":")
    for number in places.towns.within(code):
        if places.towns.town(number) == name:
            return _town(places, number)
    raise UnknownTown(town_id)


def postal_codes_of(municipality_code: str, town_name: str) -> tuple[str, ...]:
    """The postal codes (7 digits) of a town in ascending order, none for a town that is not known."""
    towns = atlas().towns
    numbers = [number for number in towns.within(municipality_code) if towns.town(number) == town_name]
    return tuple(sorted({code for number in numbers for code in towns.postal_codes(number)}))


def municipality(code: str) -> MunicipalityAt:
    """The municipality of a JIS X 0402 code (5 digits). Raises UnknownMunicipality."""
    found = atlas().municipalities.get(code)
    if found is None:
        raise UnknownMunicipality(code)
    return found


def municipalities(prefecture: str) -> tuple[MunicipalityAt, ...]:
    """Those of a prefecture (東京都) that addresses are written with, by code; none for an unknown prefecture."""
    return tuple(one for one in atlas().municipalities.values() if one.prefecture == prefecture and not one.has_wards)


def municipality_named(prefecture: str, text: str) -> tuple[MunicipalityAt, ...]:
    """Those that were meant by a typed name: 郡 may be left out, a city without its ward gives all its wards,
    and a name that is gone leads on to today's. None where nothing is called so.
    """
    name = _plain(text)
    there = municipalities(prefecture)
    for meant in (
        [one for one in there if _plain(one.name) == name],
        [one for one in there if _without_county(_plain(one.name)) == name],
        [one for one in there if name.endswith("市") and _plain(one.name).startswith(name)],
    ):
        if meant:
            return tuple(meant)
    return today(prefecture, text)


def today(prefecture: str, name: str) -> tuple[MunicipalityAt, ...]:
    """What became of a municipality, by code: itself where it still is, and several where one has to ask
    (it was split, or its successor has wards). 郡 may be left out.
    """
    places = atlas()
    name = "".join(name.split())
    codes = [c for c, one in places.municipalities.items() if (one.prefecture, one.name) == (prefecture, name)]
    followed = places.followed_by
    codes = codes or [*(followed.get((prefecture, name)) or followed.get((prefecture, _without_county(name)), ()))]
    found: list[MunicipalityAt] = []
    for one in (places.municipalities[code] for code in codes):
        wards = [ward for ward in municipalities(prefecture) if ward.name.startswith(one.name)]
        found += wards if one.has_wards else [one]
    return tuple(found)


def former_names(prefecture: str, municipality_code: str) -> tuple[str, ...]:
    """What municipalities that are gone, and led to this one of today, were called."""
    steps = atlas().followed_by.items()
    return tuple(name for (there, name), codes in steps if there == prefecture and municipality_code in codes)


def _plain(name: str) -> str:
    """The name without spaces, small ヶ and ヵ as large ones: 茅ヶ崎 is written both ways."""
    return "".join(name.split()).replace("ヶ", "ケ").replace("ヵ", "カ")


def _without_county(name: str) -> str:
    """東茨城郡茨城町 → 茨城町, 三宅島三宅村 → 三宅村; 大和郡山市 stays."""
    return _COUNTY.sub("", name)


def _town(places: Atlas, number: int) -> TownAt:
    code = places.towns.municipality_code(number)
    name, kana = places.towns.town_and_kana(number)
    at = places.municipalities[code]
    return TownAt(f"{code}:{name}", code, at.prefecture, at.name, name, kana)
