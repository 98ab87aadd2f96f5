"""Table specs: the directory's text tables, their columns, and the form of their values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from renrakucho.address.models import MunicipalityKind
from renrakucho.coverage.models import Extent
from renrakucho.provider.models import Confidence, ContactKind, ContactUse, Industry, LeadsTo, LinkGroup

Check = Callable[[str], bool]

EVIDENCE = ("source", "as_of", "confidence")
COVERED_INDUSTRIES = (Industry.ELECTRICITY, Industry.GAS, Industry.WATER, Industry.TELEPHONE)


@dataclass(frozen=True)
class TableSpec:
    """One file. Rows are unique by `key` and stand in its order.

    `checks`: column → check of its values; a column without one may have any text. `refers`: column → the column of
    another file that has its value, unless the value is empty.
    """

    file: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    checks: Mapping[str, Check] = field(default_factory=dict)
    refers: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def evidenced(self) -> bool:
        """Whether every row has a source."""
        return self.columns[-3:] == EVIDENCE


def _like(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _one_of(values: list[str]) -> Check:
    return lambda value: value in values


def _optional(check: Check) -> Check:
    return lambda value: not value or check(value)


_SOME = _like(".+")
_CODE = _like("[0-4][0-9]{4}")
_SLUG = _like("[a-z0-9]+(-[a-z0-9]+)*")
_URL = _like(r"https?://[\x21-\x7e]+")
_DAY = _like(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]")
_AS_OF = _optional(_like(r"[12][0-9]{3}(-[01][0-9](-[0-3][0-9])?)?"))
_KANA = _like("[ァ-ヶー０-９]+")
_PHONE = _like(r"0[0-9]{1,4}-[0-9]{1,6}(-[0-9]{3,4})?|1[0-9]{2}")
_EVIDENCE: dict[str, Check] = {"as_of": _AS_OF, "confidence": _one_of(Confidence.values)}
_SOURCE = {"source": ("sources.csv", "id")}

SOURCES = TableSpec(
    "sources.csv",
    ("id", "title", "url", "kind", "licence", "note"),
    ("id",),
    {"id": _SLUG, "title": _SOME, "url": _optional(_URL), "kind": _one_of(Confidence.values),
     "licence": _SOME},
)  # fmt: skip
MUNICIPALITIES = TableSpec(
    "municipalities.csv",
    ("code", "lg_code", "prefecture", "county", "city", "ward", "prefecture_kana", "kana", "prefecture_romaji",
     "romaji", "kind", "parent", *EVIDENCE),
    ("code",),
    {"code": _CODE, "lg_code": _like("[0-9]{6}"), "prefecture": _like(".+[都道府県]"), "city": _SOME, "kana": _KANA,
     "kind": _one_of(MunicipalityKind.values), **_EVIDENCE},
    {"parent": ("municipalities.csv", "code"), **_SOURCE},
)  # fmt: skip
MUNICIPALITY_PAGES = TableSpec(
    "municipality_pages.csv",
    ("code", "name", "url", *EVIDENCE),
    ("code",),
    {"url": _URL, **_EVIDENCE},
    {"code": ("municipalities.csv", "code"), **_SOURCE},
)
MUNICIPALITY_HISTORY = TableSpec(
    "municipality_history.csv",
    ("from_code", "from_prefecture", "from_name", "to_code", "to_prefecture", "to_name", "on", "event", *EVIDENCE),
    ("on", "from_code", "to_code"),
    {"from_code": _CODE, "to_code": _CODE, "from_name": _SOME, "to_name": _SOME, "on": _DAY, "event": _SOME,
     **_EVIDENCE},
    _SOURCE,
)  # fmt: skip
UNLISTED_TOWNS = TableSpec(
    "unlisted_towns.csv",
    ("municipality", "name", "town", *EVIDENCE),
    ("municipality", "town"),
    {"town": _SOME, **_EVIDENCE},
    {"municipality": ("municipalities.csv", "code"), **_SOURCE},
)
CHOME = TableSpec(
    "chome.csv",
    ("municipality", "town", "most", *EVIDENCE),
    ("municipality", "town"),
    {"town": _SOME, "most": _like("[1-9][0-9]?"), **_EVIDENCE},
    {"municipality": ("municipalities.csv", "code"), **_SOURCE},
)
PROVIDERS = TableSpec(
    "providers.csv",
    ("id", "industry", "name", "operator", "note", *EVIDENCE),
    ("id",),
    {"id": _SLUG, "industry": _one_of(Industry.values), "name": _SOME, **_EVIDENCE},
    _SOURCE,
)
OFFICES = TableSpec(
    "offices.csv",
    ("id", "provider", "name", *EVIDENCE),
    ("id",),
    {"id": _SLUG, **_EVIDENCE},
    {"provider": ("providers.csv", "id"), **_SOURCE},
)
CONTACTS = TableSpec(
    "contacts.csv",
    ("provider", "office", "kind", "use", "value", "note", *EVIDENCE),
    ("provider", "office", "kind", "use", "value"),
    {"kind": _one_of(ContactKind.values), "use": _one_of(ContactUse.values),
     "value": lambda value: _PHONE(value) or _URL(value), **_EVIDENCE},
    {"provider": ("providers.csv", "id"), "office": ("offices.csv", "id"), **_SOURCE},
)  # fmt: skip
LINKS = TableSpec(
    "links.csv",
    ("industry", "name", "provider", "url", "leads_to", "phone", "hours", "note", *EVIDENCE),
    ("industry", "name"),
    {"industry": _one_of(LinkGroup.values), "name": _SOME, "url": _optional(_URL),
     "leads_to": _optional(_one_of(LeadsTo.values)), "phone": _optional(_PHONE), **_EVIDENCE},
    {"provider": ("providers.csv", "id"), **_SOURCE},
)  # fmt: skip
COVERAGE = {
    industry: TableSpec(
        f"coverage/{industry}.csv",
        ("municipality", "name", "town", "provider", "office", "extent", "note", *EVIDENCE),
        ("municipality", "town", "provider"),
        {"name": _SOME, "extent": _one_of(Extent.values), **_EVIDENCE},
        {"municipality": ("municipalities.csv", "code"), "provider": ("providers.csv", "id"),
         "office": ("offices.csv", "id"), **_SOURCE},
    )
    for industry in COVERED_INDUSTRIES
}  # fmt: skip
TABLES = (
    SOURCES, MUNICIPALITIES, MUNICIPALITY_PAGES, MUNICIPALITY_HISTORY, UNLISTED_TOWNS, CHOME, PROVIDERS, OFFICES,
    CONTACTS, LINKS, *COVERAGE.values(),
)  # fmt: skip
