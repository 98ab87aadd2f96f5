"""Link list (ホームページのご紹介): sites of providers, by industry."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renrakucho.address.edition_cache import EditionCache
from renrakucho.faces.directory.place_answers import LEADS_TO
from renrakucho.provider.models import Confidence, Contact, LeadsTo, Link, LinkGroup, phones_for_movers

_BEST_FIRST = [LeadsTo.MOVING, LeadsTo.INFORMATION, LeadsTo.CONTACT, LeadsTo.HOME, ""]


@dataclass(frozen=True, slots=True)
class LinkList:
    """The links by industry, and the phones of their providers: read once for each edition."""

    groups: list[tuple[str, list[Link]]]
    phones: dict[str, tuple[Contact, ...]]


@require_safe
def links_page(request: HttpRequest) -> HttpResponse:
    """List the sites by industry; those that take moves stand first."""
    links = _link_list()
    context = {
        "section": "links",
        "groups": links.groups,
        "phones": links.phones,
        "group_names": dict(LinkGroup.choices),
        "leads_to": LEADS_TO,
        "official": Confidence.OFFICIAL,
        "home": LeadsTo.HOME,
    }
    return render(request, "directory/links.html", context)


def _read_links() -> LinkList:
    rows = sorted(Link.objects.select_related("source"), key=_sort_key)
    groups = [(code, list(members)) for code, members in groupby(rows, key=lambda link: link.industry)]
    return LinkList(groups, phones_for_movers())


_link_list = EditionCache(_read_links)


def _sort_key(link: Link) -> tuple[int, int, str]:
    return LinkGroup.values.index(link.industry), _BEST_FIRST.index(link.leads_to), link.name
