"""Least data: an item is asked for only where a chosen provider's sheet says it, held over every sheet there is."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations

import pytest

from renrakucho.mover.facts import NAME_PARTS, PLACE_PARTS
from renrakucho.notice.connected_providers import local_folders, sheets_of
from renrakucho.notice.offer import Offer
from renrakucho.notice.requested_items import NOT_ASKED, requested_items
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.procedure import required_days

ANSWERS = [
    {"holder.same": same, "billing.to": where} for same in ("yes", "no") for where in ("destination", "origin", "other")
]


class SheetOffer(Offer):
    """An offer of a provider's folder, whether or not this installation is connected to it."""

    @property
    def sheet(self) -> Sheet:
        """The form in the folder."""
        return sheets_of(local_folders()[self.provider])[self.procedure]


@cache
def every_offer() -> list[Offer]:
    """One offer for each sheet of every folder in providers/."""
    return [
        SheetOffer(f"{folder.industry}:{procedure}:{slug}", folder.industry, procedure, slug, folder.name)
        for slug, folder in sorted(local_folders().items())
        for procedure in sorted(sheets_of(folder))
    ]


def used(offer: Offer, answers: Mapping[str, str]) -> Iterator[str]:
    """The items that this sheet uses, by its facts alone: written without the code that is tested."""
    sheet = offer.sheet
    assert sheet
    said = set(sheet.facts()) - {NOT_ASKED}
    yield from ("contact.email", *required_days(offer.procedure))
    for name in said:
        prefix, _dot, part = name.partition(".")
        if prefix == "holder" and part in NAME_PARTS:
            yield "holder.same"
            yield f"person.{part}" if answers["holder.same"] == "yes" else name
        elif prefix == "billing" and part in PLACE_PARTS:
            yield "billing.to"
            yield name if answers["billing.to"] == "other" else f"{answers['billing.to']}.{part}"
        else:
            yield name


@pytest.mark.parametrize("answers", ANSWERS, ids=lambda answers: "-".join(answers.values()))
def test_each_sheet_alone_asks_for_nothing_that_it_does_not_use(answers: dict[str, str]) -> None:
    offers = every_offer()
    assert len(offers) > 20
    for offer in offers:
        items = requested_items([offer])
        asked = {
            name
            for name in items.fields({})
            if name in ("contact.email", "holder.same", "billing.to", *required_days(offer.procedure))
            or items.recipients(name, answers)
        }
        assert asked <= set(used(offer, answers)), offer.key


@pytest.mark.parametrize("answers", ANSWERS, ids=lambda answers: "-".join(answers.values()))
def test_providers_together_ask_for_no_more_than_each_alone(answers: dict[str, str]) -> None:
    for pair in combinations(every_offer(), 2):
        items = requested_items(pair)
        for name in items.fields({}):
            getting = set(items.recipients(name, answers))
            alone = {offer.name for offer in pair if requested_items([offer]).recipients(name, answers)}
            assert getting == alone, (name, [offer.key for offer in pair])
