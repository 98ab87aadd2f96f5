"""Address block: split the text behind the town into 丁目, small area, house numbers, building and room."""

import re
from typing import NamedTuple

from renrakucho.address.written.building_room import room_at
from renrakucho.address.written.folding import NO, narrow_in_place
from renrakucho.address.written.house_numbers import NUMBER, HouseNumber, read_house_numbers
from renrakucho.address.written.numerals import kanji_to_digits
from renrakucho.address.written.town_list import MOST_CHOME
from renrakucho.address.written.written_address import TextPiece

_NEWER = 2  # 丁目 that may have been added to a town since they were counted
_SEPARATORS = f" -{NO},・/:"
_CHOME = re.compile(rf"[\s,]*({NUMBER})\s*(?:丁目|丁(?=\s*(?:[0-9(]|$|[-{NO}])))\s*[-{NO},]?")
_NUMBERS = re.compile(NUMBER)
_AREA = re.compile(r"\s*(?:線|条|区|地割|の?通|号線|組|割|部|軒|支線|番町|丁)")
_ZONE = re.compile(rf"\s*第?{NUMBER}(?:地割|線|区|組|割|部|班|町内)\s*")
_BUILT = re.compile(
    r"ビル|マンション|ハイツ|コーポ|アパート|タワー|荘|寮|会館|団地|社宅|様方|号棟|株式会社|有限会社|センター|"
    r"病院|学校|役所|役場|工場|郵便局|私書箱|店$|棟|[ァ-ヺ]{3}|[ァ-ヺ]-[ァ-ヺ]|[A-Za-z]{2}"
)
_SMALL = re.compile(r"\s*(?:大字|小字|字)")
_SIDES = "東西南北上下"  # 新堀南3173 lies in 新堀南, while 南6 behind a 丁目 is a branch
_AROUND = " \t\r\n\u3000,、，・･/／-‐－\"'"
_OPENING, _CLOSING = "(（「『【", ")）」』】"


class AddressBlock(NamedTuple):
    """The parts behind the town: chome, block and number in ASCII digits, others as typed; `pieces` are the text."""

    chome: str = ""
    koaza: str = ""
    block: str = ""
    number: str = ""
    building: str = ""
    room: str = ""
    rest: str = ""
    pieces: tuple[TextPiece, ...] = ()


def split_block(text: str, *, most_chome: int = MOST_CHOME) -> AddressBlock:
    """Split the text behind the town's name. `most_chome`: the highest number that can be a 丁目 in 1-2-3."""
    plain = narrow_in_place(text)
    found = _CHOME.match(plain)
    said = kanji_to_digits(found[1]) if found else ""
    at = found.end() if found and said else 0
    pieces = [TextPiece("chome", text[:at])] if at else []
    koaza_end, items = _house(plain, at)
    koaza = text[at:koaza_end].strip(" 　,、") if items else ""
    if koaza_end > at and items:
        pieces.append(TextPiece("koaza", text[at:koaza_end]))
        at = koaza_end
    if not items:
        return _without_house(AddressBlock(chome=said), text, at, pieces)
    part = _numbers(text, items, said, 0 if koaza else most_chome)
    for item, kind in zip(items, part.kinds, strict=True):
        pieces.append(TextPiece(kind, text[at : item.end]))
        at = item.end
    named = AddressBlock(chome=part.chome, koaza=koaza, block=part.block, number=part.number, room=part.room)
    return _with_building(named, text, plain, at, pieces)


class _Numbers(NamedTuple):
    chome: str
    block: str
    number: str
    room: str
    kinds: list[str]


