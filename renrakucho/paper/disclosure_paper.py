"""Disclosure receipt on paper: PDF/A-3b with the signed JSON attached, and a QR code of its hash and signature.

From the paper alone one can check that the portal's key signed this hash; that the items on it are those of the hash
needs the attached file. Texts are in Japanese, as they were told.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import zxingcpp

from renrakucho.lib.message_text import N_
from renrakucho.paper.printed_page import TypesetForm, check_glyphs

_FORM = Path(__file__).with_name("disclosure.typ")
_WORDS = {
    "title": N_("開示記録"),
    "issued": N_("作成した日時"),
    "record": N_("記録の番号"),
    "told": N_("伝えた日時"),
    "items": N_("伝えた項目"),
    "proved": N_("ポータルが確かめたこと"),
    "events": N_("記録"),
    "postcards": N_("元の住所へのはがき"),
    "proof": N_("署名"),
    "how": N_(
        "このPDFには、署名したファイル（disclosure.json）がついています。QRコードには、そのファイルの指紋と署名が"
        "入っています。紙だけで確かめられるのは、この指紋に窓口が署名したことです。項目まで確かめるには、"
        "ついているファイルを使ってください。"
    ),
}


def draw_disclosure(
    document: Mapping[str, Any], signed: str, proof_text: str, events: Mapping[str, Sequence[tuple[str, str, str]]]
) -> bytes:
    """The PDF. Raises CannotPrint, NoFont.

    document: a signed disclosure; signed: its canonical JSON. proof_text: the content of the QR code. events: by the
    number of a notice, the moment, what happened and who it was, as a person reads them; under "" those of postcards.
    """
    values = {
        "document": document,
        "events": {number: [list(row) for row in rows] for number, rows in events.items()},
        "words": _WORDS,
        "signed": signed,
        "qr": _qr_code(proof_text),
    }
    texts = [item["value"] for purpose in document["purposes"] for item in purpose["pii_information"]]
    texts += [part["said"] for purpose in document["purposes"] for part in purpose["assurance"]]
    texts += [party["party_name"] for party in document["party_identification"]]
    texts += [text for rows in events.values() for row in rows for text in row]
    check_glyphs([text for text in texts if text])
    drawn: Any = TypesetForm.of(_FORM).render(values, format="pdf", pdf_standards="a-3b")
    return bytes(drawn)


def _qr_code(text: str) -> str:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    svg: str = code.to_svg(add_hrt=False, add_quiet_zones=True)
    return svg
