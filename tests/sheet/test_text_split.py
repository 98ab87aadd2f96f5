"""A text that goes on in the next blank: nothing of it is lost, cut or changed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.browser_encoding import byte_length, unencodable_characters
from renrakucho.sheet.fill import CannotSay, fill_sheet
from renrakucho.sheet.form import Blank, Sheet
from renrakucho.sheet.text_split import capacity_of, split_text
from tests.sheet.cast import a_blank, a_sheet

HOME = {"origin.block": "1-2-3", "origin.building": "グランドハイツ千代田九段南弐番館", "origin.room": "1203"}


def an_address(*limits: dict[str, Any], encoding: str = "UTF-8") -> Sheet:
    first, *others = limits
    blanks = [a_blank("J1", say="{origin.block|wide}　{origin.building}[　{origin.room|wide}]", label="住所", **first)]
    for n, limit in enumerate(others, start=2):
        blanks.append(Blank(name=f"J{n}", label=f"住所（{n}）", rest_of=f"J{n - 1}", **limit))
    return a_sheet(*blanks, encoding=encoding)


def texts(sheet: Sheet, facts: dict[str, str] = HOME) -> list[str]:
    return [line.text for line in fill_sheet(sheet, facts).lines]


def test_a_long_text_goes_on_in_the_next_blank() -> None:
    sheet = an_address({"longest": 12}, {"longest": 12}, {"longest": 12})
    assert texts(sheet) == ["１－２－３　グランドハイ", "ツ千代田九段南弐番館　１", "２０３"]


def test_a_text_that_fits_leaves_the_rest_empty() -> None:
    assert texts(an_address({"longest": 40}, {"longest": 12})) == [
        "１－２－３　グランドハイツ千代田九段南弐番館　１２０３",
        "",
    ]


def test_bytes_are_counted_as_the_form_counts_them_and_no_character_is_cut() -> None:
    sheet = an_address({"longest_bytes": 13}, {"longest_bytes": 60}, encoding="Shift_JIS")
    assert texts(sheet) == ["１－２－３　", "グランドハイツ千代田九段南弐番館　１２０３"]


def test_a_text_too_long_for_all_blanks_is_a_problem_of_the_first() -> None:
    with pytest.raises(CannotSay) as error:
        fill_sheet(an_address({"longest": 12}, {"longest": 12}), HOME)
    (problem,) = error.value.problems
    assert (problem.blank.name, problem.kind, problem.limit, problem.in_bytes) == ("J1", "too_long", 24, False)
    assert problem.text == "１－２－３　グランドハイツ千代田九段南弐番館　１２０３"


def test_a_replacement_goes_on_in_the_next_blank_too() -> None:
    filled = fill_sheet(an_address({"longest": 4}, {"longest": 4}), HOME, instead={"J1": "１－２－３　弐"})
    assert [line.text for line in filled.lines] == ["１－２－", "３　弐"]


def test_a_split_text_is_shown_in_one_piece() -> None:
    sheet = a_sheet(
        a_blank("J1", say="{origin.building}", label="建物名（前半）", longest=9),
        Blank(name="J2", label="建物名（後半）", rest_of="J1", longest=9),
    )
    (row,) = fill_sheet(sheet, HOME).rows()
    assert (row.label, row.shown) == ("建物名", "グランドハイツ千代田九段南弐番館")


def test_a_part_may_fill_its_blank_to_the_last_byte() -> None:
    assert split_text("あいう", [a_blank(longest_bytes=6), a_blank(longest_bytes=3)], "UTF-8") == ["あい", "う"]


@pytest.mark.parametrize(
    ("limits", "text", "capacity"),
    [
        ([{"longest": 2, "longest_bytes": 9}, {"longest": 1}], "あいうえ", (3, False)),
        ([{"longest": 2, "longest_bytes": 5}, {"longest": 1}], "あいう", (6, True)),  # it is the bytes that exceed
        ([{"longest": 2}, {"longest_bytes": 4}], "あいうえお", (6, True)),
    ],
)
def test_the_limit_that_a_text_exceeds_is_told(
    limits: list[dict[str, Any]], text: str, capacity: tuple[int, bool]
) -> None:
    assert capacity_of(text, [a_blank(**limit) for limit in limits]) == capacity


LIMIT = st.fixed_dictionaries({}, optional={"longest": st.integers(1, 15), "longest_bytes": st.integers(2, 30)})


@given(
    st.text("あ亜𠮷ﾊﾝｶｸABC123　 -", max_size=40),
    st.lists(
        st.fixed_dictionaries({}, optional={"longest": st.integers(1, 15), "longest_bytes": st.integers(2, 30)}).filter(
            bool
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["UTF-8", "Shift_JIS", "EUC-JP"]),
)
def test_the_joined_parts_are_the_whole_text_or_nothing_is_sent(
    text: str, limits: list[dict[str, Any]], encoding: str
) -> None:
    first, *others = limits
    sheet = a_sheet(
        a_blank("J1", say="{origin.building}", **first),
        *(Blank(name=f"J{n}", label="", rest_of=f"J{n - 1}", **limit) for n, limit in enumerate(others, start=2)),
        encoding=encoding,
    )
    try:
        found = texts(sheet, {"origin.building": text})
    except CannotSay as error:
        (problem,) = error.problems
        assert problem.kind in ("unsayable", "too_long")
        return
    assert "".join(found) == text.strip()
    assert not unencodable_characters(text.strip(), encoding)
    for piece, limit in zip(found, limits, strict=True):
        assert len(piece) <= limit.get("longest", len(piece))
        assert byte_length(piece, encoding) <= limit.get("longest_bytes", 200)
