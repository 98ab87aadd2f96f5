"""Postcards as they are printed: Japan Post's places, nothing near an edge, nothing cut, a code that can be scanned."""

from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageChops
from pypdfium2 import PdfDocument

from renrakucho.paper.postcard_paper import PostcardPortal, PostcardText, draw_postcards
from renrakucho.paper.printed_page import CannotPrint

DPI = 254  # ten dots a millimetre
CARD = PostcardText("1020084", "東京都千代田区二番町5-6", "あいおい二番町ビル　A-301", "髙﨑　太郎", "7k3m9qxp4tnw")
PORTAL = PostcardPortal(
    "引越れんらく帳",
    "〒100-0001 東京都千代田区千代田1-1 ひっこし事務局",
    "03-0000-0000",
    "https://hikkoshi.example.jp/stop",
)


def drawn(*cards: PostcardText, portal: PostcardPortal = PORTAL) -> list[Any]:
    return list(PdfDocument(draw_postcards(cards, portal)))


def image(page: Any) -> Image.Image:
    picture: Image.Image = page.render(scale=DPI / 72).to_pil().convert("RGB")
    return picture


def text_of(page: Any) -> str:
    return "".join(str(page.get_textpage().get_text_range()).replace("\u200b", "").split())


def reds(picture: Image.Image, box: tuple[float, float, float, float]) -> int:
    """How many red dots are in the box, in millimetres."""
    left, upper, right, lower = (round(side * 10) for side in box)
    red, green, _blue = picture.crop((left, upper, right, lower)).split()
    is_red = ImageChops.multiply(
        red.point(lambda each: 255 * (each > 180)), green.point(lambda each: 255 * (each < 170))
    )
    return is_red.histogram()[255]


def test_a_card_is_two_pages_of_100_by_148_mm() -> None:
    pages = drawn(CARD, CARD)
    assert len(pages) == 4
    assert {tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in pages} == {(100, 148)}


def test_the_boxes_of_the_postal_code_are_where_the_post_reads_them() -> None:
    """12.0 mm from above, 8.0 mm from the right, 5.7 by 8.0 mm, gaps of 1.3, 1.9 and 1.1 mm; 1.5 mm may be missed."""
    picture = image(drawn(CARD)[0])
    first = 100 - 8.0 - 47.7
    for left in (0, 7.0, 14.0, 21.6, 28.4, 35.2, 42.0):
        assert reds(picture, (first + left - 0.5, 13, first + left + 0.5, 19)) > 100, left  # its left side
        assert reds(picture, (first + left + 1.5, 13, first + left + 4, 19)) == 0, left  # nothing red inside
    assert reds(picture, (92.4, 11, 94, 21)) == 0
    assert text_of(drawn(CARD)[0]).count("1") >= 1


def test_the_address_side_says_postcard_the_address_and_the_name_with_sama() -> None:
    shown = text_of(drawn(CARD)[0])
    for text in ("郵便はがき", "東京都千代田区二番町5-6", "あいおい二番町ビルA-301", "髙﨑太郎様", "ひっこし事務局"):
        assert text in shown
    assert "7k3m" not in shown


def test_the_message_side_says_how_to_stop_it_and_names_nobody() -> None:
    page = drawn(CARD)[1]
    shown = text_of(page)
    for text in (
        "引越しの連絡が登録されました",
        "7k3m-9qxp-4tnw",
        "https://hikkoshi.example.jp/stop",
        "everythingstops.",
    ):
        assert text in shown
    for text in ("髙﨑", "二番町", "昭島"):
        assert text not in shown
    [found] = zxingcpp.read_barcodes(image(page))
    assert found.text == "https://hikkoshi.example.jp/stop#7k3m9qxp4tnw"


LONG = PostcardText(
    "1020084",
    "東京都" + "とても長い町の名前" * 10 + "1-2-3",
    "グランド" + "ヒルズ" * 30 + "　" + "A" * 40,
    "勅使河原" * 8 + "　" + "Wolfeschlegelsteinhausenbergerdorff" * 2,
    "7k3m9qxp4tnw",
)


@pytest.mark.parametrize("card", [CARD, LONG], ids=["usual", "long"])
def test_nothing_stands_within_5_mm_of_an_edge_and_nothing_is_cut(card: PostcardText) -> None:
    portal = PostcardPortal(
        "長い名前の引越れんらく帳" * 3, "〒100-0001 " + "長い住所" * 20, "03-0000-0000", PORTAL.stop_url
    )
    pages = drawn(card, portal=portal)
    assert len(pages) == 2
    for page in pages:
        picture = image(page).convert("L").point(lambda value: 255 if value < 250 else 0)
        left, upper, right, lower = picture.getbbox() or (0, 0, 0, 0)
        assert min(left, upper, picture.width - right, picture.height - lower) >= 50
    shown = text_of(pages[0])
    for text in (card.address, card.building, card.name):
        assert "".join(text.split()) in shown


def test_a_character_without_a_glyph_is_named() -> None:
    with pytest.raises(CannotPrint) as error:
        draw_postcards([PostcardText("1020084", "二番町", "", "太\U0001f600", "7k3m9qxp4tnw")], PORTAL)
    assert error.value.characters == ("\U0001f600",)
