import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.kana import is_kana, to_half_width_kana, to_hiragana, to_katakana

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
