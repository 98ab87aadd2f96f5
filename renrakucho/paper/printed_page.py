"""Printed page: a notice on paper, as PDF (for the desk), as fax images and as TIFF. Typesetting by Typst.

The page goes to an office in Japan, so its texts are in Japanese. A font without a glyph would print a box without an
error, so every text is checked before.
"""

import io
import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst
import zxingcpp
from PIL import Image, ImageChops
from pypdfium2 import PdfDocument

from renrakucho.lib.errors import InvalidInput, NotInstalled
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.message_text import N_
from renrakucho.sheet.assurance import (
    ASSURANCE_LIMIT,
    ASSURANCE_TITLE,
    NO_ASSURANCE,
    TOLD_BY,
    WITHDRAWN_REPORTED,
    Assurance,
)
from renrakucho.sheet.code_tables import WEEKDAYS
from renrakucho.sheet.filled import FilledSheet

_LABELS = {
    "to": N_("御中"),
    "number": N_("れんらく番号"),
    "written": N_("お客さまが送信された日時:"),
    "nothing": N_("（なし）"),
    "withdrawn": N_("取消 — お客さまがこの連絡を取り消しました。手続は要りません。"),
    "reported": WITHDRAWN_REPORTED,
    "replaces": N_("差し替え — 連絡 %s の代わりです。前の連絡では手続をしないでください。"),
    "replaced": N_("変更済 — お客さまが内容を変更しました。この連絡では手続をしないでください。新しい連絡:"),
    "answer": N_("受付番号の回答（ログインは要りません）"),
    "how": N_("QRコードか次のアドレスから、受付番号か、差し戻す理由を入れてください。"),
    "code": N_("回答コード"),
    "assurance": ASSURANCE_TITLE,
    "office": N_("受付番号・メモ（貴所でお使いください）"),
    "stamp": N_("受付印"),
    "document": N_("引越しの連絡"),
    "trial": N_("送信テスト"),
    "trial_what": N_("このページは、引越しの連絡をFAXで送る前のテストです。お客さまの情報は載っていません。"),
    "trial_why": N_("ちがう番号へお客さまの情報を送らないために、番号を確かめています。"),
    "trial_do": N_("次のコードを、下の連絡先へお電話でお伝えください。伝えていただくまで、連絡は送りません。"),
    "trial_code": N_("確認コード"),
    "trial_number": N_("送り先の番号"),
    "trial_wrong": N_("お心当たりのないときも、お手数ですがお知らせください。この番号へは送らないようにします。"),
}


_MOMENT = N_("{0.year}年{0.month}月{0.day}日({weekday}) {0:%H:%M}")


@dataclass(frozen=True)
class PrintedPage:
    """The content of a page.

    lines: label and text, as a person reads them. written: the moment of the mover's confirmation, as it is printed.
    way_back: the URL where the provider can answer without an account, or empty. replaces: the number of the notice
    that this one replaces, or empty; replaced_by: of the one that replaces it. withdrawn: the mover has withdrawn or
    changed it; reported: because whoever owns the mailbox did not ask for it. printed: who printed a desk's copy, and
    when. assurance: what the portal proved and what it did not.
    """

    number: str
    provider: str
    title: str
    lines: tuple[tuple[str, str], ...]
    written: str
    portal: str
    portal_url: str
    contact: str = ""
    way_back: str = ""
    replaces: str = ""
    replaced_by: str = ""
    withdrawn: bool = False
    reported: bool = False
    printed: str = ""
    assurance: tuple[tuple[str, str], ...] = ()

    def texts(self) -> dict[str, object]:
        """The values for the typesetter, with numbers in groups of four."""
        return {
            **asdict(self),
            "number": in_fours(self.number),
            "digits": self.number,
            "replaces": in_fours(self.replaces),
            "replaced_by": in_fours(self.replaced_by),
            "code": self.way_back.rpartition("/")[2],
        }


def page_labels(page: PrintedPage | None = None) -> dict[str, str]:
    """The page's fixed texts by name, with the replaced notice's number filled in."""
    number = in_fours(page.replaces) if page else ""
    return {name: text.replace("%s", number) for name, text in _LABELS.items()}


def printed_page(
    filled: FilledSheet,
    *,
    number: str,
    provider: str,
    written_at: datetime,
    portal: str,
    portal_url: str,
    contact: str = "",
    replaces: str = "",
    replaced_by: str = "",
    withdrawn: bool = False,
    reported: bool = False,
    printed: str = "",
) -> PrintedPage:
    """The page of a filled form. `written_at` is printed in its own time zone."""
    return PrintedPage(
        number=number,
        provider=provider,
        title=filled.title,
        lines=tuple((line.label, line.shown) for line in filled.rows()),
        written=_moment(written_at),
        portal=portal,
        portal_url=portal_url,
        contact=contact,
        way_back=filled.way_back,
        replaces=replaces,
        replaced_by=replaced_by,
        withdrawn=withdrawn,
        reported=reported,
        printed=printed,
        assurance=_assurance_lines(filled.assurance),
    )


def _assurance_lines(assurance: Assurance | None) -> tuple[tuple[str, str], ...]:
    if assurance is None:
        return (("", NO_ASSURANCE),)
    told_by = [("", f"{TOLD_BY} {assurance.told_by}")] if assurance.told_by else []
    return (*told_by, *((line.label, line.text) for line in assurance.lines()), ("", ASSURANCE_LIMIT))


def _moment(at: datetime) -> str:
    """2026年12月5日(土) 14:05."""
    return _MOMENT.format(at, weekday=WEEKDAYS[at.weekday()])


_PROBE = Path(__file__).with_name("probe.typ")
_NO_GLYPH = "could not be displayed"


