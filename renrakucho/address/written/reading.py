"""Address readings: find the municipality and town that a text most likely names."""

import re
from typing import NamedTuple

from renrakucho.address.written.address_table import AddressTable, TableMunicipality
from renrakucho.address.written.folding import FoldedText
from renrakucho.address.written.kyoto import is_before_street, is_kyoto, street_end, town_after_street
from renrakucho.address.written.numerals import KANJI
from renrakucho.address.written.place_prefix import PlacePrefix, place_prefixes
from renrakucho.address.written.town_match import TownMatch, ends_cleanly, town_at, with_street

_ZONE = re.compile(rf"第?[{KANJI}]+(?:地割)?")  # 第1地割上村, 14字宇留部
_ZONED = "03"  # 岩手県
NOWHERE = PlacePrefix("", None, 0, 0, 0)
_LONGEST_TOWN = 20
_NOT_A_TOWN = re.compile(rf"[0-9A-Z-]+|第?[{KANJI}]+(?:号|線|条|区|組|番|番地|番町|番丁|丁目|丁)?")


class AddressReading(NamedTuple):
    """A municipality (None: the prefecture alone), its town if found, and positions in the key.

    `placed` is the end of the municipality's name, where a street or the town begins; `end` the end of the town.
    """

    start: PlacePrefix
    municipality: TableMunicipality | None
    found: TownMatch | None
    placed: int
    end: int

    @property
    def weight(self) -> tuple[bool, bool, int, bool, int, int]:
        """A reading of greater weight is likelier; those of equal weight are alternatives."""
        found = self.found
        old = bool(self.start.named and self.start.named.old)
        reach = self.end if found else self.start.end
        tier = found.tier if found else 0
        return (found is not None, bool(found and found.clean), self.start.end, not old, reach, -tier)


def likeliest_readings(table: AddressTable, folded: FoldedText, postal_code: str) -> list[AddressReading]:
    """Return the likeliest readings: one, or several of equal weight; [] where nothing is known."""
    here = table.codes_at(postal_code) if postal_code else set()
    named = place_prefixes(table, folded.key)
    found = _of_all(table, folded, named)
    if not found:
        found = [r for code in here for r in _of_codes(table, folded, (code,), NOWHERE)]
    if named and any(r.municipality for r in found):
        several = _also_towns(table, folded, found)
    else:
        several = [] if any(r.found for r in found) else _without_municipality(table, folded, named)
    if several:
        return [r for r in several if r.municipality and r.municipality.code in here] or several
    if len(found) < 2:
        return found
    best = max(r.weight for r in found)
    likeliest = _one_per_municipality([r for r in found if r.weight == best])
    likeliest = [r for r in likeliest if r.municipality and r.municipality.code in here] or likeliest
    return [r for r in likeliest if _as_typed(r, folded)] or likeliest if len(likeliest) > 1 else likeliest


def _as_typed(reading: AddressReading, folded: FoldedText) -> bool:
    """Whether the municipality's name was typed exactly (鹿嶋市, not 鹿島市)."""
    typed = folded.text[folded.start(reading.start.name) : folded.end(reading.start.end)]
    return bool(reading.municipality and typed and reading.municipality.name.endswith(typed))


def _of_all(table: AddressTable, folded: FoldedText, named: list[PlacePrefix]) -> list[AddressReading]:
    """The readings of the longest name (千葉市若葉区, not 千葉市); weak ones only with a certain town."""
    longest = max((start.end for start in named if not start.weak), default=0)
    found: list[AddressReading] = []
    for start in named:
        if start.weak:
            found += [r for r in _of(table, folded, start) if r.found and r.found.clean]
        elif start.end == longest:
            found += _of(table, folded, start)
    return found


def _one_per_municipality(several: list[AddressReading]) -> list[AddressReading]:
    return list({r.municipality.code if r.municipality else r.start.prefecture: r for r in several}.values())


def _of(table: AddressTable, folded: FoldedText, start: PlacePrefix) -> list[AddressReading]:
    if start.named is None:
        return [AddressReading(start, None, None, start.end, start.end)]
    found = _of_codes(table, folded, start.named.codes, start)
    if start.named.old:
        found += _behind_old_name(table, folded, start)
    return found


def _of_codes(
    table: AddressTable, folded: FoldedText, codes: tuple[str, ...], start: PlacePrefix
) -> list[AddressReading]:
    several = []
    for code in codes:
        municipality = table.municipalities[code]
        placed = start.end
        town = _town(municipality, folded, placed)
        if not (town and town.clean and town.tier == 0):
            again = _behind_repeated_name(folded, start)
            if again > placed:  # 稲敷市稲敷市柏木: before the shorter 稲敷
                town, placed = _town(municipality, folded, again), again
        end = placed
        if town or is_kyoto(code):
            end = town.end if town else street_end(folded, placed)
        several.append(AddressReading(start, municipality, town, placed, end))
    return several


