"""Building and room: split them by structure, for there is no list of buildings."""

import re

MOST = 40  # characters a room is looked for in
_UNIT = r"(?:号室|号|室)"
_FLOOR = r"(?:(?:地下|地上|B)?[0-9]{1,3}(?:\s*[・,/-]\s*[0-9]{1,3})*\s*(?:階|F(?![A-Za-z]))\s*[-,・/]?\s*)"
_ROOM = re.compile(
    rf"(?P<floors>{_FLOOR}*)(?P<room>(?:[A-Za-z]{{1,2}}-?)?[0-9]{{1,5}}(?:-(?:[0-9]{{1,4}}|[A-Za-z]))?[A-Za-z]?\s*{_UNIT}?)?"
    r"\s*(?P<close>\)?)$"
)
_STARTS = re.compile(r"(?<![0-9A-Za-z])(?=[0-9A-Za-z地B])|(?<=[A-Za-z])(?=[0-9])|(?<=F)(?=[0-9])")
_OWN = re.compile("(?:[0-9]{1,2}|[A-Za-z])-(?=[0-9]{2,})")
_APART = " -,・#"
_SURE = re.compile(rf"[0-9]{{3,}}[A-Za-z]?$|{_UNIT}$|階$|F$|^[A-Za-z]?-?[0-9]{{3,}}|^[0-9]+-[0-9]+$")


def room_at(narrowed: str) -> int:
    """Return where the room begins in the text behind the house number; the text's length where there is none."""
    end = len(narrowed.rstrip())
    if "私書箱" in narrowed:
        return len(narrowed)
    tail = max(0, end - MOST)
    for start in _STARTS.finditer(narrowed, tail, end):
        at = start.start()
        found = _ROOM.match(narrowed, at, end)
        if found and found.end() > at and _is_room(narrowed, at, found):
            return at + _own_number(narrowed, at)
    return len(narrowed)


def _own_number(text: str, at: int) -> int:
    """The length of a building's own number or letter before the room: of レジデンス4-201 and ハイツA-101."""
    own = _OWN.match(text, at) if at and text[at - 1] not in _APART else None
    return own.end() - at if own else 0


def _is_room(text: str, at: int, found: re.Match[str]) -> bool:
    """Whether the match is a room. A bare number of one or two digits needs a space before it: not ハイツ2."""
    if not (found["floors"] or found["room"]):
        return False
    before = text[:at]
    apart = not before.strip() or before[-1] in _APART
    said = found[0].rstrip(" )")
    return apart or bool(_SURE.search(said))
