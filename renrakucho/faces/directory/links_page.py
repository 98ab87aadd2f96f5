"""The list of links (ホームページのご紹介)."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renrakucho.address.edition_cache import EditionCache
from renrakucho.faces.directory.place.place_answers import LEADS_TO
from renrakucho.provider.link_list import phones_for_movers
from renrakucho.provider.models import Confidence, Contact, LeadsTo, Link, LinkGroup

_BEST_FIRST = [LeadsTo.MOVING, LeadsTo.INFORMATION, LeadsTo.CONTACT, LeadsTo.HOME, ""]


@dataclass(frozen=True, slots=True)
class LinkList:
    """The links by industry, and the phones of their providers: read once an edition."""

    groups: list[tuple[str, list[Link]]]
    phones: dict[str, tuple[Contact, ...]]


@require_safe
def links_page(request: HttpRequest) -> HttpResponse:
    """Whose own site takes moves, by industry: what leads furthest first."""
    now = _shelf()
    context = {
        "door": "links",
        "groups": now.groups,
        "phones": now.phones,
        "group_names": dict(LinkGroup.choices),
        "leads_to": LEADS_TO,
        "official": Confidence.OFFICIAL,
        "home": LeadsTo.HOME,
    }
    return render(request, "directory/links.html", context)


def _make_shelf() -> LinkList:
    rows = sorted(Link.objects.select_related("source"), key=_place)
    groups = [(code, list(members)) for code, members in groupby(rows, key=lambda link: link.industry)]
    return LinkList(groups, phones_for_movers())


_shelf = EditionCache(_make_shelf)


def _place(link: Link) -> tuple[int, int, str]:
    return LinkGroup.values.index(link.industry), _BEST_FIRST.index(link.leads_to), link.name
