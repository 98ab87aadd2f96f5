"""Who serves a place, industry by industry, with what a reader needs beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from renrakucho.address.place import TownAt
from renrakucho.coverage.answer import Answer
from renrakucho.coverage.search import providers_at
from renrakucho.faces.directory.words import SEARCHED, contract_note, headline, next_step
from renrakucho.mover.entries import Place
from renrakucho.notice.offer import Offer, claimed_at
from renrakucho.notice.shelf import connected_sheet, providers


@dataclass(frozen=True, slots=True)
class Found:
    """The answer for one industry and its words."""

    industry: str
    answer: Answer

    @property
    def headline(self) -> str:
        return headline(self.industry, self.answer)

    @property
    def next_step(self) -> str:
        return next_step(self.industry, self.answer)

    @property
    def contract_note(self) -> str:
        operators = {office.operator for office in self.answer.offices}
        if self.answer.status in ("none_here", "not_known"):
            return ""
        return contract_note(self.industry, operators.pop() if len(operators) == 1 else "")


def found_at(town: TownAt, industries: Sequence[str] = SEARCHED) -> list[Found]:
    """The answers for a town (or, with the town "", a municipality) in the order of the industries."""
    return [Found(one, providers_at(town.municipality_code, town.town, one)) for one in industries]


def all_alike(towns: Sequence[TownAt]) -> bool:
    """Whether towns of one municipality have the same answers, so that nobody needs to choose."""
    first = towns[0]
    if any(town.municipality_code != first.municipality_code for town in towns):
        return False
    return all(found_at(town) == found_at(first) for town in towns[1:])


def claims(town: TownAt, one: Found) -> list[Offer]:
    """Whom the directory does not name here, and who can be told all the same: by the provider's own folder, or by
    another portal's listing. The directory's own answer stays as it is.
    """
    named = {office.provider for office in one.answer.offices}
    place = Place("", town.municipality_code, town.prefecture, town.municipality, town.town)
    return [offer for offer in claimed_at(place, one.industry) if offer.name not in named]


def connected(provider_id: str) -> bool:
    """Whether the portal itself can tell this provider of a move."""
    slugs = [slug for slug, known in providers().items() if provider_id in known.directory_ids]
    return any(connected_sheet(slug, procedure) for slug in slugs for procedure in ("stop", "start", "change"))
