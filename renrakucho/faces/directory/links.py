"""The list of links (ホームページのご紹介)."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renrakucho.faces.directory.words import LEADS_TO, LINK_GROUPS
from renrakucho.provider.links import phones_for_movers
from renrakucho.provider.models import Confidence, LeadsTo, Link

_BEST_FIRST = [LeadsTo.MOVING, LeadsTo.INFORMATION, LeadsTo.CONTACT, LeadsTo.HOME, ""]


@require_safe
def links(request: HttpRequest) -> HttpResponse:
    """Whose own site takes moves, by industry: what leads furthest first."""
    rows = sorted(Link.objects.select_related("source"), key=_place)
    groups = [(code, list(members)) for code, members in groupby(rows, key=lambda link: link.industry)]
    context = {
        "door": "links",
        "groups": groups,
        "phones": phones_for_movers(),
        "group_names": LINK_GROUPS,
        "leads_to": LEADS_TO,
        "official": Confidence.OFFICIAL,
        "home": LeadsTo.HOME,
    }
    return render(request, "directory/links.html", context)


def _place(link: Link) -> tuple[int, int, str]:
    return [*LINK_GROUPS].index(link.industry), _BEST_FIRST.index(link.leads_to), link.name
