"""Cleaning of what people type: harmless is done, a kanji stays, and what cannot be meant is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.typed_text import clean_code, clean_kana, clean_line, clean_lines, find_unreadable


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("\u200b髙﨑\ufeff", "髙﨑"),
        ("髙\u200b﨑", "髙﨑"),
        ("\u202a太郎\u202c", "太郎"),
        ("\u2067太郎\u2069", "太郎"),
        ("太\u200d郎", "太郎"),
        ("soft\xadhyphen", "softhyphen"),
        ("John\xa0Smith", "John Smith"),
        ("山田\t太郎", "山田 太郎"),
        ("山田\u2003太郎\u2028", "山田 太郎"),
        ("山田　太郎", "山田　太郎"),
        ("か\u3099とう", "がとう"),
        ("コーホ\u309a", "コーポ"),
        ("ｺｰﾎ\u309a", "ｺｰﾎﾟ"),
        ("Jose\u0301", "José"),
        ("\u2f2d\u2f65\u2ed1", "山田長"),
    ],
)
def test_harmless_cleaning_is_done(typed: str, cleaned: str) -> None:
    assert clean_line(typed) == cleaned
    assert find_unreadable(cleaned) is None


@pytest.mark.parametrize(
    "name", ["\ufa19田", "大\ufa10", "𠮷野", "葛\U000e0100飾", "髙﨑", "👩\u200d🦰", "می\u200cروم", "渡邉ｶﾞ"]
)
def test_the_letters_of_a_name_stay(name: str) -> None:
    assert clean_line(name) == name


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("\u202a+81 90-1234-5678\u202c", "+81 90-1234-5678"),
        ("taro＠exam\u200bple.jp", "taro@example.jp"),
        ("１２\u200c３４\ufe0f", "1234"),
        ("12\xa034", "12 34"),
        ("１－２ー３", "1-2-3"),
    ],
)
def test_a_code_has_no_invisible_mark(typed: str, cleaned: str) -> None:
    assert clean_code(typed) == cleaned


@pytest.mark.parametrize("dash", "-‐‑‒–—―−－﹣ー─━ｰ一〜～")
def test_any_dash_within_kana_is_a_long_vowel(dash: str) -> None:
    assert clean_kana(f"オカ{dash}サン") == "オカーサン"
    assert clean_kana(f"ｵｶ{dash}ｻﾝ") == "ｵｶｰｻﾝ"


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("か゛", "が"),
        ("は ゜", "ぱ"),
        ("ウ゛ィ", "ヴィ"),
        ("すゝ゛", "すゞ"),
        ("ｶ\u3099", "ｶﾞ"),
        ("ｶ゛", "ｶﾞ"),
        ("アン·マリー", "アン・マリー"),
        ("み\u200dす\ufe00ゞ", "みすゞ"),
        ("－", "－"),
    ],
)
def test_a_reading_is_composed(typed: str, cleaned: str) -> None:
    assert clean_kana(typed) == cleaned


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("髙\u202e﨑", "reversed", "髙■﨑"),
        ("3\x0001", "unseen", "3■01"),
        ("髙\n﨑", "break", "髙■﨑"),
        ("髙\ufffd﨑", "garbled", "髙■﨑"),
        ("髙\ud842", "garbled", "髙■"),
        ("\ue000田", "private", "■田"),
        ("あいおい二番町ビル\x07の三階のいちばん奥", "unseen", "い二番町ビル■の三階のいち"),
    ],
)
def test_what_cannot_be_meant_is_found_with_its_place(text: str, kind: str, shown: str) -> None:
    found = find_unreadable(text)
    assert found is not None
    assert found.kind == kind
    assert found.shown == shown


def test_lines_keep_their_ends_and_each_is_cleaned() -> None:
    assert clean_lines("一行目\r\nか\u3099\xa0二行目\u2028三\u200b行目\n") == "一行目\nが 二行目\n三行目"
    assert find_unreadable("一\n二", in_lines=True) is None
    assert find_unreadable("一\x07二", in_lines=True) is not None


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    for clean in (clean_line, clean_lines, clean_code, clean_kana):
        assert clean(clean(text)) == clean(text)


def test_the_first_and_the_last_radical_become_their_kanji() -> None:
    assert clean_line("\u2f00\u2fd5") == "一龠"


def test_half_width_kana_keep_their_dots_and_long_vowels() -> None:
    assert clean_kana("ｱ･ｲ") == "ｱ･ｲ"
    assert clean_kana("アｱ-") == "アｱｰ"
