"""The script that keeps what is typed: whichever way a page is left, its values come back; without it they do not."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.house import House
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TYPED = "102-00"
FIELD = "#id_origin"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="ja-JP")
    yield made
    made.close()


def shown_anew(context: BrowserContext, house: House) -> str:
    """What a page that is opened anew has in the field: the browser itself remembers nothing there."""
    page = context.new_page()
    page.goto(house.portal)
    text = page.input_value(FIELD)
    page.close()
    return text


def typed_on(context: BrowserContext, house: House) -> Page:
    page = context.new_page()
    page.goto(f"{house.portal}/search")
    page.goto(house.portal)
    page.fill(FIELD, TYPED)
    return page


def leave_by_link(page: Page, house: House) -> None:
    page.locator(".site-nav a").last.click()


def leave_by_address(page: Page, house: House) -> None:
    page.goto(f"{house.portal}/links")


def leave_by_back(page: Page, house: House) -> None:
    page.go_back()


def close_page(page: Page, house: House) -> None:
    page.close(run_before_unload=False)


Leave = Callable[[Page, House], None]
WAYS: list[Leave] = [leave_by_link, leave_by_address, leave_by_back, close_page]


@pytest.mark.parametrize("leave", WAYS)
def test_typed_values_come_back_after_the_page_was_left(house: House, context: BrowserContext, leave: Leave) -> None:
    leave(typed_on(context, house), house)
    wait_until(lambda: shown_anew(context, house) == TYPED, 10, "what was typed was not kept", every=0.3)


def test_back_and_forward_show_what_was_typed(house: House, context: BrowserContext) -> None:
    page = typed_on(context, house)
    page.go_back()
    wait_until(lambda: shown_anew(context, house) == TYPED, 10, "what was typed was not kept", every=0.3)
    page.go_forward()
    assert page.input_value(FIELD) == TYPED
    page.reload()
    assert page.input_value(FIELD) == TYPED
    assert page.locator(".has-error").count() == 0


def test_without_the_script_nothing_is_kept(house: House, context: BrowserContext) -> None:
    """The control of this module: a page whose script is taken away loses what was typed."""
    context.route("**/enhance*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    for leave in WAYS:
        leave(typed_on(context, house), house)
    assert shown_anew(context, house) == ""
