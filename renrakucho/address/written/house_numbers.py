"""House numbers: 2番3号, 12番地の4, 1-2-3, 甲123, 番外地."""

import re
from typing import NamedTuple

from renrakucho.address.written.folding import NO
from renrakucho.address.written.numerals import KANJI, kanji_to_digits

NUMBER = rf"(?:[0-9]++|[{KANJI}]++)"
_BRANCH = (
    "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥いろはにほへとちりぬるを"
    "イロハニホヘトチリヌルヲワカヨタレソ東西南北元新続外"
)
# Behind a number that is no house's: a room, a floor, a wing, the name of a street or plot.
_OTHER = (
    r"\s*(?:号[室棟館車線]|室|[階棟期F](?![A-Za-z])|番[館町街丁]|丁目)|"
    r"地割|線|条|区(?![民役])|組|割|部|の?通|支線|軒"
)
_ITEM = re.compile(
    rf"(?P<branch>(?:[{_BRANCH}]{{1,2}}|[A-Za-z])\s*[-{NO}]?)?"
    rf"(?P<number>[0-9]++|[{KANJI}]++(?=\s*(?:[-{NO}番号,(]|地|丁|\s|$|[A-Z]-?[0-9])))"
    rf"(?!{_OTHER})(?P<letter>[A-Za-z](?![A-Za-z0-9]|\s*[棟館])|(?:[・,][0-9]+(?![0-9階F]))+)?"
)
_BRANCH_ALONE = re.compile(rf"(?P<branch>[{_BRANCH}A-Z])(?=[\s,(号]|$)")
_UNIT = re.compile(r"\s*(番地|番号|番|号地|号|街区|画地)")
_GAP = re.compile(rf"\s*[-{NO}]\s*|(?<=[番地号区])(?=\S)|(?<=[番地号区])\s+(?={NUMBER}\s*(?:号(?![室棟館])|番))")
_NONE = re.compile(rf"(?:{NUMBER})?(?:番外地|無番地|番地なし|番地無し)|無番")
_BEYOND = re.compile(r"\s*(?:地先|先)")


class HouseNumber(NamedTuple):
    """One number with its branch letter and unit; start and end are positions in the text."""

    said: str
    unit: str
    plain: bool
    start: int
    end: int


def read_house_numbers(narrowed: str, at: int) -> list[HouseNumber]:
    """Return the house numbers that begin at this position of a narrowed text; [] for none."""
    items: list[HouseNumber] = []
    while len(items) < 6:
        item = _item(narrowed, at, first=not items)
        if item is None:
            break
        items.append(item)
        gap = _GAP.match(narrowed, item.end)
        if gap is None or item.said.endswith("番外地"):
            break
        at = gap.end()
    return _with_beyond(narrowed, items)


def _item(text: str, at: int, *, first: bool) -> HouseNumber | None:
    none = _NONE.match(text, at)
    if none and first:
        return HouseNumber(none[0], "", False, at, none.end())
    found = _ITEM.match(text, at)
    if found:
        number = kanji_to_digits(found["number"])
        if not number or len(number) > 6:
            return None
        branch = _branch(found["branch"] or "")
        said = branch + number + (found["letter"] or "").upper()
        unit = _UNIT.match(text, found.end())
        if unit and re.match(r"[室棟館車線町街]", text[unit.end() : unit.end() + 1] or " "):
            unit = None
        end = unit.end() if unit else found.end()
        return HouseNumber(said, unit[1] if unit else "", found["number"] == said or said == number, at, end)
    alone = None if first else _BRANCH_ALONE.match(text, at)
    return HouseNumber(alone["branch"], "", False, at, alone.end()) if alone else None


def _branch(typed: str) -> str:
    """The branch letter as it is said: ロ of ロ205 and ロの205, with its hyphen of ロ-205."""
    bare = typed.strip(" -" + NO).upper()
    return f"{bare}-" if bare and typed.endswith("-") else bare


def _with_beyond(text: str, items: list[HouseNumber]) -> list[HouseNumber]:
    """地先 and 先 belong to the last number."""
    if not items:
        return items
    last = items[-1]
    beyond = _BEYOND.match(text, last.end)
    if beyond is None:
        return items
    said = last.said + beyond[0].strip()
    return [*items[:-1], HouseNumber(said, last.unit, False, last.start, beyond.end())]
