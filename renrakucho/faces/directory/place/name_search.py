"""Towns and municipalities by a part of their name: in kanji, kana or romaji, as it is being typed."""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, chain

import jaconv

from renrakucho.address.edition_cache import EditionCache
from renrakucho.address.place import MunicipalityAt, TownAt
from renrakucho.address.place_lookup import town_in, towns_in
from renrakucho.address.place_tables import place_tables
from renrakucho.faces.directory.place.place_query import whole_municipality
from renrakucho.lib.kana import is_kana, to_katakana

LONGEST = 40  # characters of a name that is asked for

# おう, おお and おー sound alike, and romaji says them in three ways; so do うう and うー, ヂ and ジ, ヅ and ズ.
_LONG = re.compile("(?<=[オコソトノホモヨロゴゾドボポョォ])[ウオー]+|(?<=[ウクスツヌフムユルグズブプュゥ])[ウー]+|ー")
_SAME_SOUND = {ord(one): other for one, other in re.findall("(.)(.)", "ヂジヅズヲオヶケヵカ")}
_SAME_FORM = {ord(one): other for one, other in re.findall("(.)(.)", "ヶケヵカ")}  # 茅ヶ崎 is written both ways
_ROMAJI = re.compile(r"[a-z'’ -]+")
_COUNTY = re.compile(r"^.+?郡")
_KANA_OF_COUNTY = re.compile("^.+?グン(?=.+)")
_KIND = re.compile("(?:シ|ク|チョウ|マチ|ムラ|ソン)$")  # 市, 区, 町, 村
_CITY = re.compile(r"^.+?市(?=.+区$)")  # before a ward


class NameIndex:
    """All names of an edition as two long texts with a line for each town: a search is one pass over a text."""

    def __init__(self) -> None:
        self._codes = [one.code for one in _municipalities()]
        cities = {one.name: one.kana for one in place_tables().municipalities.values() if one.has_wards}
        self._municipalities = [(one, _calls(one), _spoken(one.kana)) for one in _municipalities()]
        self._short = [(_short_calls(one), _short_heard(one, cities)) for one in _municipalities()]
        self._firsts = array("I", [0])
        written: list[str] = []
        spoken: list[str] = []
        for code in self._codes:
            towns = towns_in(code)
            written += (_written(town.town) for town in towns)
            spoken += (_spoken(town.kana) for town in towns)
            self._firsts.append(len(written))
        self._written, self._spoken = _Lines(written), _Lines(spoken)

    def find(self, text: str, limit: int) -> list[TownAt]:
        """Places whose name begins with the text, then those that hold it; municipalities first.

        A municipality may stand before the town («多摩市 愛宕», «たま あたご», "tama-shi atago").
        """
        asked = unicodedata.normalize("NFKC", text[:LONGEST]).lower().strip()
        said = _from_romaji(asked) if _ROMAJI.fullmatch(_plain_letters(asked)) else asked
        by_ear = is_kana(said)
        key = _spoken(said) if by_ear else _written(said)
        if not key:
            return []
        found = {one.town_id: one for one in map(whole_municipality, self._beginning(key, by_ear=by_ear)[:limit])}
        for number in self._towns(key, by_ear=by_ear):
            if len(found) >= limit:
                break
            town = self._town(number)
            if town:
                found.setdefault(town.town_id, town)
        return list(found.values())

    def _beginning(self, key: str, *, by_ear: bool) -> list[MunicipalityAt]:
        """Municipalities whose name begins so, the one that is nearest to it first."""
        begun = []
        for at, (one, calls, kana) in enumerate(self._municipalities):
            called = (kana, *self._short[at][1]) if by_ear else calls
            lengths = [len(call) for call in called if call.startswith(key)]
            if lengths:
                begun.append((min(lengths), len(one.name), one.code, one))
            elif not by_ear and key.startswith(one.prefecture) and _written(one.prefecture + one.name).startswith(key):
                begun.append((len(one.name), len(one.name), one.code, one))
        return [one for *_, one in sorted(begun, key=lambda each: each[:3])]

    def _towns(self, key: str, *, by_ear: bool) -> Iterator[int]:
        """Numbers of towns, the likeliest first; one may come again."""
        lines = self._spoken if by_ear else self._written
        for at, (one, calls, kana) in enumerate(self._municipalities):
            rest = key.removeprefix(one.prefecture)
            for call in (kana,) if by_ear else calls:
                if rest.startswith(call):
                    yield from lines.beginning(rest[len(call) :], range(self._firsts[at], self._firsts[at + 1]))
        yield from lines.equal(key)
        for at, (written, heard) in enumerate(self._short):
            for call in heard if by_ear else written:
                if key.startswith(call) and len(key) > len(call):
                    yield from lines.beginning(key[len(call) :], range(self._firsts[at], self._firsts[at + 1]))
        yield from chain(lines.beginning(key), lines.holding(key))

    def _town(self, number: int) -> TownAt | None:
        """The town of a line; None in the seconds in which the atlas is of a newer edition already."""
        at = bisect_right(self._firsts, number) - 1
        return town_in(self._codes[at], number - self._firsts[at])


