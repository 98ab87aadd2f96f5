"""Offers: the providers and procedures that a mover can choose, from the directory at both addresses and from the
providers connected here.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from renrakucho.coverage.coverage_answer import STATUSES, CoverageAnswer, OfficeFound
from renrakucho.coverage.provider_lookup import providers_at
from renrakucho.mover.entries import ENDS, FREE_MARKET, INDUSTRIES, PLACE_BOUND, MoveEntries, MovePlace
from renrakucho.notice.connected_providers import (
    channel_for,
    connected_providers,
    connected_sheet,
    local_folders,
    phone_sheet,
    sheets_of,
)
from renrakucho.notice.operator_decisions import OperatorDecision, pause_of
from renrakucho.provider.folder import ProviderFolder
from renrakucho.provider.models import Industry
from renrakucho.sheet.form import PROCEDURES, Procedure, Sheet
from renrakucho.sheet.procedure import BOTH_ENDS

OTHER = "other"
_SURE = ("exact", "by_town")
_FROM_SURE: tuple[str, ...] = STATUSES


@dataclass(frozen=True)
class Offer:
    """One provider and procedure that the mover can choose. `key` never changes: water:stop:tokyo-waterworks.

    through: the name of the portal that hands it on; empty where this one tells the provider itself.
    """

    key: str
    industry: str
    procedure: Procedure
    provider: str  # slug of a provider that is connected, or takes this by phone only; else empty
    name: str
    office: str = ""
    phones: tuple[str, ...] = ()
    url: str = ""
    source: str = ""
    as_of: str = ""
    through: str = ""
    municipality: str = ""  # at its end of the move: rules may differ by area
    lacks: str = ""  # the end of the move whose address does not exist, but that the form cannot do without
    parts: tuple[str, ...] = ()  # of one notice for stop and start: the keys of the two offers it stands for

    @property
    def sheet(self) -> Sheet | None:
        """The form it is told in; None where it is only listed."""
        return connected_sheet(self.provider, self.procedure, self.municipality) if self.provider else None

    @property
    def pause(self) -> OperatorDecision | None:
        """The operator's pause of what would carry it."""
        channel = channel_for(self.provider, self.procedure, self.municipality) if self.provider else ""
        return pause_of(self.provider, channel) if channel else None

    @property
    def by_phone(self) -> Sheet | None:
        """The form to telephone by, where it is taken by phone only; None where it is not."""
        return phone_sheet(self.provider, self.procedure, self.municipality) if self.provider else None


@dataclass(frozen=True)
class OfferFinding:
    """The offers for one industry at one end. `status`: of the coverage answer; «nationwide» needs none."""

    industry: str
    end: str
    procedure: Procedure
    status: str
    offers: tuple[Offer, ...]
    note: str = ""
    other: str = ""  # the key for «another company»; empty where another finding of the industry has one

    def choice_keys(self) -> list[str]:
        """Return the keys of all that can be chosen."""
        return [offer.key for offer in self.offers] + ([self.other] if self.other else [])

    @property
    def ends(self) -> tuple[str, ...]:
        """The ends of the move that it is for."""
        return ENDS if self.end == "both" else (self.end,)

    @property
    def is_certain(self) -> bool:
        """Whether the only offer is the mover's own provider. Of all that is nationwide, only broadcasting has one
        provider for everybody: the only bank or insurer that is connected here need not be the mover's own.
        """
        certain = self.status in _SURE or self.industry == Industry.BROADCASTING
        return certain and len(self.offers) == 1


def find_offers(entries: MoveEntries) -> tuple[OfferFinding, ...]:
    """The findings for everything the mover wishes, in the order of the industries; both ends at once before leaving,
    leaving before arriving.
    """
    found = _findings(entries)
    if not entries.absent_ends:
        return tuple(found)
    return tuple(replace(one, offers=tuple(_told_without(offer, entries) for offer in one.offers)) for one in found)


def _told_without(offer: Offer, entries: MoveEntries) -> Offer:
    """The offer as one that is only listed, where its form cannot do without an address that does not exist."""
    sheet = offer.sheet
    needed = (
        {name.partition(".")[0] for blank in sheet.blanks if blank.required for name in blank.facts()} if sheet else ()
    )
    lacks = next((end for end in entries.absent_ends if end in needed), "")
    return replace(offer, provider="", lacks=lacks) if lacks else offer


def chosen_offers(entries: MoveEntries) -> tuple[Offer, ...]:
    """The offers that the mover chose, «another company» included."""
    findings = find_offers(entries)
    chosen = without_parts(entries.chosen, findings)
    offers: list[Offer] = []
    for finding in findings:
        offers += [offer for offer in finding.offers if offer.key in chosen]
        if finding.other and finding.other in chosen:
            name = entries.others.get(finding.other, "")
            offers.append(Offer(finding.other, finding.industry, finding.procedure, "", name))
    return tuple(contract for offer in offers for contract in _contracts(offer, entries))


