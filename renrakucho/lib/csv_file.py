"""CSV (RFC 4180) for providers' systems and Excel: every cell in quotes, lines end in CR LF."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from renrakucho.lib.browser_encoding import encode_as_browser, replace_twins
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.typed_text import clean_line
from renrakucho.lib.width import to_ascii_width

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
_SEPARATORS = (",", "\t", ";")
_UTF_16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# What Excel changes when it opens a CSV: it drops leading zeros, keeps fifteen digits and shows twelve as 1.23E+11, and
# takes 1-2 and 3/4 for days and 12E5 for a number. Japanese Excel does so with wide digits too (2026-11).
_CHANGED_BY_EXCEL = re.compile(r"0\d+|\d{12,}|\d+E\d+|\d{1,4}[-/]\d{1,2}(?:[-/]\d{1,4})?", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d{2,3}", re.IGNORECASE)
_AS_FORMULA = re.compile(r'="(.*)"')


class BadCsv(InvalidInput):
    """The file is no CSV in the given encoding, or has not the columns that are wanted."""


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


def spreadsheet_code(code: str) -> str:
    """A code for a cell, after an apostrophe where Excel would change it. Our own numbers are written in fours."""
    return f"'{code}" if _CHANGED_BY_EXCEL.fullmatch(to_ascii_width(code)) else code


def code_of_cell(cell: str) -> str:
    """The code in a cell that a spreadsheet, or a person before it, has dressed: ="001", '001, spaces around."""
    text = cell.strip()
    dressed = _AS_FORMULA.fullmatch(text)
    return (dressed[1] if dressed else text).lstrip("'’＇").strip()


def is_scientific(cell: str) -> bool:
    """Whether a spreadsheet has written a long number short (5.61969E+11): its digits are lost."""
    return bool(_SCIENTIFIC.fullmatch(to_ascii_width(code_of_cell(cell))))


def read_csv(content: bytes, encoding: str, separator: str = ",") -> list[list[str]]:
    """Rows of stripped cells, without empty rows. Raises BadCsv."""
    try:
        text = content.removeprefix(_BOM).decode("cp932" if encoding == "Shift_JIS" else encoding)
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator))
    except (UnicodeDecodeError, csv.Error):
        raise BadCsv from None
    return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]


def read_columns(content: bytes, headings: Sequence[str], optional: Sequence[str] = ()) -> list[list[str]]:
    """The cells below these headings, a row each, from a file in whatever encoding and with whatever separator a
    spreadsheet or system has written it: of all that can be read, the one in which the headings stand. An `optional`
    heading that is not there has empty cells.

    Raises BadCsv: its text is «headings» where it can be read and has other headings.
    """
    readable = False
    for encoding in _likely_encodings(content):
        for separator in _SEPARATORS:
            try:
                rows = read_csv(content, encoding, separator)
            except BadCsv:
                continue
            readable = True
            if rows and rows[0][0].lower().startswith("sep="):
                del rows[0]
            head = [clean_line(cell) for cell in rows[0]] if rows else []
            if all(heading in head for heading in headings):
                places = [head.index(each) if each in head else len(head) for each in (*headings, *optional)]
                return [[row[place] if place < len(row) else "" for place in places] for row in rows[1:]]
    raise BadCsv("headings" if readable else "content")


def _likely_encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith(_UTF_16_BOMS):
        return ("UTF-16",)
    if b"\0" in content[:100]:
        return ("UTF-16-LE", "UTF-16-BE")
    return ("UTF-8", "Shift_JIS", "EUC-JP")
