"""Find the place that a query names: by postal code, by the town's name, or by an address as people write it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from renrakucho.address import place_lookup
from renrakucho.address.address_parts import NO_PARTS, AddressParts, parts_of
from renrakucho.address.models import FormerMunicipality
from renrakucho.address.place import MunicipalityAt, TownAt, UnknownMunicipality, UnknownTown
from renrakucho.address.place_lookup import BadPostalCode, parse_postal_code
from renrakucho.address.written.folding import fold_key, narrow_in_place
from renrakucho.address.written.parse import LONGEST, parse_address
from renrakucho.address.written.written_address import WrittenAddress
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.typed_text import clean_code, clean_line
from renrakucho.lib.width import HYPHENS

_CODE_TYPED = 40  # characters: no code is longer, however it is typed
# Digits and what people type beside them. Nothing else can be a postal code, and no address is made of these alone.
_CODE = re.compile(rf"[〒\s0-9{re.escape(HYPHENS)}]+")

# 一丁目1-1, 12番地3, 5-6: what stands behind a town, and names none.
_HOUSE_ALONE = re.compile(r"\s*第?[0-9〇一二三四五六七八九十百千]+(?:丁目|番地|番[0-9]|号|-[0-9])")
_OLD = re.compile(r"^\s*旧")  # 旧清水市
_CITY_OF_WARD = re.compile("^.+?市(?=.+区$)")
_MUNICIPALITY = re.compile("[0-9]{5}")

# empty: nothing was typed. letters, length, unknown: those of BadPostalCode. unknown_place: no municipality or town has
# this name or code. not_an_address: no place in Japan is found in the text. too_long: longer than any address.
PlaceReason = Literal["empty", "letters", "length", "unknown", "unknown_place", "not_an_address", "too_long"]


class PlaceError(InvalidInput):
    """The query names no place."""

    def __init__(self, reason: PlaceReason) -> None:
        super().__init__(reason)
        self.reason: PlaceReason = reason


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """The place that a query names, or several to choose from. A town "" is the municipality as a whole.

    `postal_code` is the code of the query (7 digits), or "". `former` is the municipality's old name, where the query
    has that; `town_unread` says that the query has a town that is in no list. `parts` stand around the town.
    `unlisted` is a town that exists and that the postal service does not list, of the municipality in `towns`.
    """

    towns: tuple[TownAt, ...]
    postal_code: str = ""
    former: str = ""
    town_unread: bool = False
    parts: AddressParts = NO_PARTS
    unlisted: str = ""

    @property
    def single(self) -> TownAt | None:
        return self.towns[0] if len(self.towns) == 1 else None


def place_from_text(text: str) -> FoundPlaces:
    """Read a field that takes a postal code or an address. Raises PlaceError."""
    text = clean_line(text)
    return places_by_postal_code(text) if is_code_typed(text) else places_by_address(text)


def is_code_typed(text: str) -> bool:
    """Whether the text can only be meant as a postal code."""
    return bool(_CODE.fullmatch(clean_code(text)))


def is_house_alone(text: str) -> bool:
    """Whether the text begins with the number of a house or a 丁目, so that municipality and town are missing."""
    return bool(_HOUSE_ALONE.match(narrow_in_place(text)))


def places_by_postal_code(postal_code: str) -> FoundPlaces:
    """Return the towns of a postal code, in any form that people type. Raises PlaceError."""
    if not postal_code.strip():
        raise PlaceError("empty")
    try:
        code = parse_postal_code(postal_code[:_CODE_TYPED])
        return FoundPlaces(place_lookup.towns_at(code), code)
    except BadPostalCode as error:
        raise PlaceError(error.reason) from None


def places_by_town(municipality_code: str, town: str, postal_code: str = "") -> FoundPlaces:
    """Return a town by its name; the whole municipality where the name is ""; for a city with wards, the wards.

    A code of a former municipality gives the municipalities of today. Raises PlaceError.
    """
    if not town:
        return FoundPlaces(_whole(municipality_code), postal_code)
    towns = _exactly(municipality_code, town) or tuple(
        found for at in _today(municipality_code) for found in _exactly(at.municipality_code, town)
    )
    if not towns:
        raise PlaceError("unknown_place")
    return FoundPlaces(towns, postal_code)


def places_by_address(text: str) -> FoundPlaces:
    """Return the town of a written address; block, building and room are dropped. Raises PlaceError."""
    if not text.strip():
        raise PlaceError("empty")
    if len(text) > LONGEST:
        raise PlaceError("too_long")
    written = parse_address(_OLD.sub("", text))
    towns = tuple(dict.fromkeys(_towns(written)))
    if not towns and written.postal_code:
        return replace(places_by_postal_code(written.postal_code), parts=parts_of(written))
    if not towns:
        raise PlaceError("not_an_address")
    said_more = bool(written.town or written.koaza or written.rest)
    unread = said_more and len(towns) == 1 and not towns[0].town
    elsewhere = _in_other_wards(written, towns[0]) if unread else None
    return elsewhere or FoundPlaces(
        towns,
        written.postal_code if _leads_to(written.postal_code, towns) else "",
        _former_name(written, towns),
        town_unread=unread,
        parts=parts_of(written),
        unlisted=written.town if unread else "",
    )


def _in_other_wards(written: WrittenAddress, ward: TownAt) -> FoundPlaces | None:
    """The town where another ward of the city has it, beside the ward that was typed (横浜市中区みなとみらい)."""
    city = _CITY_OF_WARD.match(ward.municipality)
    if city is None:
        return None
    behind = "".join(piece.typed for piece in written.pieces if piece.kind not in ("postal_code", "place"))
    there = parse_address(ward.prefecture + city[0] + behind)
    towns = tuple(dict.fromkeys(town for town in _towns(there) if town.town))
    return FoundPlaces((*towns, ward), town_unread=True, parts=parts_of(there)) if towns else None


def former_municipality(town: TownAt, name: str) -> FormerMunicipality | None:
    """Return how the municipality of this former name ended, if the town lies in one of its successors."""
    if not name or name not in place_lookup.former_names(town.prefecture, town.municipality_code):
        return None
    return FormerMunicipality.objects.filter(prefecture=town.prefecture, name=name).order_by("-on").first()


def _former_name(written: WrittenAddress, towns: tuple[TownAt, ...]) -> str:
    """The municipality's former name where the text has one; "" where the name is still in use."""
    place = fold_key("".join(piece.typed for piece in written.pieces if piece.kind == "place"))
    if not place or any(fold_key(town.municipality).endswith(place.removeprefix(town.prefecture)) for town in towns):
        return ""
    names = {name for town in towns for name in place_lookup.former_names(town.prefecture, town.municipality_code)}
    return max((name for name in names if place.endswith(fold_key(name))), key=len, default="")