def _contracts(offer: Offer, entries: MoveEntries) -> Iterator[Offer]:
    """The offer, and one more for each further contract with the company, under the name that the mover gave it."""
    yield offer
    for number, called in enumerate(entries.more.get(offer.key, ()), start=2):
        name = called if offer.key.endswith(f":{OTHER}") else f"{offer.name}（{called}）"
        yield replace(offer, key=contract_key(offer.key, number), name=name, parts=())


def contract_key(key: str, number: int) -> str:
    """The key of a further contract: credit_card:change:jcb#2."""
    return f"{key}#{number}"


def first_contract_key(key: str) -> str:
    """The key of the offer that a contract's key was made from."""
    return key.partition("#")[0]


def contract_number(key: str) -> int:
    """Which contract with the company a key is for: 1 for the first, 2 for credit_card:change:jcb#2."""
    return int(key.partition("#")[2] or 1)


def preselected_keys(entries: MoveEntries, findings: Iterable[OfferFinding]) -> set[str]:
    """Return the keys that were chosen before; for a finding without any, its only offer where that is certain. Where
    that comes to a provider's stop and its start, one notice for both is taken in their place, unless the mover chose
    the two before.
    """
    findings = tuple(findings)
    keys = set(entries.chosen)
    joint = joint_offers(findings)
    covered = {part for offer in joint if offer.key in keys for part in offer.parts}
    for finding in findings:
        if finding.procedure == BOTH_ENDS or not covered.isdisjoint(finding.choice_keys()):
            continue
        # Another address may have another provider for this procedure: then the choice is made anew.
        of_it = tuple(f"{finding.industry}:{procedure}:" for procedure in (finding.procedure, BOTH_ENDS))
        outdated = [key for key in entries.chosen if key.startswith(of_it)]
        if finding.is_certain and keys.isdisjoint(finding.choice_keys()) and (outdated or not entries.chosen):
            keys.add(finding.offers[0].key)
    for offer in joint:
        if keys.issuperset(offer.parts) and not set(entries.chosen).issuperset(offer.parts):
            keys = (keys - {*offer.parts}) | {offer.key}
    return keys


def joint_offers(findings: Iterable[OfferFinding]) -> tuple[Offer, ...]:
    """The offers that take stop and start in one notice."""
    return tuple(offer for finding in findings for offer in finding.offers if offer.parts)


def without_parts(keys: Iterable[str], findings: Iterable[OfferFinding]) -> frozenset[str]:
    """The keys without those that one notice for stop and start among them stands for: nobody is told twice."""
    keys = frozenset(keys)
    return keys - {part for offer in joint_offers(findings) if offer.key in keys for part in offer.parts}


def findings_beside(findings: Iterable[OfferFinding], in_book: frozenset[str]) -> tuple[OfferFinding, ...]:
    """The findings without what the notices of a book stand for already: one for both ends for each end, and those of
    an end for both.
    """
    findings = tuple(findings)
    covered = {part for offer in joint_offers(findings) if offer.key in in_book for part in offer.parts}
    left = []
    for finding in findings:
        offers = tuple(
            offer
            for offer in finding.offers
            if offer.key in in_book or (offer.key not in covered and in_book.isdisjoint(offer.parts))
        )
        if offers or finding.other or not finding.offers:
            left.append(replace(finding, offers=offers))
    return tuple(left)


def _findings(entries: MoveEntries) -> Iterator[OfferFinding]:
    for industry in INDUSTRIES:
        ends = entries.wishes.get(industry, ())
        if industry in PLACE_BOUND:
            placed = [
                _at_place(entries, industry, end) for end in ENDS if end in ends and not entries.place(end).absent
            ]
            yield from _at_both_ends(placed)
            yield from placed
            # A carrier that serves no area of its own keeps its contract over the move: one change of address.
            if ends and any(_everywhere(industry, "change", entries.destination)):
                yield _nationwide(industry, entries.destination, other="")
        elif ends:
            yield _nationwide(industry, entries.destination, other=_other(industry, "change"))


def _at_place(entries: MoveEntries, industry: str, end: str) -> OfferFinding:
    place = entries.place(end)
    procedure: Procedure = "stop" if end == "leaving" else "start"
    answer: CoverageAnswer = providers_at(place.municipality_code, place.town, industry)
    found = tuple(_found(industry, procedure, office, place) for office in answer.offices)
    claims = tuple(_claimed(industry, procedure, place, found))
    # An official source of a place goes before what others say of it; where the market is free, they are a choice more.
    sure = answer.status in _SURE and industry not in FREE_MARKET
    claimed = () if sure else claims
    offers = (*found, *claimed, *_everywhere(industry, procedure, place))
    status = _with_claims(answer.status, len(claimed))
    return OfferFinding(industry, end, procedure, status, offers, answer.note, _other(industry, procedure))


