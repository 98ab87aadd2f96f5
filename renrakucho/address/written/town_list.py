"""Town list: the towns of one municipality, by the keys of their spellings."""

import re
from functools import cached_property
from typing import NamedTuple

from renrakucho.address.written.numerals import KANJI

_KANA_RUN = re.compile("[ァ-ヺ]+")
MOST_CHOME = 49  # where the number is not known; 帯広市西十九条南 has 42丁目
LEFT_OUT = "ケノツ-区町"
_LOOSE = str.maketrans("", "", LEFT_OUT)
_LONGEST_READING = 4  # kana of one kanji
_INNER = re.compile("^.+?[町村区](?=..)")
OLD_TOWN = re.compile("[^町村区0-9-]+[町村区](?=..)")


class ListedTown(NamedTuple):
    """A town of the list, and its highest 丁目: 0 where it has none."""

    name: str
    most_chome: int

    @classmethod
    def of(cls, listed: str) -> "ListedTown":
        """Read an entry of TownList: the name, + where it has 丁目, and the highest of them where that is known."""
        name, divided, most = listed.partition("+")
        return cls(name, int(most or MOST_CHOME) if divided else 0)


class TownList:
    """The towns of one municipality by key: exact, loosened, and with kana where the list avoids a kanji.

    Towns are kept as texts (see ListedTown.of): objects for all of Japan would need too much memory.
    """

    def __init__(self, entries: list[str]) -> None:
        """Read the table's entries: a text for ListedTown.of, then = and the key where that differs from the name."""
        self.exact: dict[str, str] = {}
        self.twins: dict[str, list[str]] = {}
        for entry in entries:
            listed, _, key = entry.partition("=")
            key = key or listed.partition("+")[0]
            if key in self.exact:
                self.twins.setdefault(key, [self.exact[key]]).append(listed)
            else:
                self.exact[key] = listed
        self.longest = max(map(len, self.exact), default=0)

    @cached_property
    def loose(self) -> dict[str, str]:
        """Towns by loosened key (豊川 for 豊川町), also without the name of a former town before them."""
        found: dict[str, str] = {}
        shared: set[str] = set()
        for key, listed in self.exact.items():
            for other in {loosened_key(key), _without_old_town(key), _without_street(key)}:
                if found.get(other, listed) != listed:
                    shared.add(other)
                elif len(other) > 1 and other not in self.exact:
                    found[other] = listed
        return {key: listed for key, listed in found.items() if key not in shared}

    @cached_property
    def old_towns(self) -> dict[str, str]:
        """Names that several towns begin with, by key: they were towns before a merger."""
        begins: dict[str, list[str]] = {}
        for key, listed in self.exact.items():
            old, name = OLD_TOWN.match(key), OLD_TOWN.match(listed)
            if old and name:
                begins.setdefault(old[0], []).append(name[0])
        return {key: names[0] for key, names in begins.items() if len(names) > 1 and key not in self.exact}

    @cached_property
    def masked(self) -> list[tuple[str, str, str]]:
        """The text before and behind the kana of a town whose list entry has kana for a kanji (くじ野川 for 鬮野川)."""
        found: list[tuple[str, str, str]] = []
        for key, listed in self.exact.items():
            runs = list(_KANA_RUN.finditer(key))
            if len(runs) == 1 and 1 < len(runs[0][0]) <= min(_LONGEST_READING, len(key) - 2):
                found.append((key[: runs[0].start()], key[runs[0].end() :], listed))
        return found


def is_kanji(character: str) -> bool:
    """Whether the character is in the common kanji range."""
    return "\u4e00" <= character <= "\u9fff"


def loosened_key(key: str) -> str:
    """Return the key without optional characters: ケ, ノ, ツ, long vowels, 町, a former ward's 区, り of 通り."""
    return key[:1] + key[1:].translate(_LOOSE).replace("通リ", "通").replace("番丁", "番")


def _without_old_town(key: str) -> str:
    """東高木 for 高木瀬町東高木."""
    inner = _INNER.match(key)
    if inner is None or key[inner.end()] in KANJI:
        return ""  # 四条 alone is not 川端町四条
    return loosened_key(key[inner.end() :])


def _without_street(key: str) -> str:
    """四条 for 四条通."""
    return key[:-1] if key.endswith("条通") else ""
