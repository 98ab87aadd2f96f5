"""Answer resolution: from the coverage rows of a municipality to the answer for one of its towns."""

from collections.abc import Sequence

from renrakucho.coverage.coverage_answer import CoverageAnswer, Status
from renrakucho.coverage.models import Coverage, Extent
from renrakucho.coverage.offices import OfficeBook
from renrakucho.provider.models import Confidence


def resolve_answer(town: str, rows: Sequence[Coverage], offices: OfficeBook) -> CoverageAnswer:
    """Return the answer for a town, "" for an unknown one. `rows` are all coverage rows of one municipality."""
    general = [row for row in rows if not row.town]
    of_town = [row for row in rows if row.town == town] if town else []
    if of_town:
        return _of_town(of_town, general, offices)
    head = general[0]
    if head.extent == Extent.NONE:
        return _nobody("none_here", head)
    if head.extent == Extent.UNKNOWN:
        return _nobody("not_known", head)
    if head.extent == Extent.WHOLE:
        return _one(head, "exact", offices)
    rest = [row for row in general if row.extent == Extent.REST]
    if town and rest:
        return _one(rest[0], "by_town", offices)
    return _ask(general, offices)


def _of_town(of_town: Sequence[Coverage], general: Sequence[Coverage], offices: OfficeBook) -> CoverageAnswer:
    if len(of_town) == 1 and of_town[0].extent == Extent.WHOLE:
        # Where one provider serves the whole municipality, its towns differ by office only.
        split = general[0].extent != Extent.WHOLE
        return _one(of_town[0], "by_town" if split else "exact", offices)
    if len(of_town) > 1:
        return _ask(of_town, offices)
    rest = [row for row in general if row.extent == Extent.REST]
    others = [row for row in rest or general if row.provider_id != of_town[0].provider_id]
    return _ask([*of_town, *others], offices)


def _one(row: Coverage, status: Status, offices: OfficeBook) -> CoverageAnswer:
    is_official = row.confidence == Confidence.OFFICIAL
    return CoverageAnswer(status if is_official else "probably", (offices.found(row),), row.note)


def _ask(rows: Sequence[Coverage], offices: OfficeBook) -> CoverageAnswer:
    notes = dict.fromkeys(row.note for row in rows if row.note)
    return CoverageAnswer("ask", tuple(offices.found(row) for row in rows), "。".join(notes))


def _nobody(status: Status, row: Coverage) -> CoverageAnswer:
    return CoverageAnswer(status, (), row.note, row.source.title, row.as_of)