class _Lines:
    """Many short texts behind one another."""

    def __init__(self, lines: list[str]) -> None:
        self._text = "\n".join(["", *lines, ""])
        self._starts = array("I", accumulate((len(line) + 1 for line in lines), initial=0))

    def equal(self, key: str) -> Iterator[int]:
        return self._numbers(f"\n{key}\n", 0, len(self._text))

    def beginning(self, key: str, within: range | None = None) -> Iterator[int]:
        start, end = (self._starts[within.start], self._starts[within.stop]) if within else (0, len(self._text))
        return self._numbers(f"\n{key}", start, end)

    def holding(self, key: str) -> Iterator[int]:
        return self._numbers(key, 0, len(self._text))

    def _numbers(self, pattern: str, start: int, end: int) -> Iterator[int]:
        at = self._text.find(pattern, start, end)
        while at >= 0:
            yield bisect_right(self._starts, at) - 1
            at = self._text.find(pattern, at + 1, end)


names = EditionCache(NameIndex)


def prefecture_choices() -> dict[str, str]:
    """Two digits of JIS X 0401 and the prefecture's name, north to south."""
    return {one.code[:2]: one.prefecture for one in _municipalities()}


def _municipalities() -> list[MunicipalityAt]:
    """Those that addresses are written with, by code."""
    return [one for one in place_tables().municipalities.values() if not one.has_wards]


def _calls(one: MunicipalityAt) -> tuple[str, ...]:
    """What a municipality is called: with its county or city, and without."""
    short = _COUNTY.sub("", one.name)
    ward = _CITY.sub("", one.name)
    return tuple(dict.fromkeys(map(_written, (one.name, short, ward))))


def _short_calls(one: MunicipalityAt) -> tuple[str, ...]:
    """多摩 for 多摩市, 港北 for 横浜市港北区: what people say before a town."""
    return tuple(call[:-1] for call in _calls(one) if len(call) > 2)


def _short_heard(one: MunicipalityAt, cities: dict[str, str]) -> tuple[str, ...]:
    """The same in kana: タマ, and コウホク of ヨコハマシコウホクク."""
    city = _CITY.match(one.name)
    kana = one.kana.removeprefix(cities.get(city[0], "")) if city else one.kana
    kana = _KANA_OF_COUNTY.sub("", kana) if _COUNTY.match(one.name) else kana
    short = _spoken(_KIND.sub("", kana))
    return tuple(dict.fromkeys(heard for heard in (_spoken(kana), short) if len(heard) > 1))


def _written(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).translate(_SAME_FORM)


def _spoken(kana: str) -> str:
    return _LONG.sub("", "".join(to_katakana(kana).split()).translate(_SAME_SOUND))


def _plain_letters(text: str) -> str:
    """ō as o."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _from_romaji(text: str) -> str:
    """Kana of what is typed so far: the consonant of a syllable to come is left out."""
    letters = re.sub(r"[^a-z]", "", _plain_letters(text))
    begun = re.search(r"[^aeioun]+$|(?<=n)y$", letters)
    return str(jaconv.alphabet2kana(letters[: begun.start()] if begun else letters))