def _at_both_ends(placed: list[OfferFinding]) -> Iterator[OfferFinding]:
    """The finding of who takes both ends in one notice: who serves both addresses, and has a form for each end too."""
    if len(placed) < 2:
        return
    leaving, arriving = placed
    told_there = {offer.provider: offer for offer in arriving.offers if offer.sheet}
    offers = tuple(
        _joint(stop, told_there[stop.provider])
        for stop in leaving.offers
        if stop.provider in told_there and stop.sheet and connected_sheet(stop.provider, BOTH_ENDS, stop.municipality)
    )
    if offers:
        status = max(leaving.status, arriving.status, key=_FROM_SURE.index)
        yield OfferFinding(leaving.industry, "both", BOTH_ENDS, status, offers)


def _joint(stop: Offer, start: Offer) -> Offer:
    offices = dict.fromkeys(office for office in (stop.office, start.office) if office)
    return replace(
        stop,
        key=f"{stop.industry}:{BOTH_ENDS}:{stop.provider}",
        procedure=BOTH_ENDS,
        office="、".join(offices),
        phones=tuple(dict.fromkeys((*stop.phones, *start.phones))),
        parts=(stop.key, start.key),
    )


def _with_claims(status: str, claims: int) -> str:
    """A claim by a provider's own folder, or by a peer portal, makes the answer no surer than «probably»."""
    if not claims:
        return status
    return "probably" if status == "not_known" and claims == 1 else "ask"


def _nationwide(industry: str, place: MovePlace, other: str) -> OfferFinding:
    offers = tuple(_everywhere(industry, "change", place))
    return OfferFinding(industry, "both", "change", "nationwide", offers, other=other)


def _other(industry: str, procedure: Procedure) -> str:
    return f"{industry}:{procedure}:{OTHER}"


def _everywhere(industry: str, procedure: Procedure, place: MovePlace) -> Iterator[Offer]:
    for provider in connected_providers().values():
        if provider.nationwide and provider.industry == industry and procedure in sheets_of(provider):
            yield _of(provider, procedure, place)


def claimed_offers_at(place: MovePlace, industry: str) -> tuple[Offer, ...]:
    """The providers whose own folder, or portal, says that they serve a place; each once, and only who can be told."""
    offers: dict[str, Offer] = {}
    for procedure in PROCEDURES:
        for offer in _claimed(industry, procedure, place, ()):
            if offer.sheet:
                offers.setdefault(offer.provider, offer)
    return tuple(offers.values())


def is_provider_connected(directory_id: str) -> bool:
    """Whether this portal can send a notice to the provider that the directory knows by this id."""
    slugs = [slug for slug, folder in connected_providers().items() if directory_id in folder.directory_ids]
    return any(connected_sheet(slug, procedure) for slug in slugs for procedure in PROCEDURES)


def _claimed(industry: str, procedure: Procedure, place: MovePlace, found: tuple[Offer, ...]) -> Iterator[Offer]:
    """Offers of those who say themselves that they serve the place. A peer's provider that bears the name of one here,
    or of the directory's, is left out: who it is says the operator ([peers.….providers]), not its name.
    """
    listed = {offer.provider for offer in found if offer.provider}
    taken = {
        _bare(name) for name in (*(offer.name for offer in found), *(each.name for each in local_folders().values()))
    }
    for provider in connected_providers().values():
        serves = place.municipality_code in provider.serves and not (provider.through and _bare(provider.name) in taken)
        if serves and provider.industry == industry and procedure in sheets_of(provider):
            offer = _of(provider, procedure, place)
            if offer.provider not in listed:
                yield offer


@lru_cache(maxsize=1024)
def _bare(name: str) -> str:
    """A name as a reader takes it in: width, case and spaces make no other provider."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _known(slug: str, procedure: Procedure, municipality: str) -> bool:
    """Whether the provider can be told there by form, or has words for the phone."""
    return bool(connected_sheet(slug, procedure, municipality) or phone_sheet(slug, procedure, municipality))


def _found(industry: str, procedure: Procedure, office: OfficeFound, place: MovePlace) -> Offer:
    municipality = place.prefecture + place.municipality
    known = [provider for provider in connected_providers().values() if office.provider_id in provider.directory_ids]
    connected = next((provider for provider in known if _known(provider.slug, procedure, municipality)), None)
    named = connected or next(iter(known), None)
    return Offer(
        key=f"{industry}:{procedure}:{office.provider_id}",
        industry=industry,
        procedure=procedure,
        provider=connected.slug if connected else "",
        name=named.name if named else office.provider,
        office=office.office,
        phones=office.phones,
        url=office.url,
        source=office.source,
        as_of=office.as_of,
        through=connected.through if connected else "",
        municipality=municipality,
    )


def _of(provider: ProviderFolder, procedure: Procedure, place: MovePlace) -> Offer:
    municipality = place.prefecture + place.municipality
    connected = _known(provider.slug, procedure, municipality)
    return Offer(
        key=f"{provider.industry}:{procedure}:{provider.slug}",
        industry=provider.industry,
        procedure=procedure,
        provider=provider.slug if connected else "",
        name=provider.name,
        phones=provider.phones,
        url=provider.moving_page or provider.homepage,
        source=provider.source,
        as_of=provider.checked_on.isoformat(),
        through=provider.through if connected else "",
        municipality=municipality,
    )
