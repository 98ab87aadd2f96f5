"""False alarms of the search for secrets: how often an honest number or sentence is taken for one, by kind of field.

Numbers have the shapes that providers give them (seeded: the same ones every time). Run as
`python -m benchmarks.secret_text [--seed N] [--count N]`.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from renrakucho.lib.secret_text import find_secret

Maker = Callable[[random.Random], str]


def _digits(chance: random.Random, *groups: int, between: str = "") -> str:
    return between.join("".join(chance.choices("0123456789", k=group)) for group in groups)


NUMBERS: dict[str, Maker] = {
    "customer number, 10 digits": lambda chance: _digits(chance, 10),
    "customer number, 4-3-4 digits": lambda chance: _digits(chance, 4, 3, 4, between="-"),
    "customer number, 12 digits": lambda chance: _digits(chance, 12),
    "customer number, 13 digits": lambda chance: _digits(chance, 13),
    "customer number, 16 digits": lambda chance: _digits(chance, 16),
    "supply point, 22 digits": lambda chance: "0" + _digits(chance, 21),
    "supply point, in fours": lambda chance: "03" + _digits(chance, 2, 4, 4, 4, 4, 2, between=" "),
    "phone number": lambda chance: chance.choice(("090", "080", "070")) + "-" + _digits(chance, 4, 4, between="-"),
    "phone number, abroad": lambda chance: f"+8190{_digits(chance, 8)}",
    "two phone numbers": lambda chance: f"03{_digits(chance, 8)} 090{_digits(chance, 8)}",
    "day and time": lambda chance: f"{date(2026, 1, 1) + timedelta(chance.randrange(365))} {_digits(chance, 2)}:00",
    "house number": lambda chance: f"{chance.randrange(1, 40)}-{chance.randrange(1, 30)}-{chance.randrange(1, 2000)}",
}
SENTENCES = (
    "{}",
    "門のベルは鳴りません。裏の戸へお回りください。{}",
    "日中は{}へお電話ください。",
    "立会いは{}にお願いします。",
)


def samples(chance: random.Random, count: int) -> Iterator[tuple[str, str, bool]]:
    """Kind, text, and whether it stands in a field that asks for a number."""
    for kind, make in NUMBERS.items():
        for _ in range(count):
            number = make(chance)
            if kind.startswith(("customer", "supply")):
                yield f"{kind}: in its field", number, True
                yield f"{kind}: named in free text", f"お客さま番号は{number}です", False
                yield f"{kind}: bare in free text", f"連絡事項 {number}", False
            else:
                yield f"{kind}: in free text", chance.choice(SENTENCES).format(number), False


def main() -> None:
    """Print how many of a thousand honest texts are refused, for each kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20_000)
    asked = parser.parse_args()
    tried: dict[str, list[int]] = {}
    chance = random.Random(asked.seed)  # noqa: S311 - the same samples every time, no secrets
    for kind, text, number_asked in samples(chance, asked.count):
        figures = tried.setdefault(kind, [0, 0])
        figures[0] += 1
        figures[1] += find_secret(text, number_asked=number_asked) is not None
    for kind, (count, refused) in tried.items():
        print(f"{kind:55} {1000 * refused / count:8.2f} of 1000")


if __name__ == "__main__":
    main()
