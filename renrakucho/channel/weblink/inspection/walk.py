"""From the handed-over page to the done page, as a mover goes: what stands there is sent on, by its buttons."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from renrakucho.channel.weblink.inspection.browser import Answer, Browser
from renrakucho.channel.weblink.inspection.page import Button, LiveForm, LivePage, read
from renrakucho.lib.browser_encoding import ENCODINGS, form_body

MOST_PAGES = 6
_BACKWARD = re.compile("修正|戻|もど|取消|取り消|やめ|キャンセル|クリア|リセット|検索|back|cancel|reset", re.IGNORECASE)


@dataclass(frozen=True)
class Walk:
    """`pages` after the first. done: no form leads on, or the way back stands there; stuck: the same form again."""

    pages: tuple[LivePage, ...]
    end: Literal["done", "stuck", "too_long"]


def to_the_end(browser: Browser, page: LivePage, names: set[str], own: Mapping[str, str], way_back: str) -> Walk:
    """`own` are answers by name for what the provider's page asks itself. Raises NoAnswer."""
    pages: list[LivePage] = []
    form = _forward(page, names)
    while form is not None and len(pages) < MOST_PAGES:
        page = read(_pressed(browser, form, own))
        pages.append(page)
        if way_back and leading_back(page, way_back):
            return Walk((*pages,), "done")
        before, form = form, _forward(page, names)
        if form is not None and _asks_again(before, form):
            return Walk((*pages,), "stuck")
    return Walk((*pages,), "done" if form is None else "too_long")


def leading_back(page: LivePage, way_back: str) -> str:
    """The address on the page that leads to the way back; empty where none does."""
    forms = (_with_fields(form) for form in page.forms if form.method == "get")
    return next((url for url in (*page.links, *forms) if url.partition("?")[0] == way_back.partition("?")[0]), "")


def _with_fields(form: LiveForm) -> str:
    return f"{form.action}?{urlencode({name: field.value or '' for name, field in form.fields.items()})}"


def open_still(form: LiveForm) -> list[str]:
    """The visible fields that are empty."""
    fields = (field for field in form.fields.values() if not field.hidden and not field.value)
    return [f"{field.label} ({field.name})" if field.label else field.name for field in fields]


def _forward(page: LivePage, names: set[str]) -> LiveForm | None:
    """The form that leads on: one with a button that does not lead back, and with most of our fields."""
    leading = [form for form in page.forms if form.method == "post" and (not form.buttons or _button(form))]
    return max(leading, key=lambda form: len(names & form.fields.keys()), default=None)


def _button(form: LiveForm) -> Button | None:
    return next((button for button in form.buttons if not _BACKWARD.search(button.words)), None)


def _asks_again(before: LiveForm, now: LiveForm) -> bool:
    visible = [{field.name for field in form.fields.values() if not field.hidden} for form in (before, now)]
    return now.action == before.action and visible[0] == visible[1] != set()


def _pressed(browser: Browser, form: LiveForm, own: Mapping[str, str]) -> Answer:
    pairs = [(name, own.get(name, field.value)) for name, field in form.fields.items()]
    button = _button(form)
    if button and button.name:
        pairs.append((button.name, button.value))
    encoding = form.encoding if form.encoding in ENCODINGS else "UTF-8"
    body = form_body([(name, value) for name, value in pairs if value is not None], encoding)
    return browser.send(form.action, body, from_outside=False)
