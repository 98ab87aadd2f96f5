"""One notice for stop and start, where one provider serves both addresses and has a form for that."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from renrakucho.mover.entries import MoveEntries, MovePlace
from renrakucho.notice.apply_by import apply_by
from renrakucho.notice.models import Notice
from renrakucho.notice.move_days import ARRIVE, LEAVE, refused_days
from renrakucho.notice.offer import (
    OfferFinding,
    chosen_offers,
    find_offers,
    findings_beside,
    preselected_keys,
)
from renrakucho.notice.requested_items import requested_items
from renrakucho.sheet.window import JAPAN
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

SHINJUKU = MovePlace("1600022", "13104", "東京都", "新宿区", "新宿")
POWER, STOP, START = "electricity:move:tepco-ep", "electricity:stop:tepco-ep", "electricity:start:tepco-ep"
GAS, WATER = "gas:move:tokyo-gas", "water:move:tokyo-waterworks"
WATER_STOP, WATER_START = "water:stop:tokyo-waterworks", "water:start:tokyo-waterworks"
BOTH = ("leaving", "arriving")


def moving(*industries: str, to: MovePlace = SHINJUKU, chosen: tuple[str, ...] = ()) -> MoveEntries:
    return replace(cast.entries(chosen), wishes=dict.fromkeys(industries, BOTH), destination=to)


def joint(entries: MoveEntries) -> list[str]:
    return [offer.key for finding in find_offers(entries) for offer in finding.offers if offer.parts]


def kinds(findings: tuple[OfferFinding, ...]) -> list[str]:
    return [f"{finding.industry}:{finding.procedure}" for finding in findings]


def test_both_ends_of_one_provider_are_offered_in_one_before_each_by_itself() -> None:
    found = find_offers(moving("electricity", "gas", "water"))
    assert kinds(found)[:3] == ["electricity:move", "electricity:stop", "electricity:start"]
    assert joint(moving("electricity", "gas", "water")) == [POWER, GAS, WATER]
    assert found[0].offers[0].parts == (STOP, START)


@pytest.mark.parametrize(
    ("wishes", "to"),
    [
        (("leaving",), SHINJUKU),
        (("arriving",), SHINJUKU),
        (BOTH, cast.AKISHIMA),  # a town with waterworks of its own
        (BOTH, MovePlace("2100004", "14131", "神奈川県", "川崎市川崎区", "宮本町")),
        (BOTH, MovePlace(municipality_code="99999")),
    ],
)
def test_nothing_is_joined_that_one_provider_does_not_serve_at_both_ends(
    wishes: tuple[str, ...], to: MovePlace
) -> None:
    assert joint(replace(moving("water", to=to), wishes={"water": wishes})) == []


def test_without_a_form_for_both_here_the_two_stay_two(settings: Settings, tmp_path: Path) -> None:
    earlier = tmp_path / "connections.toml"
    text = Path("sandbox/connections.toml").read_text("utf-8")
    earlier.write_text(text.replace("[tepco-ep.move]", "[tepco-ep.pause]").replace("/tepco-ep/move", "/x"), "utf-8")
    settings.CONNECTIONS = str(earlier)
    assert joint(moving("electricity", "water")) == [WATER]


def test_the_one_notice_is_preselected_in_place_of_the_two() -> None:
    entries = moving("electricity", "water")
    assert preselected_keys(entries, find_offers(entries)) >= {POWER, WATER}
    assert preselected_keys(entries, find_offers(entries)).isdisjoint({STOP, START, WATER_STOP, WATER_START})


@pytest.mark.parametrize(
    ("chosen", "to", "expected"),
    [
        ((STOP, START), SHINJUKU, {STOP, START}),  # chosen as two: they stay two
        ((STOP,), SHINJUKU, {STOP}),  # only one end is wished
        ((POWER,), SHINJUKU, {POWER}),
        ((WATER_STOP, "water:start:akishima-water"), SHINJUKU, {WATER}),  # the new address made it one
        ((WATER,), cast.AKISHIMA, {WATER_STOP}),  # and this one parts it again
    ],
)
def test_another_address_joins_and_parts_what_was_chosen(
    chosen: tuple[str, ...], to: MovePlace, expected: set[str]
) -> None:
    entries = moving("electricity", "water", to=to, chosen=chosen)
    found = find_offers(entries)
    offered = {key for finding in found for key in finding.choice_keys()}
    assert preselected_keys(entries, found) & offered == expected


def test_nobody_is_told_twice() -> None:
    assert [offer.key for offer in chosen_offers(moving("electricity", chosen=(STOP, POWER, START)))] == [POWER]


def test_a_book_has_one_notice_with_what_both_ends_need() -> None:
    entries = moving("electricity", chosen=(POWER,))
    needed = requested_items(chosen_offers(entries))
    assert needed.days == {LEAVE, ARRIVE}
    assert {"origin.block", "destination.block", "payment.final"} <= needed.sheets.keys()
    notice = Notice.objects.get(book=cast.registered(entries))
    assert (notice.procedure, notice.provider, notice.offer) == ("move", "tepco-ep", POWER)


def test_each_of_its_days_is_held_against_its_own_window() -> None:
    (offer,) = chosen_offers(moving("water", chosen=(WATER,)))
    now = datetime(2026, 11, 28, 12, tzinfo=JAPAN)
    today = now.date()
    refused = {
        (fact, days)
        for fact in (LEAVE, ARRIVE)
        for days in (-1, 0, 2, 3, 30, 31)
        if list(refused_days(fact, today + timedelta(days=days), [offer], now))
    }
    assert refused == {(LEAVE, -1), (LEAVE, 0), (LEAVE, 2), (LEAVE, 31), (ARRIVE, -1), (ARRIVE, 31)}


def test_beside_a_book_nothing_is_offered_that_it_stands_for() -> None:
    found = find_offers(moving("electricity", "water"))
    of_one = findings_beside(found, frozenset({POWER}))
    assert {STOP, START}.isdisjoint(key for finding in of_one for key in finding.choice_keys())
    assert POWER in of_one[0].choice_keys()
    of_two = findings_beside(found, frozenset({WATER_STOP}))
    assert "water:move" not in kinds(of_two)
    assert {WATER_STOP, WATER_START} <= {key for finding in of_two for key in finding.choice_keys()}


def test_it_has_to_be_asked_for_by_the_earlier_of_both_limits() -> None:
    (offer,) = chosen_offers(moving("water", chosen=(WATER,)))
    by = apply_by("move", offer.sheet, {LEAVE: "2026-12-20", ARRIVE: "2026-12-18"})
    assert (by.on, by.opens_on, by.last_on) == (date(2026, 12, 18), date(2026, 11, 20), date(2026, 12, 17))
