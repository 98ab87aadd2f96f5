"""Characters that nobody can see."""

import pytest

from renrakucho.lib.invisible_chars import hides_text, invisible_in_line, invisible_in_text, invisible_within


@pytest.mark.parametrize("text", ["", "A-1", "昭水 12号", "𠮷 髙﨑", "ｶﾞ〜"])
def test_visible_text_is_accepted(text: str) -> None:
    assert not invisible_in_line(text)
    assert not invisible_in_text(text)


@pytest.mark.parametrize("text", ["A\t1", "A\n1", "A\u2028", "\u200b", "\u202e", "\ufeff"])
def test_invisible_characters_in_a_line_are_found(text: str) -> None:
    assert invisible_in_line(text)


@pytest.mark.parametrize(
    "words", ["山\u202e田", "山\u2066田", "山\0田", "山\u200b田", "山\xad田", "山\ud842田", "\ufeff山"]
)
def test_hidden_characters_in_a_text_are_found(words: str) -> None:
    assert hides_text(words)
    assert invisible_in_text(words)


@pytest.mark.parametrize("words", ["葛\U000e0100乃", "👩\u200d🦰", "一行目\n\t二行目"])
def test_joiners_variation_selectors_and_newlines_are_allowed_in_a_text(words: str) -> None:
    assert not hides_text(words)
    assert not invisible_in_text(words)


@pytest.mark.parametrize("words", ["一行目\r\n二行目", "本物\r偽物"])
def test_only_a_movers_text_may_have_line_ends_of_other_systems(words: str) -> None:
    assert not hides_text(words)
    assert invisible_in_text(words)


@pytest.mark.parametrize("document", ["\0", {"a": [{"b": "\ud800"}]}, {"\x1b": 1}, [[["\x7f"]]]])
def test_invisible_text_is_found_at_any_depth_of_a_document(document: object) -> None:
    assert invisible_within(document)
    assert not invisible_within({"a": [{"b": "大阪市\n水道局"}, None, 1.5, True]})
