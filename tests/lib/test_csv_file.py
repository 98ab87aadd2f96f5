"""CSV for other people's systems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.browser_encoding import UnencodableText
from renrakucho.lib.csv_file import (
    BadCsv,
    code_of_cell,
    csv_bytes,
    read_columns,
    read_csv,
    spreadsheet_code,
    without_formula,
)

cells = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1)


@given(st.lists(st.lists(cells, min_size=1), min_size=1))
def test_written_rows_are_read_again(rows: list[list[str]]) -> None:
    assert read_csv(csv_bytes(rows, "UTF-8"), "UTF-8") == [[without_formula(cell) for cell in row] for row in rows]


def test_a_cell_with_lines_and_quotes_stays_one_cell() -> None:
    rows = [["a\nb", 'c"d', "e,f"]]
    assert read_csv(csv_bytes(rows, "UTF-8"), "UTF-8") == rows


def test_shift_jis_is_written_as_windows_does_and_loses_nothing() -> None:
    assert csv_bytes([["髙﨑"]], "Shift_JIS") == b'"\xfb\xfc\xfa\xb1"\r\n'
    assert read_csv(csv_bytes([["髙﨑〜"]], "Shift_JIS"), "Shift_JIS") == [["髙﨑～"]]
    with pytest.raises(UnencodableText):
        csv_bytes([["𠮷"]], "Shift_JIS")


@pytest.mark.parametrize("content", [b"\xff", b'"a', b'"a"b'])
def test_a_file_that_is_no_csv_is_refused(content: bytes) -> None:
    with pytest.raises(BadCsv):
        read_csv(content, "UTF-8")


def test_empty_rows_are_left_out() -> None:
    assert read_csv(b"a, b \r\n , \r\n\r\nc\r\n", "UTF-8") == [["a", "b"], ["c"]]


@pytest.mark.parametrize(
    ("code", "cell"),
    [
        *((code, f"'{code}") for code in ("0012", "００１２", "123456789012", "12E5", "1e3", "1-2", "3/4/26")),
        *((code, code) for code in ("", "0", "12345678901", "A-1", "昭水-7", "1234-5678-9012", "12-345")),
    ],
)
def test_a_code_that_excel_would_change_stands_after_an_apostrophe(code: str, cell: str) -> None:
    assert spreadsheet_code(code) == cell
    assert code_of_cell(cell) == code


def test_columns_are_found_by_their_headings() -> None:
    assert read_columns(b"c;a;b\n1;2;3\n4\n", ["a", "b"]) == [["2", "3"], ["", ""]]
    assert read_columns("a\tb\n髙\t2".encode("utf-16"), ["a", "b"]) == [["髙", "2"]]
    for content, why in ((b"x,y", "headings"), (b"", "headings"), (b'"a', "content")):
        with pytest.raises(BadCsv, match=why):
            read_columns(content, ["a"])
