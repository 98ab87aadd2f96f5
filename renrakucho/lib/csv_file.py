"""CSV (RFC 4180) for providers' systems and Excel: every cell in quotes, lines end in CR LF."""

import csv
import io
from collections.abc import Iterable, Sequence

from renrakucho.lib.browser_encoding import encode_as_browser, replace_twins
from renrakucho.lib.errors import InvalidInput

ENCODINGS = ("UTF-8", "Shift_JIS")

_FORMULA_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # wide ones: Japanese Excel
_BOM = b"\xef\xbb\xbf"  # Excel reads a file without it as Shift_JIS


class BadCsv(InvalidInput):
    """The file is no CSV in the given encoding."""


def csv_bytes(rows: Iterable[Sequence[str]], encoding: str) -> bytes:
    """The file's bytes. Raises UnencodableText where Shift_JIS lacks a character."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([without_formula(cell) for cell in row] for row in rows)
    if encoding == "UTF-8":
        return _BOM + out.getvalue().encode()
    return encode_as_browser(replace_twins(out.getvalue(), encoding), encoding)


def without_formula(cell: str) -> str:
    """The cell, after an apostrophe where a spreadsheet would run it as a formula (OWASP, CSV Injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def read_csv(content: bytes, encoding: str) -> list[list[str]]:
    """Rows of stripped cells, without empty rows. Raises BadCsv."""
    try:
        text = content.removeprefix(_BOM).decode("utf-8" if encoding == "UTF-8" else "cp932")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise BadCsv from None
    return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
