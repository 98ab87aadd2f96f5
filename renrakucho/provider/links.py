"""The link list (ホームページのご紹介)."""

from renrakucho.provider.models import LeadsTo, Link, LinkGroup


def links_by_industry() -> dict[str, tuple[Link, ...]]:
    """Every link with its source, by LinkGroup in its order; where a group's site takes moves, that comes first.

    A link without `url` is known by name only: no official page has been found yet. One query.
    """
    ordered = sorted(Link.objects.select_related("source"), key=lambda link: (link.leads_to != LeadsTo.MOVING, link.id))
    return {
        group: tuple(link for link in ordered if link.industry == group)
        for group in LinkGroup.values
        if any(link.industry == group for link in ordered)
    }
