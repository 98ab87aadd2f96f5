"""The pages of the letter box: the list, one letter, the same for machines."""

import json
import re
from http import HTTPStatus

from sandbox import fax_tray
from sandbox.letters import Letter, Letters
from sandbox.page import page
from sandbox.wire import Response

ADDRESS = re.compile(r"https?://[!-~]+")


def listed(letters: Letters) -> Response:
    return page("letters.html", "UTF-8", letters=letters.all())


def shown(letters: Letters, key: str) -> Response | None:
    letter, raw = letters.letter(key), letters.raw(key)
    if letter is None or raw is None:
        return None
    sheets = fax_tray.sheets(raw)
    scanned = fax_tray.addresses(sheets)
    return page("letter.html", "UTF-8", letter=letter, pieces=pieces(letter.text), sheets=len(sheets), scanned=scanned)


def sheet(letters: Letters, key: str, number: str) -> Response | None:
    """One page of a fax, counted from 1, as a picture."""
    raw = letters.raw(key)
    sheets = dict(enumerate(fax_tray.sheets(raw), start=1)) if raw else {}
    found = sheets.get(int(number)) if number.isdecimal() else None
    return Response(fax_tray.png(found), "image/png") if found else None


def raw(letters: Letters, key: str) -> Response | None:
    found = letters.raw(key)
    # As text: a browser would otherwise save or even render what anyone may have sent.
    return Response(found, "text/plain; charset=UTF-8") if found is not None else None


def for_machines(letters: Letters) -> Response:
    """JSON: newest first, each {"id", "from", "to", "subject", "text"}."""
    body = json.dumps([_plain(letter) for letter in letters.all()], ensure_ascii=False)
    return Response(body.encode(), "application/json", HTTPStatus.OK)


def _plain(letter: Letter) -> dict[str, object]:
    return {
        "id": letter.key,
        "from": letter.sender,
        "to": list(letter.to),
        "subject": letter.subject,
        "text": letter.text,
    }


def pieces(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is a web address."""
    cut: list[tuple[str, bool]] = []
    at = 0
    for found in ADDRESS.finditer(text):
        cut += [(text[at : found.start()], False), (found.group(), True)]
        at = found.end()
    return [*cut, (text[at:], False)]
