"""Offices: how to reach a provider from a place, by its phones and page there."""

from collections import defaultdict
from collections.abc import Sequence

from renrakucho.coverage.coverage_answer import OfficeFound
from renrakucho.coverage.models import Coverage
from renrakucho.provider.models import Confidence, Contact, ContactKind, ContactUse, Office

_FOR_MOVERS = (ContactUse.MOVING, ContactUse.GENERAL)
_RANK = {Confidence.OFFICIAL: 0, Confidence.UNOFFICIAL: 1, Confidence.GENERAL: 2}


class OfficeBook:
    """Contacts and names of all offices, read once. An office that is found again is the same object."""

    def __init__(self, contacts: Sequence[Contact], offices: Sequence[Office]) -> None:
        self._contacts: dict[tuple[str, str | None], list[Contact]] = defaultdict(list)
        for contact in contacts:
            self._contacts[(contact.provider_id, contact.office_id)].append(contact)
        self._names = {office.id: office.name for office in offices}
        self._reached: dict[tuple[str, str | None], tuple[tuple[str, ...], str]] = {}
        self._found: dict[OfficeFound, OfficeFound] = {}

    def found(self, row: Coverage) -> OfficeFound:
        """Return the provider and office of a coverage row that has a provider."""
        provider = row.provider
        if provider is None:
            raise ValueError(f"nobody serves {row}")
        phones, url = self._reach(provider.id, row.office_id)
        office = OfficeFound(
            provider_id=provider.id,
            provider=provider.name,
            office=self._names.get(row.office_id or "", ""),
            phones=phones,
            url=url,
            source=row.source.title,
            source_url=row.source.url,
            as_of=row.as_of,
            confidence=row.confidence,
            operator=provider.operator,
        )
        return self._found.setdefault(office, office)

    def _reach(self, provider: str, office: str | None) -> tuple[tuple[str, ...], str]:
        """Phones and page of an office, with the provider's own."""
        key = (provider, office)
        if key not in self._reached:
            own = self._contacts[(provider, None)]
            contacts = own + self._contacts[key] if office else own
            self._reached[key] = (_phones(contacts), _page(contacts))
        return self._reached[key]


def office_book() -> OfficeBook:
    """Read the offices of the directory in the database."""
    contacts = Contact.objects.order_by("id")
    return OfficeBook(list(contacts), list(Office.objects.all()))


def _phones(contacts: Sequence[Contact]) -> tuple[str, ...]:
    """The numbers for movers, those of the best source only: no unchecked number beside an official one."""
    phones = [one for one in contacts if one.kind == ContactKind.PHONE and one.use in _FOR_MOVERS]
    best = min((_RANK[Confidence(one.confidence)] for one in phones), default=0)
    kept = (one.value for one in phones if _RANK[Confidence(one.confidence)] == best)
    return tuple(dict.fromkeys(kept))


def _page(contacts: Sequence[Contact]) -> str:
    """The page that takes moves, else the provider's own, else ""."""
    pages = {one.use: one.value for one in contacts if one.kind == ContactKind.URL}
    return pages.get(ContactUse.MOVING) or pages.get(ContactUse.GENERAL) or ""