def _house(plain: str, at: int) -> tuple[int, list[HouseNumber]]:
    """Where the house numbers begin, and the numbers; the text before is the name of a small area."""
    start = len(plain) - len(plain[at:].lstrip(_SEPARATORS))
    items = read_house_numbers(plain, start)
    if items:
        return start if plain[at:start].strip(_SEPARATORS) else at, items
    small = bool(_SMALL.match(plain, at))
    for number in _NUMBERS.finditer(plain, at, at + 40):
        before = plain[at : number.start()]
        if (_BUILT.search(before) and not small) or any(c in before for c in _OPENING):
            break
        if _AREA.match(plain, number.end()) or before.endswith("第"):
            continue
        for back in (1, 0):
            begin = number.start() - back
            items = read_house_numbers(plain, begin) if begin >= at else []
            if items and not (back and (items[0].plain or plain[begin] in _SIDES)):
                return begin, items
    return at, []


def _numbers(text: str, items: list[HouseNumber], chome: str, most_chome: int) -> _Numbers:
    """Decide which number is 丁目, block, house or room."""
    kinds: list[str] = []
    left = list(items)
    first = left[0]
    if most_chome and not chome and _is_chome(left, most_chome):
        chome = first.said
        kinds.append("chome")
        left = left[1:]
    block = number = room = ""
    if left and not (left[0].unit == "号" and len(left) == 1):
        block = left[0].said
        kinds.append("block")
        left = left[1:]
    if len(left) > 1 and _is_room(left[-1], left[-2]):
        room = _bare(text[left[-1].start : left[-1].end])
        left = left[:-1]
    number = "-".join(item.said for item in left)
    kinds += ["number"] * len(left) + (["room"] if room else [])
    return _Numbers(chome, block, number, room, kinds)


def _is_chome(items: list[HouseNumber], most: int) -> bool:
    """Whether the first number is a 丁目: of 三沢, which has five, in 三沢2-3, but not in 三沢1234 and 三沢48-9."""
    first = items[0]
    if not first.plain or first.unit:
        return False
    return int(first.said) <= (most + _NEWER if len(items) > 2 and not items[1].unit else most)


def _is_room(last: HouseNumber, before: HouseNumber) -> bool:
    """Whether the number after the house's is a room: it follows 号, or looks like one (405, 3A)."""
    if before.unit in {"番", "番地"}:
        return False
    if last.unit == "号":
        return len(last.said) >= 3
    return not last.unit and (before.unit == "号" or len(last.said) >= 3 or not last.plain)


def _with_building(named: AddressBlock, text: str, plain: str, at: int, pieces: list[TextPiece]) -> AddressBlock:
    """Add building and room, which follow the house number."""
    tail, narrowed = text[at:], plain[at:]
    split = room_at(narrowed) if not named.room or narrowed.strip(_SEPARATORS) else len(narrowed)
    building, room = _bare(tail[:split]), _bare(tail[split:])
    if named.room and room:
        building, room, split = _bare(tail), "", len(tail)
    pieces += [TextPiece(kind, typed) for kind, typed in (("building", tail[:split]), ("room", tail[split:])) if typed]
    return named._replace(building=building, room=named.room or room, pieces=tuple(pieces))


def _without_house(named: AddressBlock, text: str, at: int, pieces: list[TextPiece]) -> AddressBlock:
    """Split a text without a house number: a small area, a building, or an unknown rest."""
    tail = text[at:]
    if not _bare(tail):
        return named._replace(pieces=(*pieces, TextPiece("rest", tail)) if tail else tuple(pieces))
    plain = narrow_in_place(tail)
    if _SMALL.match(plain) or _ZONE.fullmatch(plain):
        return named._replace(koaza=_bare(tail), pieces=(*pieces, TextPiece("koaza", tail)))
    if _BUILT.search(plain) or room_at(plain) < len(plain):
        return _with_building(named, text, narrow_in_place(text), at, pieces)
    return named._replace(rest=_bare(tail), pieces=(*pieces, TextPiece("rest", tail)))


def _bare(typed: str) -> str:
    """The text without separators around it, and without brackets around the whole or without a partner."""
    said = typed.strip(_AROUND).lstrip("ー")
    if said and said[0] in _OPENING and not any(c in _CLOSING for c in said[1:-1]):
        said = said[1:]
    if said and said[-1] in _CLOSING and not any(c in _OPENING for c in said):
        said = said[:-1]
    return said.strip(_AROUND)
