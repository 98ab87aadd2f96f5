"""CSV (RFC 4180) for other people's systems and for Excel: every cell in quotes, lines end in CR LF."""

import csv
import io
from collections.abc import Iterable, Sequence

from renrakucho.lib.browser_encoding import encode_as_browser, replace_twins
from renrakucho.lib.errors import InvalidInput

ENCODINGS = ("UTF-8", "Shift_JIS")

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the wide ones too, in Japanese Excel
_BOM = b"\xef\xbb\xbf"  # Excel takes a file without it for Shift_JIS


class BadCsv(InvalidInput):
    """The file is no CSV in its encoding."""


def csv_bytes(rows: Iterable[Sequence[str]], encoding: str) -> bytes:
    """The file's bytes. Raises browser_encoding.Unsayable where Shift_JIS lacks a character."""
    out = io.StringIO()
    lines = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    lines.writerows([without_formula(cell) for cell in row] for row in rows)
    if encoding == "UTF-8":
        return _BOM + out.getvalue().encode()
    return encode_as_browser(replace_twins(out.getvalue(), encoding), encoding)


def without_formula(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would run it as a formula (OWASP, CSV Injection)."""
    return f"'{cell}" if cell.startswith(_RUNS) else cell


def read_csv(content: bytes, encoding: str) -> list[list[str]]:
    """Rows of cells without the spaces around them; empty rows are left out. Raises NoTable."""
    try:
        text = content.removeprefix(_BOM).decode("utf-8" if encoding == "UTF-8" else "cp932")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise BadCsv from None
    return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
