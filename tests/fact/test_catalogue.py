import re
from typing import get_args

import pytest

from renrakucho.fact.catalogue import CATALOGUE, Fact, Kind, Sensitivity, UnknownFact, fact_named

every_fact = pytest.mark.parametrize("one", CATALOGUE.values(), ids=CATALOGUE)


@every_fact
def test_a_fact_is_found_by_its_own_name(one: Fact) -> None:
    assert fact_named(one.name) is one
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", one.name)


@every_fact
def test_a_fact_has_words_for_people_and_a_known_kind(one: Fact) -> None:
    assert one.label
    assert one.kind in get_args(Kind)
    assert one.sensitivity in get_args(Sensitivity)


@every_fact
def test_only_facts_of_kind_choice_have_choices(one: Fact) -> None:
    assert bool(one.choices) == (one.kind == "choice")
    codes = [code for code, _ in one.choices]
    assert len(codes) == len(set(codes))


def test_no_two_facts_have_the_same_label() -> None:
    words = [(one.of, one.label) for one in CATALOGUE.values()]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("place", ["origin", "destination", "billing"])
def test_an_address_has_seven_units_and_a_code_and_the_building_is_its_own(place: str) -> None:
    """DS-442 of the Government Interoperability Framework keeps 方書 apart from the block."""
    units = {name.partition(".")[2]: one for name, one in CATALOGUE.items() if name.startswith(f"{place}.")}
    assert set(units) - {"name"} == {
        *("postal_code", "prefecture", "municipality", "town", "block", "building", "room"),
        "municipality_code",
    }
    optional = {"municipality_code", "town", "building", "room"}
    assert {name for name, one in units.items() if one.optional} == optional
    assert {one.sensitivity for name, one in units.items() if name != "name"} == {"location"}


@pytest.mark.parametrize("whose", ["person", "holder"])
def test_every_kanji_name_has_its_kana(whose: str) -> None:
    for part in ("family", "given"):
        assert CATALOGUE[f"{whose}.{part}_kana"].kind == "kana"
        assert CATALOGUE[f"{whose}.{part}_name"].kind == "text"


def test_the_days_of_the_move_are_dates() -> None:
    assert {name for name, one in CATALOGUE.items() if one.kind == "date"} == {"move.leave_on", "move.arrive_on"}


@pytest.mark.parametrize("name", ["", "person", "person.name", "origin.", "PERSON.FAMILY_NAME"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(UnknownFact):
        fact_named(name)
