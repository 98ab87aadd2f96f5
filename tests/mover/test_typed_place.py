"""Typed places: which town, municipality and postal code a typed text means."""

from dataclasses import replace

import pytest

from renrakucho.address.address_parts import AddressParts
from renrakucho.address.place_lookup import towns_at
from renrakucho.mover.entries import MoveEntries, MovePlace
from renrakucho.mover.facts import facts_of
from renrakucho.mover.typed_place import (
    contradicts_code,
    house_typed_at,
    place_at,
    place_of_fields,
    place_typed_in,
    rejoined_house,
    with_place,
    with_postal_code,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

CHIYODA = MovePlace("", "13101", "東京都", "千代田区", "二番町")


@pytest.mark.parametrize(
    ("fields", "municipality", "town", "parts"),
    [
        (("東京都", "千代田区", "二番町5-6"), "千代田区", "二番町", ("", "5-6", "", "")),
        (("東京都", "千代田区", "千代田区二番町5-6"), "千代田区", "二番町", ("", "5-6", "", "")),
        (("東京都", "千代田区", "東京都千代田区二番町5-6"), "千代田区", "二番町", ("", "5-6", "", "")),
        (("東京都", "千代田区二番町", ""), "千代田区", "二番町", ("", "", "", "")),
        (("東京都", "東京都千代田区", "二番町"), "千代田区", "二番町", ("", "", "", "")),
        (("", "", "東京都千代田区二番町5-6 あいおいビル301"), "千代田区", "二番町", ("", "5-6", "あいおいビル", "301")),
        (("神奈川県", "横浜市", "みなとみらい2-3-1"), "横浜市西区", "みなとみらい", ("", "2-3-1", "", "")),
        (("静岡県", "浜松市北区", "細江町気賀305"), "浜松市浜名区", "細江町気賀", ("", "305", "", "")),
        (("茨城県", "竜ケ崎市", "川原代町1"), "龍ケ崎市", "川原代町", ("", "1", "", "")),
        (
            ("京都府", "京都市中京区", "寺町通御池上る上本能寺前町488"),
            "京都市中京区",
            "上本能寺前町",
            ("寺町通御池上る", "488", "", ""),
        ),
    ],
)
def test_an_address_is_read_from_any_field(
    fields: tuple[str, str, str], municipality: str, town: str, parts: tuple[str, ...]
) -> None:
    typed = place_typed_in(*fields)
    assert typed is not None
    (found,) = typed.found.towns
    assert (found.municipality, found.town, typed.found.parts) == (municipality, town, parts)
    assert (typed.names_municipality, typed.other, typed.doubtful) == (True, None, "")


def test_an_address_of_another_municipality_is_not_taken() -> None:
    typed = place_typed_in("東京都", "千代田区", "港区芝1-2-3")
    assert typed is not None
    assert typed.other is not None
    assert typed.other.municipality == "港区"


def test_a_ward_that_has_no_such_town_is_asked_about() -> None:
    typed = place_typed_in("神奈川県", "横浜市中区", "みなとみらい2-3-1")
    assert typed is not None
    assert {town.municipality for town in typed.found.towns} == {"横浜市西区", "横浜市中区"}


def test_a_text_that_is_no_town_is_said() -> None:
    unread = place_typed_in("東京都", "千代田区", "無い町5-6")
    assert unread is not None
    assert unread.found.town_unread
    doubtful = place_typed_in("東京都", "千代田区", "千代田ほげ5")
    assert doubtful is not None
    assert doubtful.doubtful == "ほげ"


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("5-6", ("", "5-6", "", "")),
        ("二番町5-6", ("", "5-6", "", "")),
        ("５－６ あいおいビル３０１", ("", "５－６", "あいおいビル", "３０１")),
        ("東京都千代田区二番町5-6 あいおいビル301", ("", "5-6", "あいおいビル", "301")),
        ("5-6-301", ("", "5-6-301", "", "")),
        ("港区芝1-2-3", None),
        ("一番町3", None),
    ],
)
def test_building_and_room_are_split_from_the_block(typed: str, parts: tuple[str, ...] | None) -> None:
    assert house_typed_at(CHIYODA, typed) == parts


def test_a_changed_place_asks_block_building_and_room_anew() -> None:
    house = {"origin.block": "5-6", "origin.building": "あいおいビル", "origin.room": "301"}
    entries = MoveEntries(origin=CHIYODA, items=house)
    moved = with_place(entries, "origin", replace(CHIYODA, town="三番町"), AddressParts(block="7-8"))
    assert moved.items == {"origin.block": "7-8"} | {f"earlier.{name}": text for name, text in house.items()}
    assert with_place(entries, "origin", CHIYODA, AddressParts()) == entries
    ends = with_place(entries, "destination", CHIYODA, AddressParts(block="1"))
    assert ends.items == house | {"destination.block": "1"}


def test_the_street_before_the_town_is_told_with_it() -> None:
    kyoto = MovePlace("6048091", "26104", "京都府", "京都市中京区", "上本能寺前町", "寺町通御池上る")
    assert kyoto.text == "京都府京都市中京区寺町通御池上る上本能寺前町"
    assert facts_of(MoveEntries(origin=kyoto))["origin.town"] == "寺町通御池上る上本能寺前町"


