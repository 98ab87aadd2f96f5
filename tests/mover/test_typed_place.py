"""Typed places: which town, municipality and postal code a typed text means."""

import pytest

from renrakucho.address.place_lookup import municipality_named, towns_at
from renrakucho.mover.entries import MoveEntries, MovePlace
from renrakucho.mover.typed_place import (
    contradicts_code,
    municipalities_typed,
    place_at,
    town_typed_in,
    with_postal_code,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

CHIYODA = MovePlace("", "13101", "東京都", "千代田区", "二番町")


@pytest.mark.parametrize(
    ("prefecture", "typed", "codes", "certain"),
    [
        ("東京都", "千代田区", ["13101"], True),
        ("東京都", "府中市", ["13206"], True),
        ("東京都", "無い市", [], False),
    ],
)
def test_a_municipality_of_exactly_this_name_is_certain(
    prefecture: str, typed: str, codes: list[str], certain: bool
) -> None:
    found, is_certain = municipalities_typed(prefecture, typed)
    assert ([each.code for each in found], is_certain) == (codes, certain)


@pytest.mark.parametrize(
    ("typed", "town", "rest"),
    [("二番町5-6", "二番町", "5-6"), ("無い町5-6", "無い町5-6", "")],
)
def test_a_typed_town_is_split_from_the_rest(typed: str, town: str, rest: str) -> None:
    (chiyoda,) = municipality_named("東京都", "千代田区")
    assert town_typed_in(chiyoda, typed) == (town, rest)


def test_a_town_with_one_postal_code_gets_it_and_a_typed_code_stays() -> None:
    assert with_postal_code(CHIYODA).postal_code == "1020084"
    typed = MovePlace("1028012", "13101", "東京都", "千代田区", "二番町")
    assert with_postal_code(typed) == typed


def test_a_postal_code_gives_its_town_unless_it_was_given_already() -> None:
    found = place_at("102-0084", MovePlace())
    assert (found.postal_code, found.municipality_code, found.town) == ("1020084", "13101", "二番町")
    chosen = MovePlace("1020084", "13101", "東京都", "千代田区", "一番町")
    assert place_at("102-0084", chosen) == chosen


def test_a_postal_code_contradicts_a_place_of_another_municipality() -> None:
    towns = towns_at("102-0084")
    assert not contradicts_code(CHIYODA, towns)
    assert contradicts_code(MovePlace("", "13207", "東京都", "昭島市", "昭和町"), towns)


def test_the_places_of_a_move_are_named_by_its_ends() -> None:
    entries = MoveEntries(origin=CHIYODA)
    assert entries.place("leaving") == CHIYODA
    assert entries.place("arriving") == MovePlace()
