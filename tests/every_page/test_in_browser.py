"""Every page in Chromium: what axe finds by WCAG 2.2 and best practice, on a phone, wide and dark; and on paper."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, sync_playwright

from tests.every_page.cast import ShownPage
from tests.journeys.accessibility import EVERY_RULE, OF_LOOKS, axe_faults, keep_axe, too_wide
from tests.journeys.conftest import launched

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]
NOT_FOR_PAPER = "header.top, footer, .skip, .buttons, .button, .back, .no-print, .after-book, form button, .site-nav"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        yield launched(driver)


class PageServer(ThreadingHTTPServer):
    """Answers any path with the page that is shown now, and the static files with their content."""

    html = ""


class PageHandler(BaseHTTPRequestHandler):
    server: PageServer

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        kind = (guess_type(path)[0] or "text/plain") if found else "text/html; charset=utf-8"
        content = Path(str(found)).read_bytes() if found else self.server.html.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600" if found else "no-store")
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        self.send_response(204)  # the browser stays where it is: on a page that sends its form by itself, too
        self.end_headers()

    def log_message(self, *words: object) -> None:
        pass


LEAVES_BY_ITSELF = "**/book/carry*.js"  # sends the form of its page to the provider

Show = Callable[[Page, ShownPage], None]


@pytest.fixture
def show() -> Iterator[Show]:
    """A function that shows a page as it was answered, with its style and script."""
    with PageServer(("127.0.0.1", 0), PageHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()

        def shown(page: Page, answered: ShownPage) -> None:
            server.html = answered.html
            page.goto(f"http://127.0.0.1:{server.server_port}{urlsplit(answered.address).path}")

        yield shown
        server.shutdown()


def one_of_each(pages: list[ShownPage]) -> list[ShownPage]:
    """Of several notices in one book, the first: the others look the same."""
    found = {
        (page.reader, page.view, page.response.status_code, page.address.partition("?")[2]): page for page in pages
    }
    return [*found.values(), *(page for page in pages if page.view.startswith("standard:document"))]


def test_every_page_holds_on_a_phone_wide_in_the_dark_and_on_paper(
    browser: Browser, show: Show, every_page: list[ShownPage]
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="light", locale="ja-JP")
    page.route(LEAVES_BY_ITSELF, lambda route: route.fulfill(body=""))
    keep_axe(page)
    faults = []
    for shown in one_of_each(every_page):
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(media="screen", color_scheme="light")
        show(page, shown)
        faults += [f"{shown}: {fault}" for fault in (*axe_faults(page), *too_wide(page))]
        page.set_viewport_size({"width": 1280, "height": 844})
        page.emulate_media(color_scheme="dark")
        faults += [f"{shown}, wide and dark: {fault}" for fault in (*axe_faults(page, OF_LOOKS), *too_wide(page))]
        page.set_viewport_size({"width": 794, "height": 1123})
        page.emulate_media(media="print", color_scheme="light")
        faults += [f"{shown}, on paper: {fault}" for fault in shown_on_paper(page)]
    page.close()
    assert faults == []


def shown_on_paper(page: Page) -> list[str]:
    """What can be pressed and is seen all the same."""
    return list(
        page.locator(NOT_FOR_PAPER).evaluate_all(
            "found => found.filter(one => one.getClientRects().length).map(one => one.outerHTML.slice(0, 80))"
        )
    )


def test_axe_is_of_today(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content('<main><h1>x</h1><a href="#a">a</a><a href="#b">b</a></main><style>a {font-size: 8px}</style>')
    for rules in (EVERY_RULE, OF_LOOKS):
        assert any(fault.startswith("target-size") for fault in axe_faults(page, rules))
    major, minor, *_patch = (int(part) for part in str(page.evaluate("axe.version")).split("."))
    page.close()
    assert (major, minor) >= (4, 14)
