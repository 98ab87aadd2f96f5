"""Addresses in 京都市: the street stands before the town."""

import pytest

from renrakucho.address.written.address_table import AddressTable
from renrakucho.address.written.parse import parse_address

STREETS = {
    "上る": ("京都府京都市上京区油小路通中立売上る甲斐守町97", "油小路通中立売上る", "甲斐守町", "97"),
    "下ル": ("京都市下京区烏丸通七条下ル東塩小路町721-1", "烏丸通七条下ル", "東塩小路町", "721"),
    "東入": ("京都市中京区三条通高倉東入桝屋町53", "三条通高倉東入", "桝屋町", "53"),
    "西入ル": ("京都市中京区蛸薬師通烏丸西入ル橋弁慶町234", "蛸薬師通烏丸西入ル", "橋弁慶町", "234"),
    "two turns": ("京都市東山区大和大路通四条下る東入博多町100", "大和大路通四条下る東入", "博多町", "100"),
    "丁目 of a turn": ("上京区大宮通寺之内上る二丁目前之町450", "大宮通寺之内上る二丁目", "前之町", "450"),
    "a side": ("上京区寺町通広小路上る東側北之辺町395", "寺町通広小路上る東側", "北之辺町", "395"),
    "a side, where a town is called like it": (
        "京都市下京区新町通仏光寺下る東側岩戸山町425",
        "新町通仏光寺下る東側",
        "岩戸山町",
        "425",
    ),
    "the town before its street": ("京都市上京区役人町中立売通堀川西入260番", "中立売通堀川西入", "役人町", "260"),
    "corner without a turn": ("中京区油小路通御池押油小路町238", "油小路通御池", "押油小路町", "238"),
    "no street": ("京都市中京区上本能寺前町488番地", "", "上本能寺前町", "488"),
    "town begins as a street": (
        "京都市中京区寺町通御池上る上本能寺前町488番地",
        "寺町通御池上る",
        "上本能寺前町",
        "488",
    ),
    "spaces": ("京都市中京区 寺町通御池上る 上本能寺前町 488", "寺町通御池上る", "上本能寺前町", "488"),
}


@pytest.mark.parametrize(("written", "street", "town", "block"), STREETS.values(), ids=STREETS)
def test_a_street_is_recognised(table: AddressTable, written: str, street: str, town: str, block: str) -> None:
    said = parse_address(written, table)
    assert (said.street, said.town, said.block) == (street, town, block)


def test_a_street_without_a_town_is_kept_and_no_town_invented(table: AddressTable) -> None:
    said = parse_address("京都市中京区河原町通四条上ル", table)
    assert (said.street, said.town, said.level) == ("河原町通四条上ル", "", "municipality")


def test_directions_mean_nothing_outside_kyoto(table: AddressTable) -> None:
    said = parse_address("埼玉県川越市新宿町1-2 上る下るハイツ", table)
    assert (said.street, said.town, said.building) == ("", "新宿町", "上る下るハイツ")
