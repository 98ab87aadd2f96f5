"""Addresses in 京都市: the street and the direction from its corner (寺町通御池上る) stand before the town."""

import re

from renrakucho.address.written.folding import FoldedText
from renrakucho.address.written.numerals import KANJI
from renrakucho.address.written.town_list import TownList
from renrakucho.address.written.town_match import TownMatch, town_at

_TURN = re.compile(
    rf"(?P<turn>[上下]ケ?ル|[東西南北]ヘ?入(?:ル|リ)?|[東西][南北]角|[南北][東西]角|[上下](?=[{KANJI}]+丁目))"
    rf"(?:[{KANJI}]+丁目)?(?:[東西南北]側(?!町))?"
)
MOST_BETWEEN = 12  # characters between a street and the town: 石薬師下る西側
_STREET = re.compile("通|筋|小路|大路|辻子|図子|町通")


def is_kyoto(code: str) -> bool:
    """Whether the code is of a ward of 京都市 (JIS 261xx)."""
    return code.startswith("261")


def town_after_street(towns: TownList, folded: FoldedText, start: int) -> TownMatch | None:
    """Return the town behind a street and a direction; None where there is none."""
    turns = list(_TURN.finditer(folded.key, start))
    for turn in reversed(turns):
        for at in (turn.end(), turn.end("turn")):
            found = town_at(towns, folded, at)
            if found and not (found.tier and folded.typed_digit(found.start)):
                return found
    behind = turns[-1] if turns else _STREET.search(folded.key, start)
    for at in range(behind.end(), min(behind.end() + MOST_BETWEEN, len(folded.key))) if behind else ():
        found = town_at(towns, folded, at) if folded.splits(at) else None
        if found and found.clean and found.tier == 0:
            return found
    return None


def street_end(folded: FoldedText, start: int) -> int:
    """Return where the street and its direction end; `start` where there are none."""
    turns = list(_TURN.finditer(folded.key, start))
    return turns[-1].end() if turns else start


def is_before_street(found: TownMatch, folded: FoldedText) -> bool:
    """Whether the town stands before its street (役人町中立売通堀川西入), and is not the beginning of a street."""
    return found.tier == 0 and found.town.name.endswith("町") and bool(_STREET.search(folded.key, found.end))