def test_a_town_with_one_postal_code_gets_it_and_a_typed_code_stays() -> None:
    assert with_postal_code(CHIYODA).postal_code == "1020084"
    typed = MovePlace("1028012", "13101", "東京都", "千代田区", "二番町")
    assert with_postal_code(typed) == typed


def test_a_postal_code_gives_its_town_unless_it_was_given_already() -> None:
    found, parts = place_at("102-0084", MovePlace())
    assert (found.postal_code, found.municipality_code, found.town) == ("1020084", "13101", "二番町")
    assert parts == AddressParts()
    chosen = MovePlace("1020084", "13101", "東京都", "千代田区", "一番町")
    assert place_at("102-0084", chosen) == (chosen, AddressParts())


@pytest.mark.parametrize("typed", ["東京都千代田区二番町5-6", "〒102-0084 千代田区二番町5-6", "千代田区二番町5-6"])
def test_an_address_gives_its_town_and_its_parts(typed: str) -> None:
    assert place_at(typed, MovePlace()) == (replace(CHIYODA, postal_code="1020084"), AddressParts(block="5-6"))


def test_a_town_that_the_postal_service_does_not_list_is_not_lost() -> None:
    place, parts = place_at("新潟県岩船郡粟島浦村字日ノ見山1513-11", MovePlace())
    assert (place.municipality, place.town, parts.block) == ("岩船郡粟島浦村", "日ノ見山", "1513-11")


def test_an_address_of_several_places_is_kept_as_typed_to_be_asked_about() -> None:
    assert place_at("泉町1-1", MovePlace()) == (MovePlace(town="泉町1-1"), AddressParts())


def test_a_postal_code_contradicts_a_place_of_another_municipality() -> None:
    towns = towns_at("102-0084")
    assert not contradicts_code(CHIYODA, towns)
    assert contradicts_code(replace(CHIYODA, town="一番町"), towns)
    assert contradicts_code(MovePlace("", "13207", "東京都", "昭島市", "昭和町"), towns)


def test_the_places_of_a_move_are_named_by_its_ends() -> None:
    entries = MoveEntries(origin=CHIYODA)
    assert entries.place("leaving") == CHIYODA
    assert entries.place("arriving") == MovePlace()


def test_a_field_left_empty_takes_no_part_of_the_others() -> None:
    without_prefecture = place_typed_in("", "千代田区", "二番町5-6")
    assert without_prefecture is not None
    assert without_prefecture.found.single is not None
    assert without_prefecture.found.single.municipality == "千代田区"
    without_municipality = place_typed_in("東京都", "", "歌舞伎町1-4-1")
    assert without_municipality is not None
    assert not without_municipality.names_municipality


def test_a_house_at_a_town_that_is_not_known_stays_as_typed() -> None:
    unknown = replace(CHIYODA, town="存在しない町")
    assert house_typed_at(unknown, "5-6 あいおいビル301") == AddressParts(block="5-6 あいおいビル301")


def test_a_room_behind_a_building_is_a_room_with_a_hyphen_too() -> None:
    assert house_typed_at(CHIYODA, "5-6 あいおいビル-301") == AddressParts("", "5-6", "あいおいビル", "301")


@pytest.mark.parametrize(
    ("typed", "house"),
    [("二番町5-6 あいおいビル301", "5-6 あいおいビル301"), ("5-6 301", "5-6 301"), ("５-６ 301", "５-６ 301")],
)
def test_a_house_without_fields_of_its_parts_is_one_text(typed: str, house: str) -> None:
    assert rejoined_house(AddressParts(block="5-6", room="301"), typed) == house


def test_a_municipality_alone_is_asked_about() -> None:
    assert place_at("東京都千代田区", MovePlace()) == (MovePlace(town="東京都千代田区"), AddressParts())


def test_a_place_that_stays_takes_a_new_house_and_a_new_place_none() -> None:
    house = {"origin.block": "5-6", "origin.building": "あいおいビル"}
    entries = MoveEntries(origin=CHIYODA, items=house)
    stays = with_place(entries, "origin", CHIYODA, AddressParts(block="7"))
    assert stays.items["origin.block"] == "7"
    moved = with_place(entries, "origin", replace(CHIYODA, town="三番町"), AddressParts())
    assert moved.items == {f"earlier.{name}": text for name, text in house.items()}


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        (("東京都", "千代田区", "二番町"), CHIYODA),
        (("東京都", "千代田区", "無い町"), replace(CHIYODA, town="")),  # what is no town may stand in another field
        (("", "", "みなとみらい"), MovePlace(town="みなとみらい")),  # a town alone names no municipality
        (
            ("東京都", "千代田区", "港区芝1-2-3"),
            MovePlace(prefecture="東京都", municipality="千代田区", town="港区芝1-2-3"),
        ),
        (("ほげ", "ふが", ""), MovePlace(prefecture="ほげ", municipality="ふが")),
    ],
)
def test_three_fields_mean_a_place_or_stay_as_typed(fields: tuple[str, str, str], place: MovePlace) -> None:
    assert place_of_fields(*fields) == place