def _behind_repeated_name(folded: FoldedText, start: PlacePrefix) -> int:
    """Where a second writing of the same name ends, with the prefecture or without; `start.end` where there is none."""
    for name in (folded.key[start.begin : start.end], folded.key[start.name : start.end]):
        if name and folded.key.startswith(name, start.end):
            return start.end + len(name)
    return start.end


def _town(municipality: TableMunicipality, folded: FoldedText, at: int) -> TownMatch | None:
    found = town_at(municipality.towns, folded, at)
    if is_kyoto(municipality.code) and not (found and found.clean):
        behind = town_after_street(municipality.towns, folded, at)
        if behind or found is None:
            return behind
        return found if street_end(folded, at) == at or is_before_street(found, folded) else None
    zoned = found is None and municipality.code.startswith(_ZONED)
    zone = _ZONE.match(folded.key, at) if zoned else None
    return town_at(municipality.towns, folded, zone.end()) if zone else found


def _behind_old_name(table: AddressTable, folded: FoldedText, start: PlacePrefix) -> list[AddressReading]:
    """A former municipality's name is often part of a present town: 古川市大崎 is 大崎市古川大崎."""
    several = []
    bare = folded.without(start.end - 1, start.end)
    for code in start.named.codes if start.named else ():
        municipality = table.municipalities[code]
        for joined, shift in ((folded, 0), (bare, 1)):
            town = town_at(municipality.towns, joined, start.name)
            if town and town.tier == 0 and town.end + shift > start.end:
                end = town.end + shift
                moved = TownMatch(town.town, start.end, end, 0, town.clean)
                several.append(AddressReading(start, municipality, moved, start.end, end))
    return several


def _without_municipality(table: AddressTable, folded: FoldedText, named: list[PlacePrefix]) -> list[AddressReading]:
    """Readings by the town alone, behind the prefecture if there is one; 山口1-1 may be 山口県 or a town 山口."""
    starts = [s for s in named if s.named is None]
    if not starts or any(s.weak for s in starts):
        starts.append(NOWHERE)
    several = [r for start in starts for r in _by_town(table, folded, start)]
    return _one_per_municipality(several)


def _also_towns(table: AddressTable, folded: FoldedText, named: list[AddressReading]) -> list[AddressReading]:
    """All readings of a text that begins with a municipality's name which is a town's elsewhere (泉町1-1, 栄町3).

    [] where the name can be no town's, or where the text goes on with a town of the municipality (栄町安食1).
    """
    start = max(named, key=lambda r: r.start.end).start
    prefecture = start.prefecture if start.name > start.begin else ""
    towns = _by_town(table, folded, PlacePrefix(prefecture, None, start.begin, start.name, start.name))
    reach = max((r.end for r in towns), default=0)
    if reach < start.end or any(_goes_on(r, folded, reach) for r in named):
        return []
    whole = [_whole(r) for r in named if r.municipality and r.start.named and not r.start.weak]
    return _one_per_municipality([*whole, *towns])


def _whole(reading: AddressReading) -> AddressReading:
    """The reading of a former name without the town that only the house number looks like (泉町1-1 is no 一番町)."""
    old = reading.start.named and reading.start.named.old
    return reading._replace(found=None, end=reading.placed) if old else reading


def _goes_on(reading: AddressReading, folded: FoldedText, reach: int) -> bool:
    """Whether a town of the named municipality follows, in words and not in the digits of a house number."""
    found = reading.found
    return bool(found and found.end > reach and not folded.typed_digit(found.start))


def _by_town(table: AddressTable, folded: FoldedText, start: PlacePrefix) -> list[AddressReading]:
    """Readings without a municipality: each one that has a town of this name, in the prefecture if there is one.

    栄1-1 is 栄 or 栄一, whatever the number was written for.
    """
    key, at = folded.key, start.end
    several: list[AddressReading] = []
    for end in range(min(at + _LONGEST_TOWN, len(key)), at, -1):
        if several and not folded.typed_digit(end):
            break
        codes = table.by_town.get(key[at:end]) or table.by_town.get(with_street(key[at:end]))
        if codes and _is_town_end(folded, at, end):
            places = [table.municipalities[code] for code in codes.split()]
            there = tuple(m.code for m in places if start.prefecture in ("", m.prefecture))
            several += [r for r in _of_codes(table, folded, there, start) if r.found and r not in several]
    return _one_per_municipality(several)


def _is_town_end(folded: FoldedText, at: int, end: int) -> bool:
    """Whether a town's name may end here. A single kanji is a town's only before digits (中1-1)."""
    if end == at + 1 and not (end < len(folded.key) and folded.typed_digit(end)):
        return False
    numbered = _NOT_A_TOWN.fullmatch(folded.key, at, end)
    spoken = folded.key[end - 1] == "町" and not folded.typed_digit(at)  # 一番町1-1
    return folded.splits(end) and ends_cleanly(folded, end) and (spoken or not numbered)