class CannotPrint(InvalidInput):
    """The fonts lack glyphs. characters: those without one, each once, in order."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(dict.fromkeys(characters))
        super().__init__(" ".join(f"U+{ord(character):04X}" for character in self.characters))


def check_glyphs(texts: Sequence[str]) -> None:
    """Check that every text can be printed. Raises CannotPrint, and NoFont where the fonts are not installed."""
    if _can_print(texts):
        return
    characters = dict.fromkeys("".join(texts))
    raise CannotPrint(character for character in characters if not _can_print_alone(character))


@cache
def _can_print_alone(character: str) -> bool:
    return _can_print([character])


def _can_print(texts: Sequence[str]) -> bool:
    # PDF/A refuses a text without a glyph, so the PDF writer is asked.
    try:
        TypesetForm.of(_PROBE).render(texts, format="pdf", pdf_standards="a-2b")
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
    """A Typst template, compiled with its fonts, that can be filled any number of times."""

    def __init__(self, form: Path) -> None:
        """Read the fonts, which takes longer than drawing (86 ms to 5 ms), so keep the object. Raises NoFont."""
        self._compiler = typst.Compiler(form, font_paths=[font_folder()], ignore_system_fonts=True)
        self._lock = Lock()  # typst 0.15: «Already borrowed» for a second thread

    @classmethod
    @cache
    def of(cls, form: Path) -> "TypesetForm":
        """This process's instance for the template."""
        return cls(form)

    def render(self, pages: object, **options: Any) -> Any:
        """The document. `pages` are passed as JSON, so that texts are never markup. Raises typst.TypstError."""
        inputs = {"pages": json.dumps(pages, ensure_ascii=False)}
        with self._lock:
            return self._compiler.compile(sys_inputs=inputs, **options)


FAX_WIDTH = 1728  # dots: what every group 3 machine takes (ITU-T T.4), 215.15 mm at 204 dots an inch
FAX_DPI = (204, 196)
_A4_WIDTH, _FAX_MM = 210.0, FAX_WIDTH / FAX_DPI[0] * 25.4
_FORM = Path(__file__).with_name("form.typ")
_TEST_PAGE = Path(__file__).with_name("test_page.typ")
_OVERSAMPLING = 2  # drawn so many times finer than it is sent, so that rounding loses no thin stroke
_INK = 150  # a dot darker than this is black
_PHOTOMETRIC = 262  # TIFF tag: whether 0 or 1 is white
_pdfium_lock = Lock()  # pdfium is not safe for threads


def draw_pdf(pages: Sequence[PrintedPage]) -> bytes:
    """One PDF (PDF/A-2b) with a page for each notice. Raises CannotPrint, NoFont; ValueError without a page."""
    if not pages:
        raise ValueError("no page")
    drawn: Any = TypesetForm.of(_FORM).render(
        [_template_values(page, _A4_WIDTH) for page in pages], format="pdf", pdf_standards="a-2b"
    )
    return bytes(drawn)


def draw_fax(page: PrintedPage) -> list[Image.Image]:
    """A notice as fax images, 1728 dots wide, black and white. Raises CannotPrint, NoFont."""
    return _bits(_FORM, [_template_values(page, _FAX_MM)])


def draw_test_page(*, code: str, portal: str, portal_url: str, contact: str, number: str) -> list[Image.Image]:
    """A test page for a fax number, with a code to be read back and nobody's data. Raises CannotPrint, NoFont."""
    labels = page_labels()
    texts = {"code": code, "portal": portal, "portal_url": portal_url, "contact": contact, "number": number}
    check_glyphs(list(texts.values()))
    return _bits(_TEST_PAGE, [{"page": texts, "words": labels, "width": _FAX_MM}])


def fax_tiff(sheets: Sequence[Image.Image]) -> bytes:
    """Images as one TIFF of profile S (RFC 3949: MH, one strip a page), which every gateway and fax server takes."""
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
    """The TIFF with its photometric tag set to «white is zero». Pillow 12 would invert dot by dot: 400 ms a page."""
    tiff = bytearray(drawn)
    (at,) = struct.unpack_from("<I", tiff, 4)
    while at:
        (entries,) = struct.unpack_from("<H", tiff, at)
        for entry in range(at + 2, at + 2 + entries * 12, 12):
            if struct.unpack_from("<H", tiff, entry) == (_PHOTOMETRIC,):
                struct.pack_into("<H", tiff, entry + 8, 0)
        (at,) = struct.unpack_from("<I", tiff, at + 2 + entries * 12)
    return bytes(tiff)


def _template_values(page: PrintedPage, width: float) -> dict[str, Any]:
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
    for label, text in (*page.lines, *page.assurance):
        yield from (label, text)


def _picture(text: str, form: zxingcpp.BarcodeFormat) -> str:
    svg: str = zxingcpp.create_barcode(text, form).to_svg(add_hrt=False, add_quiet_zones=False)
    return svg


def _bits(form: Path, pages: Sequence[dict[str, Any]]) -> list[Image.Image]:
    drawn: Any = TypesetForm.of(form).render(pages, format="pdf")
    with _pdfium_lock:
        fine = [
            page.render(scale=_OVERSAMPLING * FAX_DPI[0] / 72, grayscale=True).to_pil() for page in PdfDocument(drawn)
        ]
    return [_sheet(grey) for grey in fine]


def _sheet(fine: Image.Image) -> Image.Image:
    size = (FAX_WIDTH, round(fine.height / _OVERSAMPLING * FAX_DPI[1] / FAX_DPI[0]))
    grey = fine.resize(size, Image.Resampling.BOX)
    return grey.point(lambda value: 255 if value > _INK else 0).convert("1", dither=Image.Dither.NONE)
