"""Whom a move could be told to: what the directory finds at both ends, and who of them is connected here."""

from collections.abc import Iterator
from dataclasses import dataclass

from renrakucho.coverage.search import Answer, OfficeFound, providers_at
from renrakucho.mover.entries import FREE_MARKET, INDUSTRIES, PLACE_BOUND, Entries
from renrakucho.notice.shelf import connected_sheet, folders
from renrakucho.provider.folder import ProviderFolder
from renrakucho.sheet.form import Procedure, Sheet
from renrakucho.sheet.shelf import sheets

OTHER = "other"


@dataclass(frozen=True)
class Offer:
    """One provider and procedure that the mover can choose. `key` names it for good: water:stop:tokyo-waterworks."""

    key: str
    industry: str
    procedure: Procedure
    provider: str  # slug of a connected provider, or empty
    name: str
    office: str = ""
    phones: tuple[str, ...] = ()
    url: str = ""
    source: str = ""
    as_of: str = ""

    @property
    def sheet(self) -> Sheet | None:
        """The form it is told in; None where it is only listed."""
        return connected_sheet(self.provider, self.procedure) if self.provider else None


@dataclass(frozen=True)
class Finding:
    """What was found for one industry at one end. `status` is coverage's word; «nationwide» needs no address."""

    industry: str
    end: str
    procedure: Procedure
    status: str
    offers: tuple[Offer, ...]
    note: str = ""
    other: str = ""  # the key for «another company», where the market is free


def findings(entries: Entries) -> tuple[Finding, ...]:
    """For everything wished, in the order of the industries; leaving before arriving."""
    return tuple(_findings(entries))


def chosen_offers(entries: Entries) -> tuple[Offer, ...]:
    """What the mover chose of it, «another company» included."""
    offers: list[Offer] = []
    for finding in findings(entries):
        offers += [offer for offer in finding.offers if offer.key in entries.chosen]
        if finding.other and finding.other in entries.chosen:
            name = entries.others.get(finding.other, "")
            offers.append(Offer(finding.other, finding.industry, finding.procedure, "", name))
    return tuple(offers)


def _findings(entries: Entries) -> Iterator[Finding]:
    for industry in INDUSTRIES:
        ends = entries.wishes.get(industry, ())
        if industry in PLACE_BOUND:
            for end in ("leaving", "arriving"):
                if end in ends:
                    yield _at_place(entries, industry, end)
            # A carrier that serves no area of its own keeps its contract over the move: one change of address.
            if ends and any(_everywhere(industry, "change")):
                yield _nationwide(industry, other="")
        elif ends:
            yield _nationwide(industry, other=_other(industry, "change"))


def _at_place(entries: Entries, industry: str, end: str) -> Finding:
    place = entries.place(end)
    procedure: Procedure = "stop" if end == "leaving" else "start"
    answer: Answer = providers_at(place.municipality_code, place.town, industry)
    offers = tuple(_found(industry, procedure, office) for office in answer.offices)
    offers += tuple(_everywhere(industry, procedure))
    return Finding(industry, end, procedure, str(answer.status), offers, answer.note, _other(industry, procedure))


def _nationwide(industry: str, other: str) -> Finding:
    return Finding(industry, "both", "change", "nationwide", tuple(_everywhere(industry, "change")), other=other)


def _other(industry: str, procedure: Procedure) -> str:
    return f"{industry}:{procedure}:{OTHER}" if industry in FREE_MARKET else ""


def _everywhere(industry: str, procedure: Procedure) -> Iterator[Offer]:
    for folder in folders().values():
        if folder.nationwide and folder.industry == industry and procedure in sheets(folder.path):
            yield _of_folder(folder, procedure)


def _found(industry: str, procedure: Procedure, office: OfficeFound) -> Offer:
    slug = next((slug for slug, folder in folders().items() if office.provider_id in folder.directory_ids), "")
    connected = slug if slug and connected_sheet(slug, procedure) else ""
    return Offer(
        key=f"{industry}:{procedure}:{office.provider_id}",
        industry=industry,
        procedure=procedure,
        provider=connected,
        name=folders()[slug].name if slug else office.provider,
        office=office.office,
        phones=office.phones,
        url=office.url,
        source=office.source,
        as_of=office.as_of,
    )


def _of_folder(folder: ProviderFolder, procedure: Procedure) -> Offer:
    return Offer(
        key=f"{folder.industry}:{procedure}:{folder.slug}",
        industry=folder.industry,
        procedure=procedure,
        provider=folder.slug if connected_sheet(folder.slug, procedure) else "",
        name=folder.name,
        phones=folder.phones,
        url=folder.moving_page or folder.homepage,
        source=folder.source,
        as_of=folder.checked_on.isoformat(),
    )
