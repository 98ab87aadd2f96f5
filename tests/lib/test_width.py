import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.width import ascii_digits, to_ascii_width, to_full_width

# Weighted to what is typed here; any other character has to pass untouched too.
TEXT = st.text(st.sampled_from("0１aＡ-－ー−‐—ｰ ～　（@＠ｶﾞカ゛タ丁〜一\ufa19𠮷") | st.characters())


@pytest.mark.parametrize(
    ("typed", "narrowed"),
    [
        ("１２３ＡＢＣｘｙｚ", "123ABCxyz"),
        ("１−２ー３", "1-2-3"),
        ("1‐2–3—4―5－6ｰ7─8", "1-2-3-4-5-6-7-8"),
        ("Ａ－１０１", "A-101"),
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"),
        ("１丁目　２番", "1丁目 2番"),
        ("タワー1", "タワー1"),
        ("1ーA号", "1-A号"),
        ("スカイ－ハイツ", "スカイ－ハイツ"),
        ("1〜2丁目", "1〜2丁目"),
        ("1～2丁目", "1～2丁目"),
        ("一一二", "一一二"),
        ("ｶﾞ", "ｶﾞ"),
        ("！｝", "!}"),
        ("\uff00｟", "\uff00｟"),
    ],
)
def test_full_width_becomes_ascii_width(typed: str, narrowed: str) -> None:
    assert to_ascii_width(typed) == narrowed


@pytest.mark.parametrize(
    ("typed", "widened"),
    [("1-A 101", "１－Ａ　１０１"), ("ｺｰﾎﾟ", "コーポ"), ("~\"\\'", "～＂＼＇"), ("〜—", "〜—")],
)
def test_ascii_becomes_full_width(typed: str, widened: str) -> None:
    assert to_full_width(typed) == widened


@pytest.mark.parametrize(
    ("typed", "found"), [("〒１００-0001", "1000001"), ("０３（1234）5678", "0312345678"), ("一二三٣", "")]
)
def test_ascii_digits_keeps_digits_only(typed: str, found: str) -> None:
    assert ascii_digits(typed) == found


@given(TEXT)
def test_a_second_conversion_changes_nothing(text: str) -> None:
    assert to_ascii_width(to_ascii_width(text)) == to_ascii_width(text)
    assert to_full_width(to_full_width(text)) == to_full_width(text)


@given(TEXT)
def test_only_full_width_signs_and_hyphens_change(text: str) -> None:
    assert len(to_ascii_width(text)) == len(text)
    for before, after in zip(text, to_ascii_width(text), strict=True):
        assert before == after or (after in string.printable and before not in string.printable)


@given(st.text(string.printable[:95]))
def test_ascii_survives_there_and_back(text: str) -> None:
    assert to_ascii_width(to_full_width(text)).replace("－", "-").replace("～", "~") == text


@pytest.mark.parametrize("name", ["\ufa19田", "大\ufa10", "𠮷野", "か\u3099", "葛\U000e0100飾", "髙﨑"])
def test_names_keep_their_characters(name: str) -> None:
    assert to_ascii_width(name) == to_full_width(name) == name
