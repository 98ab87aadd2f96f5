"""Moves with one address in Japan: abroad, or not found yet, at the other end."""

from dataclasses import replace

import pytest

from renrakucho.faces.book.apply.items_form import ItemsForm, as_typed
from renrakucho.mover.entries import MoveEntries, MovePlace
from renrakucho.mover.facts import facts_of
from renrakucho.notice.models import Notice
from renrakucho.notice.offer import chosen_offers, find_offers
from renrakucho.receipt.mover_actions import hand_over_notice
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

NOWHERE = MovePlace(absent=True)
BOTH = ("leaving", "arriving")
POWER, GAS, WATER = "electricity:stop:tepco-ep", "gas:stop:tokyo-gas", "water:stop:tokyo-waterworks"


def leaving_japan(*chosen: str) -> MoveEntries:
    wishes = dict.fromkeys(("electricity", "gas", "water", "broadcasting"), BOTH)
    return replace(cast.entries(chosen), wishes=wishes, destination=NOWHERE)


def test_nothing_is_sought_at_an_address_that_does_not_exist() -> None:
    assert {finding.procedure for finding in find_offers(leaving_japan())} == {"stop", "change"}
    arriving = replace(leaving_japan(), origin=NOWHERE, destination=cast.AKISHIMA)
    assert {finding.procedure for finding in find_offers(arriving)} == {"start", "change"}


def test_a_form_that_cannot_do_without_that_address_says_so_and_is_told_by_phone() -> None:
    offers = {offer.key: offer for finding in find_offers(leaving_japan()) for offer in finding.offers}
    assert (offers[POWER].lacks, bool(offers[POWER].sheet)) == ("", True)
    assert (offers[WATER].lacks, offers[WATER].sheet, offers[WATER].provider) == ("destination", None, "")
    assert offers["broadcasting:change:nhk"].lacks == "destination"


def test_nothing_of_that_address_is_asked_and_the_last_bill_goes_to_one_that_exists() -> None:
    entries = leaving_japan(POWER, GAS)
    form = ItemsForm(entries, chosen_offers(entries))
    assert not [name for name in form.fields if name.startswith("destination.")]
    assert [code for code, _label in form.fields["billing.to"].choices] == ["origin", "other"]  # type: ignore[attr-defined]
    refused = ItemsForm(entries, chosen_offers(entries), as_typed(entries))
    assert "billing.to" in refused.errors  # the new address that was entered as the bill's before


def test_such_a_notice_is_told_with_what_there_is() -> None:
    entries = leaving_japan(POWER)
    entries = replace(entries, items={**entries.items, "billing.to": "origin"})
    form = ItemsForm(entries, chosen_offers(entries), as_typed(entries))
    assert form.is_valid(), form.errors
    notice = Notice.objects.get(book=cast.registered(form.needed()))
    assert hand_over_notice(notice).status == "handed_over"
    facts = facts_of(form.needed())
    assert (facts["billing.municipality"], facts["destination.municipality"]) == ("千代田区", "")


@pytest.mark.parametrize(
    ("wishes", "needed"),
    [
        ({"gas": ("leaving",)}, {"origin"}),
        ({"gas": ("arriving",), "water": ("arriving",)}, {"destination"}),
        ({"gas": ("leaving",), "water": ("arriving",)}, {"origin", "destination"}),
        ({"gas": ("leaving",), "bank": BOTH}, {"origin", "destination"}),
    ],
)
def test_an_end_that_nothing_is_wished_at_needs_no_address(
    wishes: dict[str, tuple[str, ...]], needed: set[str]
) -> None:
    assert MoveEntries(wishes=wishes).needed_ends == needed
