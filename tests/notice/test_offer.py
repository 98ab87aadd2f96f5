"""Whom a move could be told to."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from renrakucho.mover.entries import INDUSTRIES, MoveEntries, MovePlace
from renrakucho.notice.offer import OfferFinding, chosen_offers, find_offers
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def found(entries: MoveEntries) -> dict[tuple[str, str], OfferFinding]:
    return {(finding.industry, finding.end): finding for finding in find_offers(entries)}


def wishing(*industries: str) -> MoveEntries:
    return replace(cast.entries(()), wishes=dict.fromkeys(industries, ("leaving", "arriving")))


def test_place_bound_industries_are_asked_at_both_ends_and_the_others_once() -> None:
    ends = found(wishing("electricity", "gas", "water", "telephone", "broadcasting", "credit_card"))
    for industry in ("electricity", "gas", "water", "telephone"):
        assert ends[industry, "leaving"].procedure == "stop"
        assert ends[industry, "arriving"].procedure == "start"
    assert ends["broadcasting", "both"].procedure == ends["credit_card", "both"].procedure == "change"


def test_only_the_wished_end_is_asked() -> None:
    entries = replace(cast.entries(()), wishes={"water": ("arriving",)})
    assert found(entries).keys() == {("water", "arriving")}


def test_another_company_can_be_named_in_every_industry_at_every_end() -> None:
    for finding in find_offers(wishing(*INDUSTRIES)):
        joint = finding.procedure == "move" or (finding.industry, finding.end) == ("telephone", "both")
        assert bool(finding.other) != joint, finding


def test_a_carrier_without_an_area_keeps_its_contract_and_is_told_once() -> None:
    telephone = found(wishing("telephone"))["telephone", "both"]
    assert [(offer.key, offer.provider) for offer in telephone.offers] == [("telephone:change:fusion", "fusion")]


def test_an_unsure_answer_of_the_directory_stays_unsure() -> None:
    gas = found(wishing("gas"))["gas", "arriving"]
    assert gas.status == "ask"
    assert {offer.name for offer in gas.offers} == {"昭島ガス", "東京ガス"}


def test_an_unknown_place_has_no_offers() -> None:
    entries = replace(wishing("water", "gas"), origin=MovePlace(municipality_code="99999"))
    ends = found(entries)
    assert ends["water", "leaving"].status == ends["gas", "leaving"].status == "not_known"
    assert ends["water", "leaving"].offers == ()


def test_without_a_connection_a_provider_is_only_listed(settings: Settings, tmp_path: Path) -> None:
    nothing = tmp_path / "connections.toml"
    nothing.write_text("")
    settings.CONNECTIONS = str(nothing)
    for finding in find_offers(wishing("electricity", "water", "broadcasting")):
        assert all(offer.provider == "" and offer.sheet is None for offer in finding.offers)
        assert finding.offers


def test_a_choice_that_is_no_longer_offered_is_dropped() -> None:
    entries = cast.entries(["water:stop:tokyo-waterworks", "water:stop:nobody", "gas:stop:other"])
    offers = chosen_offers(replace(entries, others={"gas:stop:other": "となりのガス"}))
    assert [(offer.key, offer.name) for offer in offers] == [
        ("gas:stop:other", "となりのガス"),
        ("water:stop:tokyo-waterworks", "東京都水道局"),
    ]
