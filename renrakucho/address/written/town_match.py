"""Town match: find the town at a position of a folded text."""

import re
from typing import NamedTuple

from renrakucho.address.written.folding import FoldedText
from renrakucho.address.written.numerals import KANJI
from renrakucho.address.written.town_list import LEFT_OUT, OLD_TOWN, ListedTown, TownList, is_kanji

_BRANCHES = "イロハニホヘトチリ甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥東西南北"
_HOUSE = re.compile(
    rf"$|[{KANJI}]+(?:丁目|丁|番|号|地|線|区|条|-|ノ|$)|[0-9(（]|番外地|無番|番地|第[{KANJI}]|-[{KANJI}0-9]"
    rf"|[{_BRANCHES}A-Z][-ノ]?[{KANJI}0-9]"
)
_UNITS = ("条", "番町", "番丁", "丁目", "丁", "線", "号", "区")
_CUT = re.compile("丁目|番(?!外地)|号|条|線|丁")
_GRID = re.compile(f"([東西南北][{KANJI}]+)([東西南北])")
_GRID_HOUSE = re.compile(f"[{KANJI}]")
_TOWN_ALONE = re.compile("[^0-9-]{2,8}?町")
_LOOSE = frozenset(LEFT_OUT)
OLD_TIER = 3
_LOOSE_PAIRS = {"通リ", "番丁"}


class TownMatch(NamedTuple):
    """A town, and where in the key it starts and ends; `clean`: a house number follows, or nothing.

    tier 0: as in the list; 1: with a loosened key; 2: with a kanji for the list's kana; 3: a former town, of which the
    list has only parts, or which it has behind another name.
    """

    town: ListedTown
    start: int
    end: int
    tier: int
    clean: bool


def town_at(towns: TownList, folded: FoldedText, start: int) -> TownMatch | None:
    """Return the longest town that begins here, preferably one that a house number follows."""
    found = _exact(towns, folded, start)
    if found and found.clean:
        return found
    for otherwise in (_numbered, _gridded, _loose, _masked):
        other = otherwise(towns, folded, start)
        if other and (found is None or (other.clean and other.end > found.end)):
            return other
    return found or _old_town(towns, folded, start) or _behind_another(towns, folded, start)


def ends_cleanly(folded: FoldedText, end: int) -> bool:
    """Whether a house number, a gap in the typed text, or nothing follows."""
    key = folded.key
    if end >= len(key) or folded.gap(end):
        return end >= len(key) or not _CUT.match(key, end)
    if folded.typed_digit(end):
        return True
    return bool(_HOUSE.match(key, end)) and not key.startswith("番地", end)


def _exact(towns: TownList, folded: FoldedText, start: int) -> TownMatch | None:
    key, exact = folded.key, towns.exact
    first: TownMatch | None = None
    for end in range(min(start + towns.longest, len(key)), start, -1):
        listed = exact.get(key[start:end])
        if listed is None or not folded.splits(end):
            continue
        if ends_cleanly(folded, end):
            return TownMatch(ListedTown.of(listed), start, end, 0, True)
        if first is None and not _CUT.match(key, end):
            first = TownMatch(ListedTown.of(listed), start, end, 0, False)
    return first


def _loose(towns: TownList, folded: FoldedText, start: int) -> TownMatch | None:
    key = folded.key
    places = [
        at for at in range(start, min(start + towns.longest + 4, len(key))) if at == start or not _left_out(key, at)
    ]
    said = "".join(key[at] for at in places)
    for size in range(len(said), 1, -1):
        listed = towns.loose.get(said[:size]) or towns.exact.get(said[:size])
        if listed is None:
            continue
        end = places[size - 1] + 1
        while end < len(key) and key[end] not in "ノ-" and _left_out(key, end):
            end += 1
        if folded.splits(end) and ends_cleanly(folded, end):
            return TownMatch(ListedTown.of(listed), start, end, 1, True)
    return None


def _left_out(key: str, at: int) -> bool:
    """Whether loosened_key leaves this character out."""
    return key[at] in _LOOSE or (at > 0 and key[at - 1 : at + 1] in _LOOSE_PAIRS)


def _masked(towns: TownList, folded: FoldedText, start: int) -> TownMatch | None:
    key = folded.key
    for before, after, listed in towns.masked:
        at = start + len(before) + 1
        end = at + len(after)
        if end > len(key) or not key.startswith(before, start) or not key.startswith(after, at):
            continue
        clean = ends_cleanly(folded, end)
        # With nothing behind the kana, any kanji would do: 別 of 阿寒町雄別 goes on, and 深川町123 is a number.
        if is_kanji(key[at - 1]) and key[at - 1] not in KANJI and (after or clean):
            return TownMatch(ListedTown.of(listed), start, end, 2, clean)
    return None


def _numbered(towns: TownList, folded: FoldedText, start: int) -> TownMatch | None:
    """A numbered town, written without its unit: 二十四軒2-2-3 is 二十四軒二条, 12-45 is 十二番丁."""
    dash = folded.key.find("-", start, start + 16)
    if dash > start and folded.typed_digit(dash - 1):
        for unit in _UNITS:
            listed = towns.exact.get(folded.key[start:dash] + unit)
            if listed is not None:
                return TownMatch(ListedTown.of(listed), start, dash + 1, 1, True)
    return None


def _gridded(towns: TownList, folded: FoldedText, start: int) -> TownMatch | None:
    """A town of a street grid, written without its 条: 北24西6-1 is 北二十四条西6丁目1."""
    said = _GRID.match(folded.key, start)
    end = said.end() if said and _GRID_HOUSE.match(folded.key, said.end()) else start
    listed = towns.exact.get(with_street(folded.key[start:end]))
    return TownMatch(ListedTown.of(listed), start, end, 1, True) if listed else None


def with_street(key: str) -> str:
    """Return 北二十四条西 for 北二十四西; any other key as it is."""
    said = _GRID.fullmatch(key)
    return f"{said[1]}条{said[2]}" if said else key


def _old_town(towns: TownList, folded: FoldedText, start: int) -> TownMatch | None:
    """A former town before a 小字 that is not listed: 山川町 of 山川町宗田, where 山川町青木 and others are listed."""
    said = OLD_TOWN.match(folded.key, start)
    name = towns.old_towns.get(said[0]) if said else None
    return TownMatch(ListedTown(name, 0), start, said.end(), OLD_TIER, False) if said and name else None


def _behind_another(towns: TownList, folded: FoldedText, start: int) -> TownMatch | None:
    """A town that was given a name before its own: 三栄町 is 四谷三栄町, 三崎町 is 神田三崎町."""
    said = _TOWN_ALONE.match(folded.key, start)
    if said is None or not ends_cleanly(folded, said.end()):
        return None
    keys = [key for key in towns.exact if key.endswith(said[0])]
    before = keys[0].removesuffix(said[0]) if len(keys) == 1 else ""
    shared = before and sum(key.startswith(before) for key in towns.exact) > 1
    return TownMatch(ListedTown.of(towns.exact[keys[0]]), start, said.end(), OLD_TIER, False) if shared else None
