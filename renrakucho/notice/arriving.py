"""The golden files: what arrives at a provider, for one mover who is hard to write down, or for the
plainest where the form cannot say that one. They change only on purpose.

Web link: the exact bytes of the browser's POST. Else: a line for each blank, as «label: text».
"""

from pathlib import Path

from renrakucho.lib.browser_encoding import form_body
from renrakucho.notice.sample_movers import sample, sample_answers
from renrakucho.sheet.fill import CannotSay, fill
from renrakucho.sheet.form import Sheet


def golden_path(sheet: Sheet, folder: Path) -> Path:
    """Where a sheet's golden file is, in its provider's folder."""
    return folder / f"{sheet.procedure}.golden"


def arriving(sheet: Sheet) -> bytes:
    """What the golden file has to hold. Raises CannotSay where not even the plainest mover can be said."""
    try:
        filled = fill(sheet, sample(sheet, "hard"), sample_answers(sheet))
    except CannotSay:
        filled = fill(sheet, sample(sheet, "plain"), sample_answers(sheet))
    if sheet.carried:
        return form_body(filled.pairs(), filled.encoding)
    return "".join(f"{line.label}: {line.text}\n" for line in filled.lines).encode()
