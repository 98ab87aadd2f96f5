"""Coverage map: which provider serves which municipality of a prefecture, in tiles that need no colour."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renrakucho.address.name_search import prefecture_choices
from renrakucho.address.place import MunicipalityAt
from renrakucho.address.place_lookup import municipalities_of_prefecture
from renrakucho.coverage.coverage_answer import CoverageAnswer, OfficeFound
from renrakucho.coverage.models import Coverage
from renrakucho.coverage.provider_lookup import providers_at
from renrakucho.coverage.table_specs import COVERED_INDUSTRIES
from renrakucho.faces.directory.search_page import url_with_query

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PATTERNS = 8  # of directory.css; providers that share one differ by letter


@dataclass(frozen=True, slots=True)
class MapKey:
    """A provider of the map. `letter` is "" for one that serves a single municipality: its name stands on the tile.

    `phone` holds wherever the provider serves, "" where none does.
    """

    letter: str
    pattern: int
    provider: str
    phone: str
    names: tuple[str, ...]  # of the municipalities


@dataclass(frozen=True, slots=True)
class MapTile:
    """One municipality: its providers (letters in order), and the status of the answer."""

    name: str
    href: str
    status: str
    letters: tuple[str, ...]
    pattern: int
    own: str

    @property
    def symbol(self) -> str:
        """The sign on a tile without a provider; "" on all others."""
        return {"none_here": "×", "not_known": "?"}.get(self.status, "")

    @property
    def remark(self) -> str:
        """The status in words, for who cannot see symbol and edge; "" for a certain answer."""
        return {
            "none_here": _("なし"),
            "not_known": _("わかりません"),
            "probably": _("おそらく"),
            "ask": _("一部だけ"),
        }.get(self.status, "")


@require_safe
def map_index(request: HttpRequest) -> HttpResponse:
    """List the maps that exist, by prefecture and industry."""
    known = {
        (code[:2], industry)
        for code, industry in Coverage.objects.exclude(provider=None).values_list("municipality", "industry").distinct()
    }
    rows = [
        (code, name, [one for one in COVERED_INDUSTRIES if (code, one) in known])
        for code, name in prefecture_choices().items()
    ]
    parts = [
        (_("四つの業種すべて"), [row for row in rows if len(row[2]) == len(COVERED_INDUSTRIES)]),
        (_("電気と電話"), [row for row in rows if len(row[2]) < len(COVERED_INDUSTRIES)]),
    ]
    return render(request, "directory/maps.html", {"section": "search", "parts": parts})


@require_safe
def coverage_map(request: HttpRequest, prefecture: str, industry: str) -> HttpResponse:
    """Show the map of one prefecture (two digits of JIS X 0401) and one industry."""
    name = prefecture_choices().get(prefecture)
    if name is None or industry not in COVERED_INDUSTRIES:
        raise Http404
    answers = [(one, providers_at(one.code, "", industry)) for one in municipalities_of_prefecture(name)]
    keys = _keys(answers)
    tiles = [_tile(one, answer, keys, industry) for one, answer in answers]
    context = {
        "section": "search",
        "prefecture": prefecture,
        "name": name,
        "industry": industry,
        "industries": COVERED_INDUSTRIES,
        "tiles": tiles,
        "keys": [key for key in keys.values() if key.letter],
        "single": [key for key in keys.values() if not key.letter],
        "statuses": Counter(tile.status for tile in tiles),
    }
    return render(request, "directory/map.html", context)


def _keys(answers: Sequence[tuple[MunicipalityAt, CoverageAnswer]]) -> dict[str, MapKey]:
    """Keys by provider id: the provider of most municipalities first, as A."""
    served: dict[str, list[str]] = {}
    offices: dict[str, OfficeFound] = {}
    phones: dict[str, list[str]] = {}
    for one, answer in answers:
        for office in {office.provider_id: office for office in answer.offices}.values():
            served.setdefault(office.provider_id, []).append(one.name)
            offices.setdefault(office.provider_id, office)
            everywhere = phones.get(office.provider_id, office.phones)
            phones[office.provider_id] = [phone for phone in everywhere if phone in office.phones]
    found: dict[str, MapKey] = {}
    for provider_id in sorted(served, key=lambda each: -len(served[each])):
        several = len(served[provider_id]) > 1 and len(found) < len(LETTERS)
        letter = LETTERS[len(found)] if several else ""
        pattern = len(found) % PATTERNS + 1 if several else 0
        phone = next(iter(phones[provider_id]), "")
        found[provider_id] = MapKey(letter, pattern, offices[provider_id].provider, phone, tuple(served[provider_id]))
    return found


def _tile(one: MunicipalityAt, answer: CoverageAnswer, keys: dict[str, MapKey], industry: str) -> MapTile:
    here = [keys[office.provider_id] for office in {o.provider_id: o for o in answer.offices}.values()]
    return MapTile(
        name=one.name,
        href=url_with_query("directory:search", municipality=one.code, industry=industry),
        status=answer.status,
        letters=tuple(key.letter for key in here if key.letter),
        pattern=here[0].pattern if len(here) == 1 else 0,
        own=_("、").join(key.provider for key in here if not key.letter),
    )
