"""Directory figures: how many answers have which status."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from renrakucho.address.place import MunicipalityAt
from renrakucho.address.place_lookup import municipalities_of_prefecture, towns_in
from renrakucho.address.place_tables import place_tables
from renrakucho.address.written.prefectures import REGION
from renrakucho.coverage.coverage_answer import STATUSES, Status
from renrakucho.coverage.provider_lookup import providers_at
from renrakucho.coverage.table_specs import COVERED_INDUSTRIES
from renrakucho.provider.models import Industry

_EVERYWHERE = (Industry.ELECTRICITY, Industry.TELEPHONE)


@dataclass(frozen=True)
class StatusFigures:
    """`area`: nine (the prefectures of the service) or Japan. Municipalities are looked up without a town; towns are
    those that Japan Post lists by name.
    """

    area: str
    industry: str
    municipalities: Counter[Status]
    towns: Counter[Status]


def directory_figures() -> tuple[StatusFigures, ...]:
    """Count all four industries in the nine prefectures, then those that are known in all Japan."""
    nine = [one for prefecture in REGION for one in municipalities_of_prefecture(prefecture)]
    japan = [one for one in place_tables().municipalities.values() if towns_in(one.code)]
    return (
        *(_count("nine", industry, nine) for industry in COVERED_INDUSTRIES),
        *(_count("Japan", industry, japan) for industry in _EVERYWHERE),
    )


def figures_table(counted: tuple[StatusFigures, ...]) -> str:
    """Return the figures as a Markdown table."""
    head = ["area", "industry", "of", *STATUSES, "all"]
    lines = [markdown_row(head), markdown_row(["---"] * 3 + ["---:"] * (len(head) - 3))]
    for one in counted:
        for of, counts in (("municipalities", one.municipalities), ("towns", one.towns)):
            lines.append(markdown_row([one.area, one.industry, of, *_cells(counts)]))
    return "\n".join(lines)


def _count(area: str, industry: str, places: list[MunicipalityAt]) -> StatusFigures:
    return StatusFigures(
        area,
        industry,
        Counter(providers_at(place.code, "", industry).status for place in places),
        Counter(
            providers_at(place.code, town, industry).status for place in places for town in _town_names(place.code)
        ),
    )


def _town_names(municipality_code: str) -> set[str]:
    """Distinct names: 鶴岡市 has two 本町 of different readings, which no coverage row can tell apart."""
    return {town.town for town in towns_in(municipality_code)} - {""}


def _cells(counts: Counter[Status]) -> Iterator[str]:
    total = counts.total()
    for status in STATUSES:
        share = 100 * counts[status] / total
        yield f"{counts[status]:,} ({share:.1f} %)" if counts[status] else "0"
    yield f"{total:,}"


def markdown_row(cells: list[str]) -> str:
    """Return one row of a Markdown table."""
    return f"| {' | '.join(cells)} |"
