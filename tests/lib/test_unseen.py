"""Characters that nobody can see."""

import pytest

from renrakucho.lib.unseen import unseen_in_line, unseen_in_text


@pytest.mark.parametrize("text", ["", "A-1", "昭水 12号", "𠮷 髙﨑", "ｶﾞ〜"])
def test_what_can_be_seen(text: str) -> None:
    assert not unseen_in_line(text)
    assert not unseen_in_text(text)


@pytest.mark.parametrize("text", ["A\t1", "A\n1", "A\u2028", "\u200b", "\u202e", "\ufeff"])
def test_what_no_line_holds(text: str) -> None:
    assert unseen_in_line(text)


def test_a_text_has_lines_and_no_other_control() -> None:
    assert not unseen_in_text("一行目\n\t二行目")
    assert unseen_in_text("a\0b")
    assert unseen_in_text("\ud800")
