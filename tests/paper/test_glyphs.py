"""What can be printed."""

import unicodedata
from pathlib import Path

import pytest

from renrakucho.paper import printed_page
from renrakucho.paper.printed_page import CannotPrint, check_glyphs, draw_pdf
from tests.paper.cast import page


def jis_x_0213() -> list[str]:
    """Every character of both planes, from the codec that was made from the standard."""
    found = []
    for plane in (b"\x1b$(Q", b"\x1b$(P"):
        for lead in range(0x21, 0x7F):
            for trail in range(0x21, 0x7F):
                try:
                    found.append((plane + bytes((lead, trail))).decode("iso2022_jp_2004"))
                except UnicodeDecodeError:
                    continue
    return found


def test_every_character_of_jis_x_0213_prints() -> None:
    characters = jis_x_0213()
    assert len(characters) == 11_233  # of JIS X 0213:2004
    check_glyphs(characters)


def test_a_name_with_a_variant_of_its_kanji_prints() -> None:
    check_glyphs(["葛\U000e0100城", "辻\ufe00"])


@pytest.mark.parametrize("text", ["𓀀", "\U0010ffff", "ゟ𛀁\ue000"])
def test_a_character_without_a_glyph_is_named_and_not_printed(text: str) -> None:
    with pytest.raises(CannotPrint) as raised:
        draw_pdf([page(lines=(("お名前", f"山田{text}"),))])
    assert raised.value.characters
    assert all(unicodedata.category(c) for c in raised.value.characters)
    assert "山" not in raised.value.characters


def test_a_machine_without_the_fonts_says_which_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(printed_page, "FOLDERS", (tmp_path,))
    with pytest.raises(printed_page.NoFont, match="fonts-noto-cjk"):
        printed_page.TypesetForm(tmp_path / "form.typ")
