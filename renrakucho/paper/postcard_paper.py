"""Postcard on paper: 100 by 148 mm, an address side and a message side for each card, in one PDF to be printed duplex.

Places and colours of the address side are Japan Post's for private postcards (私製はがき): the word 郵便はがき, the
boxes of the postal code in a red without black or cyan. Nothing stands within 5 mm of an edge. The message names
neither the new address nor a provider: a postcard is read by others.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import zxingcpp

from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.message_text import N_
from renrakucho.paper.printed_page import TypesetForm, check_glyphs

_LONG_WORD = re.compile("([!-~]{20})(?=[!-~])")
_FORM = Path(__file__).with_name("postcard.typ")
_WORDS = {
    "postcard": N_("郵便はがき"),
    "stamp": N_("切手"),
    "honorific": N_("様"),
    "title": N_("引越しの連絡が登録されました"),
    "what": N_("%(portal)sに、このご住所とお名前で、電気・ガス・水道などへの引越しの連絡が登録されました。"),
    "mine": N_("ご自分で登録されたときは、何もいりません。"),
    "not_mine": N_("覚えがないときは、次のページを開き、文字を入れてボタンを押してください。すべて止まります。"),
    "no_login": N_("ログインはいりません。止めると、元には戻せません。"),
    "nothing_else": N_("このはがきには、新しい住所も、連絡した会社の名前も書いていません。"),
    "ask": N_("お問い合わせ"),
}
_ENGLISH = (
    "A move away from this address was registered. If you did not ask for it, open the page above and type the code: "
    "everything stops."
)


@dataclass(frozen=True)
class PostcardText:
    """Whom a card is for, as their mover typed it, and the code that stops the book. postal_code: seven digits."""

    postal_code: str
    address: str
    building: str
    name: str
    code: str

    def as_json(self) -> dict[str, str]:
        """Plain values, for sealing."""
        return asdict(self)


@dataclass(frozen=True)
class PostcardPortal:
    """Who sends the cards. sender: its postal address, to which Japan Post returns a card; stop_url: where the code is
    typed.
    """

    name: str
    sender: str
    contact: str
    stop_url: str


def check_postcard(card: PostcardText) -> None:
    """Check that the card can be printed. Raises CannotPrint, NoFont."""
    check_glyphs([card.address, card.building, card.name])


def draw_postcards(cards: Sequence[PostcardText], portal: PostcardPortal) -> bytes:
    """The PDF: two pages a card, in the order given. Raises CannotPrint, NoFont; ValueError without a card."""
    if not cards:
        raise ValueError("no card")
    check_glyphs([text for card in cards for text in (card.address, card.building, card.name)])
    words = {name: text.replace("%(portal)s", portal.name) for name, text in _WORDS.items()}
    shown = [{name: _breakable(text) for name, text in card.as_json().items()} for card in cards]
    pages = {
        "words": {**words, "english": _ENGLISH},
        "portal": asdict(portal),
        "cards": [
            {**texts, "code": in_fours(card.code), "qr": _qr_code(card, portal)}
            for texts, card in zip(shown, cards, strict=True)
        ],
    }
    drawn: Any = TypesetForm.of(_FORM).render(pages, format="pdf")
    return bytes(drawn)


def _breakable(text: str) -> str:
    """The text; a word of more than twenty letters may go on in the next line."""
    return _LONG_WORD.sub("\\1\u200b", text)


def _qr_code(card: PostcardText, portal: PostcardPortal) -> str:
    # Behind «#»: no server and no log gets the code.
    code = zxingcpp.create_barcode(f"{portal.stop_url}#{card.code}", zxingcpp.BarcodeFormat.QRCode)
    svg: str = code.to_svg(add_hrt=False, add_quiet_zones=True)
    return svg
