"""Speed, memory and accuracy of the address parser, over every town of the table.

Every town of Japan is written in a way that people write it (seeded: the same addresses every time), parsed, and
compared. Run as `python -m benchmarks.address [--seed N] [--wrong N] [--hard]`; --hard writes every town once for each
way of `address_variants`, and says for each how many are right.
"""

import argparse
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import address_variants as variants
from renrakucho.address.written import folding
from renrakucho.address.written.address_table import AddressTable, TableMunicipality
from renrakucho.address.written.numerals import digits_to_kanji
from renrakucho.address.written.parse import parse_address
from renrakucho.address.written.table_cache import default_table
from renrakucho.address.written.town_list import ListedTown

_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
_HYPHENS = "-‐－ー−–"
_KE, _NO = "ヶケがヵ", "のノ之"
_BUILDINGS = ("メゾン青葉", "コーポ山田", "第2ハイツ緑", "サンライズ壱番館", "Villa Rosa", "県営住宅3号棟", "山田様方")
_ROOMS = ("", "101", "203号室", " B-405", " 12", "8階", "3F")


@dataclass(frozen=True)
class Case:
    """A written address, and how it should be parsed."""

    text: str
    code: str
    town: str
    chome: str
    building: str


def cases(table: AddressTable, seed: int) -> Iterator[Case]:
    """One address for every town."""
    rng = random.Random(seed)  # noqa: S311
    groups = _groups()
    for municipality in table.municipalities.values():
        for listed in municipality.towns.exact.values():
            yield _case(rng, groups, municipality, ListedTown.of(listed))


def _case(rng: random.Random, groups: dict[str, str], place: TableMunicipality, town: ListedTown) -> Case:
    chome = str(rng.randint(1, min(9, town.most_chome))) if town.most_chome else ""
    house = _house(rng, chome)
    building = rng.choice(_BUILDINGS) if rng.random() < 0.3 else ""
    gap = rng.choice(("", " ", "　")) if building else ""
    between = rng.choice(("", "", "", " ", "　"))
    name = _town(rng, groups, town.name)
    room = rng.choice(_ROOMS) if building else ""
    text = f"{_head(rng, place)}{between}{name}{between}{house}{gap}{building}{room}"
    return Case(text, place.code, town.name, chome, building)


def hard_cases(table: AddressTable, seed: int, kind: str) -> Iterator[Case]:
    """One address for every town, its name written in one of the ways of `address_variants`."""
    rng = random.Random(seed)  # noqa: S311
    for place in table.municipalities.values():
        for town in map(ListedTown.of, place.towns.exact.values()):
            chome = str(rng.randint(1, min(9, town.most_chome))) if town.most_chome else ""
            building = rng.choice(variants.BUILDINGS) if rng.random() < 0.3 else ""
            room = rng.choice((" ", "　")) + building + rng.choice(variants.ROOMS) if building else ""
            name = variants.CHANGES[kind](rng, town.name)
            between = rng.choice(variants.SPACES)
            before = variants.street(rng, place.code)
            text = f"{_head(rng, place)}{between}{before}{name}{between}{variants.house(rng, chome)}{room}"
            yield Case(text, place.code, town.name, chome, building)


def _head(rng: random.Random, place: TableMunicipality) -> str:
    """Prefecture and municipality, sometimes without the prefecture or the county."""
    name = place.name
    county = re.match(".+?郡(?=.+[町村]$)", name)
    if county and rng.random() < 0.4:
        name = name[county.end() :]
    return name if rng.random() < 0.3 else place.prefecture + rng.choice(("", "", " ")) + name


def _town(rng: random.Random, groups: dict[str, str], name: str) -> str:
    """The town's name with the freedom that people take."""
    text = rng.choice((name, "大字" + name, "字" + name)) if rng.random() < 0.2 else name
    if rng.random() < 0.4:
        text = "".join(rng.choice(_KE) if c in "ケヶ" else c for c in text)
        text = "".join(rng.choice(_NO) if c in "のノ" else c for c in text)
    if rng.random() < 0.3:
        text = "".join(rng.choice(groups[c]) if c in groups else c for c in text)
    if rng.random() < 0.1:
        text = "".join(c + "\U000e0100" if "一" <= c <= "龠" and rng.random() < 0.3 else c for c in text)
    if rng.random() < 0.3:
        text = re.sub("[０-９]+", lambda m: digits_to_kanji(str(int(m[0]))), text)
        text = re.sub("(?<=[北南東西])[一二三四五六七八九十]+(?=条)", _ascii, text)
    return text


