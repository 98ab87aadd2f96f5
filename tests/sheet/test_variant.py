import pytest

from renrakucho.sheet.variant import VARIANTS, suggest_variant

OLD = ("Shift_JIS", "EUC-JP")


@pytest.mark.parametrize("encoding", OLD)
@pytest.mark.parametrize(("shape", "usual"), VARIANTS.items())
def test_every_variant_is_encodable_where_its_kanji_is_not(shape: str, usual: str, encoding: str) -> None:
    assert len(shape) == len(usual) == 1
    assert suggest_variant(shape, encoding) == usual
    assert suggest_variant(shape, "UTF-8") == shape


@pytest.mark.parametrize("encoding", OLD)
@pytest.mark.parametrize(
    ("typed", "offered"),
    [("𠮷田鷗外", "吉田鴎外"), ("髙﨑", "髙﨑"), ("葛\U000e0100城", "葛城"), ("𠮷🏠", None), ("é", None)],
)
def test_a_variant_is_suggested_for_the_whole_text_or_not_at_all(
    typed: str, offered: str | None, encoding: str
) -> None:
    assert suggest_variant(typed, encoding) == offered
