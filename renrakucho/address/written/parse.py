"""Address parser: split a written Japanese address into its parts."""

import re
from dataclasses import dataclass
from itertools import pairwise

from renrakucho.address.written.address_table import AddressTable
from renrakucho.address.written.block import AddressBlock, split_block
from renrakucho.address.written.folding import FoldedText, fold_text, narrow_in_place
from renrakucho.address.written.kyoto import is_before_street, is_kyoto, street_end
from renrakucho.address.written.reading import AddressReading, likeliest_readings
from renrakucho.address.written.table_cache import default_table
from renrakucho.address.written.town_list import ListedTown
from renrakucho.address.written.town_match import OLD_TIER
from renrakucho.address.written.written_address import Level, PlaceAlternative, TextPiece, WrittenAddress

LONGEST = 300  # characters; no address is longer, and the rest is left over
MOST_ALTERNATIVES = 50
_POSTAL = re.compile(
    r"[\s\"'(]*(?:(?:〒|郵便番号)[\s:]*([0-9]{3})\s*-?\s*([0-9]{4})|([0-9]{3})-?([0-9]{4})(?![-0-9番号丁]))[\s,)]*"
)
_HOUSE = re.compile(r"[\s,]*(?:第?[0-9]|番外地|無番地|第?[〇一二三四五六七八九十百千]+(?:番|丁目|線|号))")
_AROUND = " \t\r\n\u3000,、\"'"


def parse_address(text: str, table: AddressTable | None = None) -> WrittenAddress:
    """Parse an address as far as it is understood. Never raises, whatever the text; `rest` has what is not understood.

    Without a table the installation's own is used (table_cache.default_table).
    """
    table = table or default_table()
    head, beyond = text[:LONGEST], text[LONGEST:]
    postal_code, typed = _postal(head)
    pieces = [TextPiece("postal_code", head[:typed])]
    body = head[typed:]
    folded = fold_text(body)
    likeliest = likeliest_readings(table, folded, postal_code)
    if not likeliest:
        pieces.append(TextPiece("rest", body + beyond))
        return WrittenAddress(postal_code, rest=(body + beyond).strip(), pieces=_filled(pieces))
    first = likeliest[0]
    before, place, street, town, behind, tail = _cut(body, folded, first)
    pieces += [
        TextPiece("rest", before),
        TextPiece("place", place),
        TextPiece("street", street),
        TextPiece("town", town),
    ]
    pieces.append(TextPiece("street", behind))
    block = _block(first, tail)
    street = (street + behind).strip(_AROUND)
    pieces += [*block.pieces, TextPiece("rest", beyond)]
    rest = " ".join(part for part in (s.strip(_AROUND) for s in (before, block.rest, beyond)) if part)
    old = first.found is not None and first.found.tier == OLD_TIER
    at = _place(likeliest, complete=bool(block.block or block.number) and not rest and not old)
    return WrittenAddress(
        postal_code,
        at.prefecture,
        at.code,
        at.municipality,
        street if is_kyoto(at.code) else "",
        _town(first, town) if at.one_town else "",
        block.chome,
        block.koaza if is_kyoto(at.code) else " ".join(s for s in (street, block.koaza) if s),
        block.block,
        block.number,
        block.building,
        block.room,
        rest,
        at.level,
        at.alternatives,
        _filled(pieces),
    )


def _postal(text: str) -> tuple[str, int]:
    """The postal code at the beginning, and where it ends in the text."""
    first = text.lstrip(_AROUND)[:1]
    if not (first.isdecimal() or first in {"〒", "郵", "(", "（"}):
        return "", 0
    found = _POSTAL.match(narrow_in_place(text))
    return ("".join(part for part in found.groups() if part), found.end()) if found else ("", 0)


def _cut(body: str, folded: FoldedText, reading: AddressReading) -> list[str]:
    """Cut the text into: text before the place, prefecture and municipality, street, town, street behind it, tail."""
    town = reading.found.start if reading.found else reading.end
    code = reading.municipality.code if reading.municipality else ""
    behind = is_kyoto(code) and reading.found and is_before_street(reading.found, folded)
    cuts = [
        0,
        folded.start(reading.start.begin) if reading.start.begin else 0,
        folded.end(reading.placed),
        folded.end(town),
        folded.end(reading.end),
        folded.end(street_end(folded, reading.end) if behind else reading.end),
        len(body),
    ]
    return [body[a:b] for a, b in pairwise(cuts)]


def _block(reading: AddressReading, tail: str) -> AddressBlock:
    """Split the text behind the town. Without a town only numbers can be recognised."""
    if reading.found:
        return split_block(tail, most_chome=reading.found.town.most_chome)
    if reading.municipality and _HOUSE.match(narrow_in_place(tail)):
        return split_block(tail, most_chome=0)
    return AddressBlock(rest=tail, pieces=(TextPiece("rest", tail),))


def _town(reading: AddressReading, typed: str) -> str:
    """The town's name; of two that differ in a variant character only, the typed one."""
    if reading.found is None or reading.municipality is None:
        return ""
    name = reading.found.town.name
    for twins in reading.municipality.towns.twins.values():
        names = [ListedTown.of(listed).name for listed in twins]
        if name in names and typed.strip() in names:
            return typed.strip()
    return name


@dataclass(slots=True)
class _Place:
    prefecture: str
    code: str = ""
    municipality: str = ""
    level: Level = "none"
    one_town: bool = True
    alternatives: tuple[PlaceAlternative, ...] = ()


def _place(likeliest: list[AddressReading], *, complete: bool) -> _Place:
    """The place, how certain it is, and its alternatives. `complete`: it has a house number, and nothing left over."""
    first = likeliest[0]
    here = first.municipality
    if len(likeliest) > 1:
        return _one_of(likeliest)
    if here is None:
        return _Place(first.start.prefecture, level="prefecture")
    level: Level = "municipality" if first.found is None else ("exact" if complete else "town")
    return _Place(here.prefecture, here.code, here.name, level)


def _one_of(likeliest: list[AddressReading]) -> _Place:
    """The place that several readings have in common."""
    places = [r.municipality for r in likeliest if r.municipality]
    prefectures = {m.prefecture for m in places}
    names = {m.name for m in places}
    cities = {r.start.named.parent if r.start.named else ("", "") for r in likeliest}
    code, city = cities.pop() if len(cities) == 1 else ("", "")
    return _Place(
        prefecture=prefectures.pop() if len(prefectures) == 1 else "",
        code=code,
        municipality=city or (names.pop() if len(names) == 1 else ""),
        level="municipality" if code else ("prefecture" if len({m.prefecture for m in places}) == 1 else "none"),
        one_town=len({r.found.town.name if r.found else "" for r in likeliest}) == 1,
        alternatives=tuple(_alternative(r) for r in likeliest[:MOST_ALTERNATIVES] if r.municipality),
    )


def _alternative(reading: AddressReading) -> PlaceAlternative:
    place = reading.municipality
    assert place is not None
    return PlaceAlternative(place.code, place.prefecture, place.name, reading.found.town.name if reading.found else "")


def _filled(pieces: list[TextPiece]) -> tuple[TextPiece, ...]:
    return tuple(piece for piece in pieces if piece.typed)
