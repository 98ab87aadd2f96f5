"""Accuracy of the address parser on other projects' test lists.

    python -m benchmarks.address_cases FILE ...

FILE.csv: a header and `address,prefecture,city,town` in the first four columns, as in test/addresses/addresses.csv of
geolonia/normalize-japanese-addresses and tests/test_data/*.csv of YuukiToriyama/japanese-address-parser.
FILE.json: `expects.json` as in e2e/test-data/ of digital-go-jp/abr-geocoder (it is in its npm package).

Such lists are not in this repository: the parser is written from how addresses are built, and held against them.
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from renrakucho.address.written.folding import fold_key
from renrakucho.address.written.parse import parse_address


class Case(NamedTuple):
    """A written address, and the right answer. An empty town: the list says none (a 小字 straight below a city, say),
    and only the municipality is compared.
    """

    text: str
    city: str
    town: str


def cases(path: Path) -> Iterator[Case]:
    """The list's cases; one that names no municipality is left out."""
    found = _of_json(path) if path.suffix == ".json" else _of_csv(path)
    return (case for case in found if case.city)


def _of_json(path: Path) -> Iterator[Case]:
    for each in json.loads(path.read_text("utf-8")):
        said = each["result"]
        city = "".join(said[part] or "" for part in ("county", "city", "ward"))
        yield Case(each["query"]["input"], city, said["oaza_cho"] or "")


def _of_csv(path: Path) -> Iterator[Case]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in list(csv.reader(line for line in lines if not line.startswith("#")))[1:]:
            yield Case(row[0], row[2], row[3])


def right(case: Case) -> tuple[bool, bool]:
    """Whether municipality and town are right. Lists differ in how much they count to the town (丁目, 小字): it is
    right where one begins with the other.
    """
    said = parse_address(case.text)
    city, wanted = fold_key(said.municipality), fold_key(case.city)
    placed = bool(city) and (city.endswith(wanted) or wanted.endswith(city))
    town, wanted = fold_key(said.town + said.chome), fold_key(case.town).removesuffix("丁目")
    alike = bool(said.town) and (town.startswith(wanted) or wanted.startswith(fold_key(said.town)))
    return placed, placed and (alike or not wanted)


def main() -> None:
    """Print each case that is wrong, and how many there are."""
    total = placed = town = 0
    for path in map(Path, sys.argv[1:]):
        for case in cases(path):
            of_city, of_town = right(case)
            total, placed, town = total + 1, placed + of_city, town + of_town
            if not of_town:
                print(f"{path.parent.name}/{path.name}: {case.text} is not {case.city} {case.town}:", end=" ")
                print(parse_address(case.text))
    print(
        f"{total} addresses: municipality right in {placed} ({placed / total:.2%}), town in {town} ({town / total:.2%})"
    )


if __name__ == "__main__":
    main()