def _ascii(found: re.Match[str]) -> str:
    from_kanji = {digits_to_kanji(str(n)): str(n) for n in range(1, 60)}
    return from_kanji.get(found[0], found[0])


def _house(rng: random.Random, chome: str) -> str:
    block, number = str(rng.randint(1, 40)), str(rng.randint(1, 30))
    hyphen = rng.choice(_HYPHENS)
    spoken = digits_to_kanji(chome) if rng.random() < 0.5 else chome
    if not chome:
        lot = str(rng.randint(50, 3000))
        return rng.choice((f"{lot}番地", f"{lot}{hyphen}{number}", f"{lot}番地の{number}", f"{lot}番地{number}"))
    text = rng.choice(
        (
            f"{spoken}丁目{block}番{number}号",
            f"{spoken}丁目{block}{hyphen}{number}",
            f"{chome}{hyphen}{block}{hyphen}{number}",
            f"{spoken}丁目{block}番地{number}",
        )
    )
    return text.translate(_WIDE) if rng.random() < 0.3 else text


def _groups() -> dict[str, str]:
    """The variants of a kanji, by any of them."""
    path = Path(folding.__file__).parent / "data" / "variants.txt"
    lines = [x for x in path.read_text(encoding="utf-8").splitlines() if not x.startswith("#")]
    return {c: group for line in lines for group in line.split() for c in group}


def _memory() -> float:
    """Resident memory in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def print_hard(table: AddressTable, seed: int, wrong: int) -> None:
    """Print for each way of writing how many towns and 丁目 are right."""
    for kind in variants.CHANGES:
        written = list(hard_cases(table, seed, kind))
        missed = [case for case in written if not _right(case)]
        chome = sum(parse_address(case.text).chome != case.chome for case in written)
        right, divided = 1 - len(missed) / len(written), 1 - chome / len(written)
        sys.stdout.write(f"{kind:<12} {len(written):>9,}  town {right:>9.3%}  丁目 {divided:>9.3%}\n")
        for case in random.Random(seed).sample(missed, min(wrong, len(missed))):  # noqa: S311
            parsed = parse_address(case.text)
            sys.stdout.write(f"  {case.text} | {case.town} | {parsed.municipality}/{parsed.town}/{parsed.rest}\n")


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--wrong", type=int, default=0, help="show so many that were not understood")
    options.add_argument("--hard", action="store_true", help="every town in every way of address_variants")
    given = options.parse_args()
    if given.hard:
        print_hard(default_table(), given.seed, given.wrong)
        return
    before = _memory()
    started = time.perf_counter()
    table = default_table()
    loaded = time.perf_counter() - started
    rested = _memory() - before
    all_cases = list(cases(table, given.seed))
    started = time.process_time()
    for case in all_cases:
        parse_address(case.text)
    first = time.process_time() - started
    started = time.process_time()
    for case in all_cases:
        parse_address(case.text)
    again = time.process_time() - started
    wrong = [case for case in all_cases if not _right(case)]
    count = len(all_cases)
    out = sys.stdout.write
    out(f"addresses                 {count:>10,}\n")
    out(f"table loaded in           {loaded:>10.3f} s\n")
    out(f"memory, table at rest     {rested:>10.1f} MB\n")
    out(f"memory, all towns in use  {_memory() - before:>10.1f} MB\n")
    out(f"addresses/s, first time   {count / first:>10,.0f}\n")
    out(f"addresses/s, warm         {count / again:>10,.0f}\n")
    out(f"town right                {100 * (1 - len(wrong) / count):>10.3f} %\n")
    chome = sum(parse_address(c.text).chome != c.chome for c in all_cases)
    building = sum(parse_address(c.text).building != c.building for c in all_cases)
    out(f"丁目 right                {100 * (1 - chome / count):>10.3f} %\n")
    out(f"building right            {100 * (1 - building / count):>10.3f} %\n")
    for case in random.Random(given.seed).sample(wrong, min(given.wrong, len(wrong))):  # noqa: S311
        out(f"{case.text} | {case.code} {case.town} | {parse_address(case.text)}\n")


def _right(case: Case) -> bool:
    parsed = parse_address(case.text)
    if parsed.municipality_code == case.code and parsed.town == case.town:
        return True
    return any(a.municipality_code == case.code and a.town == case.town for a in parsed.alternatives)


if __name__ == "__main__":
    main()
