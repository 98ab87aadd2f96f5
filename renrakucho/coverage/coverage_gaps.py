"""Coverage gaps: counts of what the directory does not know yet."""

from collections.abc import Callable

from renrakucho.coverage.directory_figures import StatusFigures, markdown_row
from renrakucho.coverage.models import Coverage
from renrakucho.coverage.table_specs import COVERED_INDUSTRIES
from renrakucho.provider.models import Confidence, Contact, ContactKind, ContactUse, LeadsTo, Link, Provider

_FOR_MOVERS = (ContactUse.MOVING, ContactUse.GENERAL)


def coverage_gaps(nine: dict[str, StatusFigures]) -> str:
    """Return a Markdown table with a column for each industry. `nine`: figures of the nine prefectures, by industry."""
    lines: list[tuple[str, Callable[[str], int]]] = [
        ("providers", lambda industry: Provider.objects.filter(industry=industry).count()),
        ("providers without a phone number for movers", lambda industry: _without(industry, ContactKind.PHONE)),
        ("providers without a web page", lambda industry: _without(industry, ContactKind.URL)),
        ("coverage rows from unofficial sources", lambda industry: _rows(industry, Confidence.UNOFFICIAL)),
        ("coverage rows of unchecked common knowledge", lambda industry: _rows(industry, Confidence.GENERAL)),
        ("municipalities where the mover has to be asked", lambda industry: nine[industry].municipalities["ask"]),
        ("municipalities without an answer", lambda industry: nine[industry].municipalities["not_known"]),
    ]
    head = [markdown_row(["open", *COVERED_INDUSTRIES]), markdown_row(["---", *["---:"] * len(COVERED_INDUSTRIES)])]
    return "\n".join(
        [*head, *(markdown_row([what, *(f"{count(one):,}" for one in COVERED_INDUSTRIES)]) for what, count in lines)]
    )


def link_figures() -> str:
    """Return a Markdown table of where the links of the link list lead."""
    goals = [*LeadsTo.values, ""]
    counts = [Link.objects.filter(leads_to=goal).count() for goal in goals]
    head = [
        markdown_row(["links to", *LeadsTo.values, "nowhere yet", "all"]),
        markdown_row(["---", *["---:"] * (len(goals) + 1)]),
    ]
    return "\n".join([*head, markdown_row(["", *map(str, [*counts, sum(counts)])])])


def _without(industry: str, kind: str) -> int:
    reached = Contact.objects.filter(kind=kind, use__in=_FOR_MOVERS).values("provider")
    return Provider.objects.filter(industry=industry).exclude(id__in=reached).count()


def _rows(industry: str, confidence: str) -> int:
    return Coverage.objects.filter(industry=industry, confidence=confidence).count()
