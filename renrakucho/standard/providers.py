"""Providers document of the standard: the providers that a portal reaches, and the areas that they serve."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from renrakucho.sheet.form import Sheet
from renrakucho.sheet.window import JAPAN
from renrakucho.standard.machine_values import lg_code
from renrakucho.standard.schemas import STANDARD, without_empty
from renrakucho.standard.sheet import carrier_of

# Readers check `procedures` against these codes alone, and refuse a whole list that has another one there.
FIRST_PROCEDURES = frozenset({"stop", "start", "change"})


@dataclass(frozen=True)
class ServedArea:
    """A served area: a municipality by its five digits (JIS X 0402), and there the towns of Japan Post.

    extent: whole (all of it), listed (the towns named), rest (all but the towns that others are named for), part (which
    part is not known). source, as_of, confidence: who says so, for which day, and how sure it is.
    """

    municipality_code: str
    extent: str = "whole"
    towns: tuple[str, ...] = ()
    note: str = ""
    confidence: str = ""
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class ListedProvider:
    """A provider of the list. sheets: its forms at this portal; none where it is only listed. channels: the channel of
    delivery by procedure.
    """

    id: str
    name: str
    industry: str
    kana: str = ""
    english: str = ""
    homepage: str = ""
    moving_page: str = ""
    phones: tuple[str, ...] = ()
    nationwide: bool = False
    sheets: tuple[Sheet, ...] = ()
    channels: Mapping[str, str] = field(default_factory=dict)
    serves: tuple[ServedArea, ...] = ()
    source: str = ""
    checked_on: date | None = None


def providers_document(
    providers: Iterable[ListedProvider], *, portal_name: str, portal_url: str, compiled_at: datetime, edition: str = ""
) -> dict[str, Any]:
    """The list (providers.schema.json), without empty members."""
    return without_empty(
        {
            "standard": STANDARD,
            "document": "providers",
            "portal": {"name": portal_name, "url": portal_url},
            "edition": edition,
            "compiled_at": compiled_at.astimezone(JAPAN).isoformat(timespec="seconds"),
        }
    ) | {"providers": [_listed(one) for one in providers]}


def _listed(one: ListedProvider) -> dict[str, Any]:
    texts = ("id", "name", "kana", "english", "industry", "homepage", "moving_page", "nationwide", "source")
    return without_empty(
        {name: getattr(one, name) for name in texts}
        | {
            "phones": list(one.phones),
            "checked_on": one.checked_on.isoformat() if one.checked_on else "",
            "procedures": _procedures(one, first=True),
            "further_procedures": _procedures(one, first=False),
            "serves": [_serves(place) for place in one.serves],
        }
    )


def _procedures(one: ListedProvider, *, first: bool) -> list[dict[str, Any]]:
    return [
        _procedure(sheet, one.channels.get(sheet.procedure, ""))
        for sheet in one.sheets
        if (sheet.procedure in FIRST_PROCEDURES) is first
    ]


def _procedure(sheet: Sheet, channel: str) -> dict[str, Any]:
    members = {"procedure": sheet.procedure, "sheet": sheet.key, "carried_by": carrier_of(sheet), "channel": channel}
    return without_empty(members)


def _serves(place: ServedArea) -> dict[str, Any]:
    return without_empty(
        {
            "lg_code": lg_code(place.municipality_code),
            "extent": place.extent,
            "towns": list(place.towns),
            "note": place.note,
            "confidence": place.confidence,
            "source": place.source,
            "as_of": place.as_of,
        }
    )
