"""All answers, made once an edition: a look-up is one or two steps in a dict."""

from collections import defaultdict
from dataclasses import dataclass

from renrakucho.address.lookup import towns_in
from renrakucho.coverage.answer import Answer
from renrakucho.coverage.decide import answer_for
from renrakucho.coverage.models import Coverage
from renrakucho.coverage.offices import office_book

Place = tuple[str, str]  # (industry, municipality code)


@dataclass(frozen=True, slots=True)
class Board:
    """`by_town` holds every town of the municipalities where towns differ; all others are in `by_municipality`."""

    by_municipality: dict[Place, Answer]
    by_town: dict[tuple[str, str, str], Answer]
    nothing: Answer


def make_board() -> Board:
    """Every answer that the directory in the database gives."""
    places: dict[Place, list[Coverage]] = defaultdict(list)
    for row in Coverage.objects.prefetch_related("source", "provider").order_by("id"):
        places[(row.industry, row.municipality_id)].append(row)
    offices = office_book()
    board = Board({}, {}, Answer("not_known"))
    for (industry, code), rows in places.items():
        board.by_municipality[(industry, code)] = answer_for("", rows, offices)
        if any(row.town for row in rows):
            for town in towns_in(code):
                if town.town:
                    board.by_town[(industry, code, town.town)] = answer_for(town.town, rows, offices)
    return board