def whole_municipality(municipality: MunicipalityAt) -> TownAt:
    """Return the municipality as a place without a town."""
    code, name = municipality.code, municipality.name
    return TownAt(f"{code}:", code, municipality.prefecture, name, "", municipality.kana)


def _towns(written: WrittenAddress) -> Iterable[TownAt]:
    if written.alternatives:
        for one in written.alternatives:
            yield from _named(one.municipality_code, one.town)
    elif written.municipality_code:
        yield from _named(written.municipality_code, written.town)
    elif written.prefecture:
        yield from map(whole_municipality, place_lookup.municipalities_of_prefecture(written.prefecture))


def _named(municipality_code: str, town: str) -> tuple[TownAt, ...]:
    """The town; the municipality where the postal service lists no town of that name."""
    try:
        return places_by_town(municipality_code, town).towns
    except PlaceError:
        return _whole(municipality_code)


def _whole(municipality_code: str) -> tuple[TownAt, ...]:
    try:
        found = place_lookup.municipality_by_code(municipality_code)
    except UnknownMunicipality:
        towns = _today(municipality_code)
        if not towns:
            raise PlaceError("unknown_place") from None
        return towns
    if not found.has_wards:
        return (whole_municipality(found),)
    wards = place_lookup.municipalities_of_prefecture(found.prefecture)
    return tuple(whole_municipality(one) for one in wards if one.name.startswith(found.name))


def _exactly(municipality_code: str, town: str) -> tuple[TownAt, ...]:
    try:
        return (place_lookup.town_by_id(f"{municipality_code}:{town}"),)
    except UnknownTown:
        return ()


def _today(code: str) -> tuple[TownAt, ...]:
    """The successors of the last municipality that had this code; none where no former one had it."""
    if not _MUNICIPALITY.fullmatch(code):
        return ()
    former = FormerMunicipality.objects.filter(code=code).order_by("-on").first()
    return (
        tuple(whole_municipality(one) for one in place_lookup.successors_of(former.prefecture, former.name))
        if former
        else ()
    )


def _leads_to(postal_code: str, towns: tuple[TownAt, ...]) -> bool:
    """Whether the postal code that stands before an address belongs to its place."""
    if not postal_code:
        return False
    try:
        return set(towns) <= set(place_lookup.towns_at(postal_code))
    except BadPostalCode:
        return False
