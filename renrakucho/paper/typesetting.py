"""Which characters can be printed: a font without one prints a box, and says nothing."""

import io
import json
import struct
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst
import zxingcpp
from PIL import Image, ImageChops
from pypdfium2 import PdfDocument

from renrakucho.lib.errors import InvalidInput, NotInstalled
from renrakucho.paper.printed_page import PrintedPage, page_labels

_PROBE = Path(__file__).with_name("probe.typ")
_NO_GLYPH = "could not be displayed"


class CannotPrint(InvalidInput):
    """Some characters have no glyph. `characters` are they, each once, in order."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(dict.fromkeys(characters))
        super().__init__(" ".join(f"U+{ord(character):04X}" for character in self.characters))


def check_glyphs(texts: Sequence[str]) -> None:
    """Raises CannotPrint where the fonts lack a character, NoFont where there are none."""
    if _prints(texts):
        return
    characters = dict.fromkeys("".join(texts))
    raise CannotPrint(character for character in characters if not _prints_alone(character))


@cache
def _prints_alone(character: str) -> bool:
    return _prints([character])


def _prints(texts: Sequence[str]) -> bool:
    # PDF/A takes no text without a glyph, so the writer of PDFs is the one who knows.
    try:
        TypesetForm.of(_PROBE).made(texts, format="pdf", pdf_standards="a-2b")
    except typst.TypstError as error:
        if _NO_GLYPH in str(error):
            return False
        raise
    return True


# Debian's fonts-noto-cjk. What it lacks of JIS X 0213 (accents, phonetic letters) the typesetter's own fonts have.
FOLDERS = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/noto-cjk"), Path("/usr/share/fonts/noto"))
FILE = "NotoSansCJK-Regular.ttc"


class NoFont(NotInstalled):
    """This machine has no font that pages can be printed with; the message names the package."""


def font_folder() -> Path:
    """The folder of the fonts. Raises NoFont."""
    for folder in FOLDERS:
        if (folder / FILE).exists():
            return folder
    raise NoFont(f"no {FILE} below {FOLDERS[0]}: install Debian's fonts-noto-cjk")


class TypesetForm:
    """One form, ready to be filled any number of times."""

    def __init__(self, form: Path) -> None:
        """Reads the fonts: that takes longer than drawing (86 ms to 5 ms), so keep it. Raises NoFont."""
        self._compiler = typst.Compiler(form, font_paths=[font_folder()], ignore_system_fonts=True)
        self._alone = Lock()  # typst 0.15: «Already borrowed» for a second thread

    @classmethod
    @cache
    def of(cls, form: Path) -> "TypesetForm":
        """The one for this form in this process."""
        return cls(form)

    def made(self, given: object, **kind: Any) -> Any:
        """The document; what is given goes in as JSON, where it is text and never markup. Raises typst.TypstError."""
        texts = {"pages": json.dumps(given, ensure_ascii=False)}
        with self._alone:
            return self._compiler.compile(sys_inputs=texts, **kind)


FAX_WIDTH = 1728  # dots: what every group 3 machine takes (ITU-T T.4), 215.15 mm at 204 dots an inch
FAX_DPI = (204, 196)
_A4_WIDTH, _FAX_MM = 210.0, FAX_WIDTH / FAX_DPI[0] * 25.4
_FORM = Path(__file__).with_name("form.typ")
_TRIAL = Path(__file__).with_name("trial.typ")
_FINER = 2  # drawn so many times finer than it is sent, so that a thin stroke is not lost to rounding
_INK = 150  # a dot darker than this is black
_PHOTOMETRIC = 262  # the tag that says which of 0 and 1 is white
_painting = Lock()  # pdfium knows no threads


def draw_pdf(pages: Sequence[PrintedPage]) -> bytes:
    """One PDF (PDF/A-2b), a notice to a page. Raises CannotPrint, NoFont; ValueError without a page."""
    if not pages:
        raise ValueError("no page")
    drawn: Any = TypesetForm.of(_FORM).made(
        [_given(page, _A4_WIDTH) for page in pages], format="pdf", pdf_standards="a-2b"
    )
    return bytes(drawn)


def draw_fax(page: PrintedPage) -> list[Image.Image]:
    """The sheets of a notice as they go over the line: 1728 dots wide, black and white. Raises CannotPrint, NoFont."""
    return _bits(_FORM, [_given(page, _FAX_MM)])


def draw_test_page(*, code: str, portal: str, portal_url: str, contact: str, number: str) -> list[Image.Image]:
    """The page that tries a fax number out: it names nobody, and bears a code to be read back. Raises NoFont."""
    told = page_labels()
    texts = {"code": code, "portal": portal, "portal_url": portal_url, "contact": contact, "number": number}
    check_glyphs(list(texts.values()))
    return _bits(_TRIAL, [{"page": texts, "words": told, "width": _FAX_MM}])


def fax_tiff(sheets: Sequence[Image.Image]) -> bytes:
    """Sheets as one TIFF of profile S (RFC 3949: MH, one strip a page), which every gateway and fax server takes."""
    out = io.BytesIO()
    first, *others = [ImageChops.invert(sheet) for sheet in sheets]
    first.save(
        out,
        "TIFF",
        save_all=True,
        append_images=others,
        compression="group3",
        dpi=FAX_DPI,
        tiffinfo={266: 1, 278: 10_000, 292: 0},  # fill order, rows in a strip, one dimension
    )
    return _white_is_zero(out.getvalue())


def _white_is_zero(drawn: bytes) -> bytes:
    """The same dots, said the other way round. Told so itself, Pillow 12 turns them dot by dot: 400 ms a page."""
    turned = bytearray(drawn)
    (at,) = struct.unpack_from("<I", turned, 4)
    while at:
        (entries,) = struct.unpack_from("<H", turned, at)
        for entry in range(at + 2, at + 2 + entries * 12, 12):
            if struct.unpack_from("<H", turned, entry) == (_PHOTOMETRIC,):
                struct.pack_into("<H", turned, entry + 8, 0)
        (at,) = struct.unpack_from("<I", turned, at + 2 + entries * 12)
    return bytes(turned)


def _given(page: PrintedPage, width: float) -> dict[str, Any]:
    check_glyphs(list(_all_texts(page)))
    return {
        "page": page.texts(),
        "words": page_labels(page),
        "width": width,
        "bars": _picture(page.number, zxingcpp.BarcodeFormat.Code128),
        "qr": _picture(page.way_back, zxingcpp.BarcodeFormat.QRCode) if page.way_back else "",
    }


def _all_texts(page: PrintedPage) -> Iterable[str]:
    yield from (page.provider, page.title, page.portal, page.portal_url, page.contact, page.printed)
    for label, said in page.lines:
        yield from (label, said)


def _picture(text: str, form: zxingcpp.BarcodeFormat) -> str:
    svg: str = zxingcpp.create_barcode(text, form).to_svg(add_hrt=False, add_quiet_zones=False)
    return svg


def _bits(form: Path, pages: Sequence[dict[str, Any]]) -> list[Image.Image]:
    drawn: Any = TypesetForm.of(form).made(pages, format="pdf")
    with _painting:
        fine = [page.render(scale=_FINER * FAX_DPI[0] / 72, grayscale=True).to_pil() for page in PdfDocument(drawn)]
    return [_sheet(grey) for grey in fine]


def _sheet(fine: Image.Image) -> Image.Image:
    size = (FAX_WIDTH, round(fine.height / _FINER * FAX_DPI[1] / FAX_DPI[0]))
    grey = fine.resize(size, Image.Resampling.BOX)
    return grey.point(lambda value: 255 if value > _INK else 0).convert("1", dither=Image.Dither.NONE)
