"""Pages of the letter box: the list of mails, one mail, a page of a fax, and all mails as JSON."""

import json
import re
from http import HTTPStatus

from sandbox import fax_pages
from sandbox.http_messages import Response
from sandbox.mail_store import MailStore, StoredMail
from sandbox.rendering import render_page

ADDRESS = re.compile(r"https?://[!-~]+")


def mail_list_page(store: MailStore) -> Response:
    return render_page("letters.html", "UTF-8", letters=store.all())


def mail_page(store: MailStore, key: str) -> Response | None:
    letter, raw = store.mail(key), store.raw(key)
    if letter is None or raw is None:
        return None
    sheets = fax_pages.sheets(raw)
    scanned = fax_pages.addresses(sheets)
    return render_page(
        "letter.html", "UTF-8", letter=letter, pieces=split_links(letter.text), sheets=len(sheets), scanned=scanned
    )


def fax_page(store: MailStore, key: str, number: str) -> Response | None:
    """One page of a fax, counted from 1, as a picture."""
    raw = store.raw(key)
    sheets = dict(enumerate(fax_pages.sheets(raw), start=1)) if raw else {}
    found = sheets.get(int(number)) if number.isdecimal() else None
    return Response(fax_pages.png(found), "image/png") if found else None


def raw_mail(store: MailStore, key: str) -> Response | None:
    found = store.raw(key)
    # As text: a browser would otherwise save or even render what anyone may have sent.
    return Response(found, "text/plain; charset=UTF-8") if found is not None else None


def mail_json(store: MailStore) -> Response:
    """JSON: newest first, each {"id", "from", "to", "subject", "text"}."""
    body = json.dumps([_mail_fields(letter) for letter in store.all()], ensure_ascii=False)
    return Response(body.encode(), "application/json", HTTPStatus.OK)


def _mail_fields(letter: StoredMail) -> dict[str, object]:
    return {
        "id": letter.key,
        "from": letter.sender,
        "to": list(letter.to),
        "subject": letter.subject,
        "text": letter.text,
    }


def split_links(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is a web address."""
    cut: list[tuple[str, bool]] = []
    at = 0
    for found in ADDRESS.finditer(text):
        cut += [(text[at : found.start()], False), (found.group(), True)]
        at = found.end()
    return [*cut, (text[at:], False)]
