"""Name search (autocomplete): towns and municipalities by a part of their name, in kanji, kana or romaji."""

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
from renrakucho.address.place_query import whole_municipality
from renrakucho.address.place_tables import place_tables
from renrakucho.lib.kana import is_kana, to_katakana
from renrakucho.lib.typed_text import clean_query

LONGEST_NAME = 40  # characters of a query; what follows is ignored

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
    """Index of two long texts, names as written and as spoken, with a line for each town: a search scans one text."""

    def __init__(self) -> None:
        self._codes = [one.code for one in _municipalities()]
        cities = {one.name: one.kana for one in place_tables().municipalities.values() if one.has_wards}
        self._municipalities = [(one, _written_names(one), _spoken_key(one.kana)) for one in _municipalities()]
        self._short = [(_short_names(one), _short_readings(one, cities)) for one in _municipalities()]
        self._firsts = array("I", [0])
        written: list[str] = []
        spoken: list[str] = []
        for code in self._codes:
            towns = towns_in(code)
            written += (_written_key(town.town) for town in towns)
            spoken += (_spoken_key(town.kana) for town in towns)
            self._firsts.append(len(written))
        self._written, self._spoken = _Lines(written), _Lines(spoken)

    def find(self, text: str, limit: int) -> list[TownAt]:
        """Return places whose name begins with the text, then those that contain it; municipalities first.

        A municipality may stand before the town («多摩市 愛宕», «たま あたご», "tama-shi atago").
        """
        typed = unicodedata.normalize("NFKC", clean_query(text)[:LONGEST_NAME]).lower().strip()
        name = _from_romaji(typed) if _ROMAJI.fullmatch(_plain_letters(typed)) else typed
        is_spoken = is_kana(name)
        key = _spoken_key(name) if is_spoken else _written_key(name)
        if not key:
            return []
        begun = self._municipalities_starting(key, is_spoken=is_spoken)[:limit]
        found = {place.town_id: place for place in map(whole_municipality, begun)}
        for number in self._towns(key, is_spoken=is_spoken):
            if len(found) >= limit:
                break
            town = self._town(number)
            if town:
                found.setdefault(town.town_id, town)
        return list(found.values())

    def _municipalities_starting(self, key: str, *, is_spoken: bool) -> list[MunicipalityAt]:
        """Municipalities whose name begins with the key, the shortest name first."""
        begun = []
        for at, (one, names, kana) in enumerate(self._municipalities):
            spellings = (kana, *self._short[at][1]) if is_spoken else names
            lengths = [len(spelling) for spelling in spellings if spelling.startswith(key)]
            if lengths:
                begun.append((min(lengths), len(one.name), one.code, one))
            elif (
                not is_spoken
                and key.startswith(one.prefecture)
                and _written_key(one.prefecture + one.name).startswith(key)
            ):
                begun.append((len(one.name), len(one.name), one.code, one))
        return [one for *_, one in sorted(begun, key=lambda each: each[:3])]

    def _towns(self, key: str, *, is_spoken: bool) -> Iterator[int]:
        """Numbers of towns, the likeliest first. A number may be yielded twice."""
        lines = self._spoken if is_spoken else self._written
        for at, (one, names, kana) in enumerate(self._municipalities):
            rest = key.removeprefix(one.prefecture)
            for name in (kana,) if is_spoken else names:
                if rest.startswith(name):
                    yield from lines.starting_with(rest[len(name) :], self._numbers_in(at))
        yield from lines.equal_to(key)
        for at, (short_names, readings) in enumerate(self._short):
            for name in readings if is_spoken else short_names:
                if key.startswith(name) and len(key) > len(name):
                    yield from lines.starting_with(key[len(name) :], self._numbers_in(at))
        yield from chain(lines.starting_with(key), lines.containing(key))

    def _numbers_in(self, municipality: int) -> range:
        return range(self._firsts[municipality], self._firsts[municipality + 1])

    def _town(self, number: int) -> TownAt | None:
        """The town of a line; None in the seconds in which the place tables are newer than this index."""
        at = bisect_right(self._firsts, number) - 1
        return town_in(self._codes[at], number - self._firsts[at])


class _Lines:
    """Many short texts in one, for fast search."""

    def __init__(self, lines: list[str]) -> None:
        self._text = "\n".join(["", *lines, ""])
        self._starts = array("I", accumulate((len(line) + 1 for line in lines), initial=0))

    def equal_to(self, key: str) -> Iterator[int]:
        return self._numbers(f"\n{key}\n", 0, len(self._text))

    def starting_with(self, key: str, within: range | None = None) -> Iterator[int]:
        start, end = (self._starts[within.start], self._starts[within.stop]) if within else (0, len(self._text))
        return self._numbers(f"\n{key}", start, end)

    def containing(self, key: str) -> Iterator[int]:
        return self._numbers(key, 0, len(self._text))

    def _numbers(self, pattern: str, start: int, end: int) -> Iterator[int]:
        at = self._text.find(pattern, start, end)
        while at >= 0:
            yield bisect_right(self._starts, at) - 1
            at = self._text.find(pattern, at + 1, end)


name_index = EditionCache(NameIndex)


def prefecture_choices() -> dict[str, str]:
    """Return the prefectures from north to south: two digits of JIS X 0401 → name."""
    return {one.code[:2]: one.prefecture for one in _municipalities()}


def _municipalities() -> list[MunicipalityAt]:
    """The municipalities that addresses are written with, in order of their codes."""
    return [one for one in place_tables().municipalities.values() if not one.has_wards]


def _written_names(one: MunicipalityAt) -> tuple[str, ...]:
    """The names of a municipality: with its county or city, and without."""
    short = _COUNTY.sub("", one.name)
    ward = _CITY.sub("", one.name)
    return tuple(dict.fromkeys(map(_written_key, (one.name, short, ward))))


def _short_names(one: MunicipalityAt) -> tuple[str, ...]:
    """多摩 for 多摩市, 港北 for 横浜市港北区: what people say before a town."""
    return tuple(name[:-1] for name in _written_names(one) if len(name) > 2)


def _short_readings(one: MunicipalityAt, cities: dict[str, str]) -> tuple[str, ...]:
    """The readings of short names: タマ, and コウホク of ヨコハマシコウホクク."""
    city = _CITY.match(one.name)
    kana = one.kana.removeprefix(cities.get(city[0], "")) if city else one.kana
    kana = _KANA_OF_COUNTY.sub("", kana) if _COUNTY.match(one.name) else kana
    short = _spoken_key(_KIND.sub("", kana))
    return tuple(dict.fromkeys(reading for reading in (_spoken_key(kana), short) if len(reading) > 1))


def _written_key(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).translate(_SAME_FORM)


def _spoken_key(kana: str) -> str:
    return _LONG.sub("", "".join(to_katakana(kana).split()).translate(_SAME_SOUND))


def _plain_letters(text: str) -> str:
    """The text without accents: ō as o."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _from_romaji(text: str) -> str:
    """The kana of romaji that is still being typed: a last consonant without its vowel is left out."""
    letters = re.sub(r"[^a-z]", "", _plain_letters(text))
    begun = re.search(r"[^aeioun]+$|(?<=n)y$", letters)
    return str(jaconv.alphabet2kana(letters[: begun.start()] if begun else letters))
