import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.kana import (
    is_kana,
    not_in_reading,
    plain_kana,
    to_half_width_kana,
    to_hiragana,
    to_katakana,
)

TEXT = st.text(st.sampled_from("あがゔゕゝァヴヶヷーｶﾞﾟ゛・　 ｰ｡山A1") | st.characters())
HALF_WIDTH = "".join(map(chr, range(0xFF61, 0xFFA0)))


@pytest.mark.parametrize(
    ("typed", "katakana"),
    [
        ("やまだ　たろう", "ヤマダ　タロウ"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ"),
        ("ゔぁゕゖゝゞっゐゑ", "ヴァヵヶヽヾッヰヱ"),
        ("ジョン・すみす", "ジョン・スミス"),
        ("ｺｰﾎﾟ山田A-1", "コーポ山田A-1"),
    ],
)
def test_to_katakana(typed: str, katakana: str) -> None:
    assert to_katakana(typed) == katakana


@pytest.mark.parametrize(
    ("typed", "hiragana"), [("ヤマダー", "やまだー"), ("ﾔﾏﾀﾞ", "やまだ"), ("ヴヵヶ", "ゔゕゖ"), ("山A", "山A")]
)
def test_to_hiragana(typed: str, hiragana: str) -> None:
    assert to_hiragana(typed) == hiragana


@pytest.mark.parametrize(
    ("typed", "halved"),
    [
        ("ヤマダ　タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("やまだ", "ﾔﾏﾀﾞ"),
        ("パー・ヴ「」、。", "ﾊﾟｰ･ｳﾞ｢｣､｡"),
        ("ヮヰヱ山Ａ", "ヮヰヱ山Ａ"),
    ],
)
def test_kana_becomes_half_width(typed: str, halved: str) -> None:
    assert to_half_width_kana(typed) == halved


@pytest.mark.parametrize("text", ["やまだ", "ヤマダ　タロウ", "ゔぁー", "ジョン・スミス", "こゝ", "ア ー"])
def test_is_kana_accepts_kana(text: str) -> None:
    assert is_kana(text)


@pytest.mark.parametrize(
    "text", ["", " ", "ー", "・", "ﾔﾏﾀﾞ", "山田", "ヤマダ1", "Yamada", "か\u3099", "ヤマダ\n", "ア゛"]
)
def test_is_kana_refuses_other_text(text: str) -> None:
    assert not is_kana(text)


@given(TEXT)
def test_a_second_conversion_changes_nothing(text: str) -> None:
    for change in (to_katakana, to_hiragana, to_half_width_kana):
        assert change(change(text)) == change(text)


@given(st.text(st.characters(min_codepoint=0x3400, categories=["Lo"], exclude_characters=HALF_WIDTH)))
def test_kanji_and_other_scripts_stay(text: str) -> None:
    assert to_katakana(text) == to_hiragana(text) == to_half_width_kana(text) == text


@given(st.text("アイウガパァッャヲンー・ヴ　"))
def test_katakana_survives_half_width(text: str) -> None:
    assert to_katakana(to_half_width_kana(text)) == text.replace("　", " ")


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("みすゞ", "みすず"),
        ("ミスヾ", "ミスズ"),
        ("さゝき", "ささき"),
        ("いすゞ", "いすず"),
        ("みゝゝ", "みみみ"),
        ("じゞい", "じじい"),
        ("ｽヾ", "ｽｽﾞ"),
        ("サン＝ポール", "サン・ポール"),
        ("ｻﾝ=ﾎﾟｰﾙ", "ｻﾝ･ﾎﾟｰﾙ"),
        ("オ'ニール", "オニール"),
        ("ド’アルビ", "ドアルビ"),
        ("ヷン", "ヴァン"),
        ("ｷヱ", "ｷｴ"),
        ("キヱ", "キヱ"),
        ("アン・マリー", "アン・マリー"),
    ],
)
def test_a_reading_is_written_in_kana_that_forms_take(typed: str, plain: str) -> None:
    assert plain_kana(typed) == plain
    assert plain_kana(plain) == plain
    assert not_in_reading(typed) == ""


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [("高崎", "高崎"), ("タカ3", "3"), ("Takasaki", "Takasaki"), ("カ力", "力"), ("ゝあ", "ゝ"), ("ア゛", "゛")],
)
def test_the_first_characters_that_no_reading_has_are_named(typed: str, wrong: str) -> None:
    assert not_in_reading(typed) == wrong
