"""Form walk: press a site's own buttons from the handed-over page to the done page, as a mover does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from renrakucho.channel.weblink.inspection.live_page import LiveForm, LivePage, SubmitButton, read_live_page
from renrakucho.channel.weblink.inspection.site_browser import SiteBrowser, SiteResponse
from renrakucho.lib.browser_encoding import ENCODINGS, form_body

MOST_PAGES = 6
_BACKWARD = re.compile("修正|戻|もど|取消|取り消|やめ|キャンセル|クリア|リセット|検索|back|cancel|reset", re.IGNORECASE)


@dataclass(frozen=True)
class FormWalk:
    """`pages` after the first. done: no form leads on, or the return link is there; stuck: the form came again."""

    pages: tuple[LivePage, ...]
    end: Literal["done", "stuck", "too_long"]


def walk_to_done_page(
    browser: SiteBrowser, page: LivePage, names: set[str], own: Mapping[str, str], return_link: str
) -> FormWalk:
    """Walk on from `page`. own: answers to the page's own fields, by name. Raises NoSiteResponse."""
    pages: list[LivePage] = []
    form = _forward(page, names)
    while form is not None and len(pages) < MOST_PAGES:
        page = read_live_page(_pressed(browser, form, own))
        pages.append(page)
        if return_link and return_link_on(page, return_link):
            return FormWalk((*pages,), "done")
        before, form = form, _forward(page, names)
        if form is not None and _asks_again(before, form):
            return FormWalk((*pages,), "stuck")
    return FormWalk((*pages,), "done" if form is None else "too_long")


def return_link_on(page: LivePage, return_link: str) -> str:
    """The URL of the page that leads to the return link; empty where none does."""
    forms = (_with_fields(form) for form in page.forms if form.method == "get")
    return next((url for url in (*page.links, *forms) if url.partition("?")[0] == return_link.partition("?")[0]), "")


def _with_fields(form: LiveForm) -> str:
    return f"{form.action}?{urlencode({name: field.value or '' for name, field in form.fields.items()})}"


def empty_fields(form: LiveForm) -> list[str]:
    """The visible fields that are empty."""
    fields = (field for field in form.fields.values() if not field.hidden and not field.value)
    return [f"{field.label} ({field.name})" if field.label else field.name for field in fields]


def _forward(page: LivePage, names: set[str]) -> LiveForm | None:
    """The form that leads on: it has a button that does not lead back, and most of the sheet's fields."""
    leading = [form for form in page.forms if form.method == "post" and (not form.buttons or _button(form))]
    return max(leading, key=lambda form: len(names & form.fields.keys()), default=None)


def _button(form: LiveForm) -> SubmitButton | None:
    return next((button for button in form.buttons if not _BACKWARD.search(button.words)), None)


def _asks_again(before: LiveForm, now: LiveForm) -> bool:
    visible = [{field.name for field in form.fields.values() if not field.hidden} for form in (before, now)]
    return now.action == before.action and visible[0] == visible[1] != set()


def _pressed(browser: SiteBrowser, form: LiveForm, own: Mapping[str, str]) -> SiteResponse:
    pairs = [(name, own.get(name, field.value)) for name, field in form.fields.items()]
    button = _button(form)
    if button and button.name:
        pairs.append((button.name, button.value))
    encoding = form.encoding if form.encoding in ENCODINGS else "UTF-8"
    body = form_body([(name, value) for name, value in pairs if value is not None], encoding)
    return browser.send(form.action, body, from_outside=False)
