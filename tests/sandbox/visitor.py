"""A browser's part in the tests: it posts as browsers do, and reads pages by their own charset."""

import html
import io
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse
from zoneinfo import ZoneInfo

from renrakucho.lib.browser_encoding import form_body
from sandbox.charset import decode
from sandbox.form import Charset, Day, Form, Site
from sandbox.routes import Sandbox

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
BACK = "https://portal.example/return/TICKET-7"


def a_sandbox(folder: Path, now: datetime = NOW) -> Sandbox:
    return Sandbox(folder / "sandbox", lambda: now)


class _Fields(HTMLParser):
    """Forms by their action, each with the values a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.forms[given["action"]] = {}
        elif tag == "input":
            if given["type"] in {"text", "hidden"} or "checked" in given:
                self._form[given["name"]] = given["value"]
            else:
                self._form.setdefault(given["name"], "")
        elif tag in {"select", "textarea"}:
            self._select = given["name"]
            self._form[given["name"]] = ""
        elif tag == "option" and "selected" in given:
            self._form[self._select] = given["value"]


@dataclass(frozen=True)
class Page:
    status: int
    content_type: str
    text: str

    @property
    def words(self) -> str:
        """The readable text: without tags, with character references resolved."""
        return html.unescape(re.sub(r"<[^>]*>", "", self.text))

    @property
    def forms(self) -> dict[str, dict[str, str]]:
        parser = _Fields()
        parser.feed(self.text)
        return parser.forms

    @property
    def links(self) -> dict[str, str]:
        """Addresses by the words that lead there."""
        return {text: html.unescape(url) for url, text in re.findall(r'<a [^>]*href="([^"]*)">([^<]*)</a>', self.text)}

    @property
    def faults(self) -> list[str]:
        box = re.search(r'<div class="faults".*?</div>', self.text, re.DOTALL)
        return re.findall("<li>(.*?)</li>", html.unescape(box.group())) if box else []

    @property
    def receipt(self) -> str:
        found = re.search('class="receipt">([^<]*)<', self.text)
        assert found, self.words
        return found.group(1)


class Visitor:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def get(self, path: str) -> Page:
        return self._ask("GET", path, b"")

    def post(self, path: str, fields: dict[str, str], charset: Charset) -> Page:
        return self.post_bytes(path, form_body(list(fields.items()), charset))

    def post_bytes(self, path: str, body: bytes) -> Page:
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: bytes) -> Page:
        answered: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> object:
            answered.update(status=int(status.split()[0]), headers=dict(headers))
            return lambda _: None

        start: StartResponse = start_response  # type: ignore[assignment]
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        sent = b"".join(self._sandbox(environ, start))
        content_type = answered["headers"]["Content-Type"]
        charset: Charset = content_type.partition("charset=")[2] or "UTF-8"
        return Page(answered["status"], content_type, decode(sent, charset))


def day_values(form: Form, on: date) -> dict[str, str]:
    """A date as this form wants it, on each of its days."""
    return {name: text for day in form.days for name, text in _day_values(day, on).items()}


def _day_values(day: Day, on: date) -> dict[str, str]:
    if day.style in {"western", "reiwa"}:
        year = on.year - 2018 if day.style == "reiwa" else on.year
        return dict(zip(day.names, (str(year), str(on.month), str(on.day)), strict=True))
    written = {"slash": "%Y/%m/%d", "dash": "%Y-%m-%d", "plain": "%Y%m%d"}[day.style]
    return {day.names[0]: on.strftime(written)}


def handed_over(form: Form, **other: str) -> dict[str, str]:
    """A complete hand-over: the examples of FORMS.md, and a day in ten days."""
    fields = {blank.name: blank.example for blank in form.blanks if not blank.own}
    return fields | day_values(form, NOW.date() + timedelta(days=10)) | other


def own_items(form: Form, **other: str) -> dict[str, str]:
    return {blank.name: blank.example for blank in form.blanks if blank.own} | other


def address(site: Site, form: Form) -> str:
    return f"/{site.slug}/{form.procedure}"


def entered(visitor: Visitor, site: Site, form: Form, **other: str) -> dict[str, str]:
    """The values of the input page after a hand-over, with the provider's own items filled in."""
    page = visitor.post(address(site, form), handed_over(form, **{site.back: BACK}, **other), site.charset)
    return page.forms[f"{address(site, form)}/confirm"] | own_items(form)


def confirmed(visitor: Visitor, site: Site, form: Form, fields: dict[str, str]) -> Page:
    return visitor.post(f"{address(site, form)}/confirm", fields, site.charset)


def registered(visitor: Visitor, site: Site, form: Form, confirmation: Page) -> Page:
    done = f"{address(site, form)}/done"
    return visitor.post(done, confirmation.forms[done], site.charset)


def a_letter(
    *, subject: str = "受理のお知らせ", text: str = "受付番号は12です。", to: str = "髙﨑 <taro@example.jp>"
) -> bytes:
    """A mail as the portal sends one."""
    letter = EmailMessage()
    letter["From"] = "引越れんらく帳 <book@portal.example>"
    letter["To"] = to
    letter["Subject"] = subject
    letter["Date"] = "Mon, 23 Nov 2026 06:00:00 +0000"
    letter.set_content(text)
    return letter.as_bytes()
