"""Which place is asked for: out of a postal code, a town's name, or an address as it is written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from renrakucho.address import place_lookup
from renrakucho.address.models import FormerMunicipality
from renrakucho.address.place import MunicipalityAt, TownAt, UnknownMunicipality, UnknownTown
from renrakucho.address.place_lookup import BadPostalCode
from renrakucho.address.place_lookup import parse_postal_code as postal_code_of
from renrakucho.address.written.folding import fold_key
from renrakucho.address.written.parse import LONGEST, parse_address
from renrakucho.address.written.written_address import WrittenAddress
from renrakucho.faces.directory.place.place_error import PlaceError

# Digits and what people type beside them. Nothing else can be a postal code, and no address is made of these alone.
_CODE_TYPED = 40  # characters: no code is longer, however it is typed
_CODE = re.compile(r"[〒\s0-9０-９\-‐‑‒–—―−－ー]+")

_OLD = re.compile(r"^\s*旧")  # 旧清水市
_MUNICIPALITY = re.compile("[0-9]{5}")


@dataclass(frozen=True, slots=True)
class MeantPlaces:
    """The places that were meant: one, or several to choose from. A town "" is the municipality as a whole.

    `postal_code` is the one that was given (7 digits), or "". `former` is the municipality's old name, where that was
    given; `town_unread` where a town was given and is in no list.
    """

    towns: tuple[TownAt, ...]
    postal_code: str = ""
    former: str = ""
    town_unread: bool = False

    @property
    def one(self) -> TownAt | None:
        return self.towns[0] if len(self.towns) == 1 else None


def place_from_text(text: str) -> MeantPlaces:
    """The place in a field that takes a postal code or an address. Raises Trouble."""
    text = text.strip()
    return places_by_postal_code(text) if _CODE.fullmatch(text) else places_by_address(text)


def places_by_postal_code(postal_code: str) -> MeantPlaces:
    """The towns of a postal code as people type it. Raises Trouble."""
    if not postal_code.strip():
        raise PlaceError("empty")
    try:
        code = postal_code_of(postal_code[:_CODE_TYPED])
        return MeantPlaces(place_lookup.towns_at(code), code)
    except BadPostalCode as error:
        raise PlaceError(error.reason) from None


def places_by_town(municipality_code: str, town: str, postal_code: str = "") -> MeantPlaces:
    """A town by its names, the whole municipality without one; a city gives its wards. Raises Trouble.

    A municipality that is gone leads on to today's.
    """
    if not town:
        return MeantPlaces(_whole(municipality_code), postal_code)
    towns = _exactly(municipality_code, town) or tuple(
        found for at in _today(municipality_code) for found in _exactly(at.municipality_code, town)
    )
    if not towns:
        raise PlaceError("unknown_place")
    return MeantPlaces(towns, postal_code)


def places_by_address(text: str) -> MeantPlaces:
    """The town of a written address; block, building and room are dropped here. Raises Trouble."""
    if not text.strip():
        raise PlaceError("empty")
    if len(text) > LONGEST:
        raise PlaceError("too_long")
    written = parse_address(_OLD.sub("", text))
    towns = tuple(dict.fromkeys(_towns(written)))
    if not towns and written.postal_code:
        return places_by_postal_code(written.postal_code)
    if not towns:
        raise PlaceError("not_an_address")
    said_more = bool(written.town or written.koaza or written.rest)
    return MeantPlaces(
        towns,
        written.postal_code if _leads_to(written.postal_code, towns) else "",
        _former_name(written, towns),
        town_unread=said_more and len(towns) == 1 and not towns[0].town,
    )


def former_municipality(town: TownAt, name: str) -> FormerMunicipality | None:
    """The step that ended the municipality of this name, if it led to the town's of today."""
    if not name or name not in place_lookup.former_names(town.prefecture, town.municipality_code):
        return None
    return FormerMunicipality.objects.filter(prefecture=town.prefecture, name=name).order_by("-on").first()


def _former_name(written: WrittenAddress, towns: tuple[TownAt, ...]) -> str:
    """The old name of the municipality, where the text says that; a name that lives on is not old."""
    place = fold_key("".join(piece.typed for piece in written.pieces if piece.kind == "place"))
    if not place or any(fold_key(town.municipality).endswith(place.removeprefix(town.prefecture)) for town in towns):
        return ""
    names = {name for town in towns for name in place_lookup.former_names(town.prefecture, town.municipality_code)}
    return max((name for name in names if place.endswith(fold_key(name))), key=len, default="")


def whole_municipality(municipality: MunicipalityAt) -> TownAt:
    """The municipality as a place of its own."""
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
    """The town; where the postal service lists none of that name, the municipality."""
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
    """What became of the municipality that had this code last; none where no old one had it."""
    if not _MUNICIPALITY.fullmatch(code):
        return ()
    former = FormerMunicipality.objects.filter(code=code).order_by("-on").first()
    return (
        tuple(whole_municipality(one) for one in place_lookup.successors_of(former.prefecture, former.name))
        if former
        else ()
    )


def _leads_to(postal_code: str, towns: tuple[TownAt, ...]) -> bool:
    """Whether a postal code that was written before an address is that place's own."""
    if not postal_code:
        return False
    try:
        return set(towns) <= set(place_lookup.towns_at(postal_code))
    except BadPostalCode:
        return False
