"""Faxes that came by mail to a gateway (RFC 3965), as pictures: the gateway and the office's machine in one."""

import io
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import zxingcpp
from PIL import Image, ImageSequence

_INK_BY_INCH = (204, 196)  # a fax is a little wider than high


def sheets(raw: bytes) -> list[Image.Image]:
    """Each page of each TIFF in the mail; none where it is no fax."""
    return [page.convert("L") for tiff in _tiffs(raw) for page in ImageSequence.Iterator(Image.open(io.BytesIO(tiff)))]


def png(sheet: Image.Image) -> bytes:
    """As a screen shows it: with dots that are as high as wide."""
    out = io.BytesIO()
    height = round(sheet.height * _INK_BY_INCH[0] / _INK_BY_INCH[1])
    sheet.resize((sheet.width, height)).save(out, "PNG", optimize=True)
    return out.getvalue()


def addresses(found: list[Image.Image]) -> list[str]:
    """The web addresses in the QR codes, each once."""
    texts = (code.text for sheet in found for code in zxingcpp.read_barcodes(sheet))
    return list(dict.fromkeys(text for text in texts if text.startswith(("https://", "http://"))))


def _tiffs(raw: bytes) -> Iterator[bytes]:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    for part in message.iter_attachments():
        if part.get_content_type() == "image/tiff":
            yield part.get_content()
