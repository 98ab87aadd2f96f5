"""Look up who serves a place. All answers are made once for each edition: a look-up is one or two steps in a dict."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from renrakucho.address.edition_cache import EditionCache
from renrakucho.address.place import TownAt
from renrakucho.address.place_lookup import towns_in
from renrakucho.coverage.answer_resolution import resolve_answer
from renrakucho.coverage.coverage_answer import CoverageAnswer
from renrakucho.coverage.models import Coverage
from renrakucho.coverage.offices import office_book
from renrakucho.coverage.table_specs import COVERED_INDUSTRIES

Place = tuple[str, str]  # (industry, municipality code)


@dataclass(frozen=True, slots=True)
class AnswerIndex:
    """`by_town` holds every town of the municipalities where towns differ; all others are in `by_municipality`."""

    by_municipality: dict[Place, CoverageAnswer]
    by_town: dict[tuple[str, str, str], CoverageAnswer]
    nothing: CoverageAnswer


def build_answer_index() -> AnswerIndex:
    """Make every answer from the directory in the database."""
    places: dict[Place, list[Coverage]] = defaultdict(list)
    for row in Coverage.objects.prefetch_related("source", "provider").order_by("id"):
        places[(row.industry, row.municipality_id)].append(row)
    offices = office_book()
    index = AnswerIndex({}, {}, CoverageAnswer("not_known"))
    for (industry, code), rows in places.items():
        index.by_municipality[(industry, code)] = resolve_answer("", rows, offices)
        if any(row.town for row in rows):
            for town in towns_in(code):
                if town.town:
                    index.by_town[(industry, code, town.town)] = resolve_answer(town.town, rows, offices)
    return index


answer_index = EditionCache(build_answer_index)


def providers_at(municipality_code: str, town: str, industry: str) -> CoverageAnswer:
    """Look up who serves a town for electricity, gas, water or telephone.

    `town` as Japan Post has it (TownAt.town); "", or a name that is not one of the municipality's towns, asks for
    the whole municipality, which is «ask» where it is split. Other industries and unknown codes are «not_known».
    Raises NoDirectory (address.edition) before `renrakucho directory load` has run.
    """
    found: AnswerIndex = answer_index()
    answer = found.by_town.get((industry, municipality_code, town))
    if answer is None:
        answer = found.by_municipality.get((industry, municipality_code), found.nothing)
    return answer


def have_equal_answers(towns: Sequence[TownAt]) -> bool:
    """Whether the same providers serve all of these towns, in one municipality, so that nobody needs to choose one."""
    first = towns[0]
    return all(
        town.municipality_code == first.municipality_code
        and all(
            providers_at(town.municipality_code, town.town, industry)
            == providers_at(first.municipality_code, first.town, industry)
            for industry in COVERED_INDUSTRIES
        )
        for town in towns
    )
