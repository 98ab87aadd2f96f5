"""Numerals, folded keys, and the address table."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.address.written.address_table import AddressTable, WrongTable
from renrakucho.address.written.folding import fold_key, fold_text, narrow_in_place
from renrakucho.address.written.numerals import digits_to_kanji, kanji_to_digits
from renrakucho.address.written.table_builder import build_table
from renrakucho.address.written.table_cache import table_sources


@given(number=st.integers(1, 9999))
def test_numerals_are_converted_both_ways(number: int) -> None:
    assert kanji_to_digits(digits_to_kanji(str(number))) == str(number)


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("一千二百", "1200"),
        ("一二三", "123"),
        ("二〇", "20"),
        ("弐拾壱", "21"),
        ("百", "100"),
        ("三五十", ""),
        ("十百", ""),
        ("", ""),
    ],
)
def test_malformed_numbers_are_no_numbers(said: str, digits: str) -> None:
    assert kanji_to_digits(said) == digits


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("霞ヶ関", "霞が関"),
        ("丸の内", "丸之内"),
        ("四ッ谷", "四つ谷"),
        ("代々木", "代代木"),
        ("澤", "沢"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("か\u3099ら", "がら"),
        ("葛\U000e0100城", "葛城"),
        ("24軒", "二十四軒"),
        ("大字平方", "平方"),
        ("渡 邊", "渡辺"),
        ("①番", "一番"),
    ],
)
def test_spellings_fold_to_one_key(one: str, other: str) -> None:
    assert fold_key(one) == fold_key(other)


@pytest.mark.parametrize(("one", "other"), [("1 2", "12"), ("十文字", "十文"), ("和字", "和"), ("東", "西")])
def test_different_names_fold_to_different_keys(one: str, other: str) -> None:
    assert fold_key(one) != fold_key(other)


@given(text=st.text())
def test_positions_of_a_key_are_in_order_and_in_the_text(text: str) -> None:
    folded = fold_text(text)
    assert len(folded.key) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


@given(text=st.text())
def test_narrowing_keeps_the_length(text: str) -> None:
    assert len(narrow_in_place(text)) == len(text)


@pytest.mark.parametrize("data", [b"", b"no", b"[]", b"{}", b'{"format":"0"}'])
def test_other_bytes_raise_wrong_table(data: bytes) -> None:
    with pytest.raises(WrongTable):
        AddressTable(data)


def test_a_table_built_with_other_variants_is_refused() -> None:
    table = json.loads(build_table(table_sources()))
    table["format"] = table["format"][:-1] + "x"
    with pytest.raises(WrongTable):
        AddressTable(json.dumps(table).encode())


def test_floors_and_notes_of_the_postal_list_are_no_towns(table: AddressTable) -> None:
    towns = {town for m in table.municipalities.values() for town in m.towns.exact.values()}
    assert not [t for t in towns if "の次に" in t or "地割" in t or "、" in t or "〜" in t]
    assert "西新宿" not in {
        t.partition("+")[0][:3] for t in table.municipalities["13104"].towns.exact.values() if "ビル" in t
    }


def test_postal_codes_lead_to_municipalities(table: AddressTable) -> None:
    assert table.codes_at("2060041") == {"13224"}
    assert table.codes_at("0000000") == set()
    assert len(table.codes_at("4980000")) == 2
