"""Layout on a phone: what a mover has to see stands in view, and what is evidence stands folded."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.house import House
from tests.journeys.mover import PHONE, Mover

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOP = "one => one.getBoundingClientRect().top"


@pytest.fixture
def page(browser: Browser, house: House) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="ja-JP")
    context.set_default_timeout(15_000)
    page = context.new_page()
    mover = Mover(page, house.portal, "taro@example.jp")
    page.goto(house.portal)
    page.get_by_label("どこから").fill("1020084")
    page.get_by_label("どこへ").fill("1500001")
    mover.press("申込みをはじめる")
    yield page
    context.close()


def test_ten_providers_stand_on_few_screens(page: Page) -> None:
    assert page.locator('[name="chosen"]').count() >= 10
    assert page.evaluate("document.documentElement.scrollHeight") <= 3000
    folded = page.locator(".offer-more").first
    assert not folded.locator(".offer-source, .rules").first.is_visible()
    folded.locator("summary").click()
    assert folded.locator(".offer-source, .rules").first.is_visible()


def test_one_row_of_navigation_stands_above_a_form(page: Page) -> None:
    tops = [link.evaluate(TOP) for link in page.locator(".site-nav a:visible").all()]
    assert tops
    assert len(set(tops)) == 1
    assert page.locator(".foot-links a").count() > len(tops)  # the others


def test_an_errors_link_brings_label_and_message_into_view(page: Page, house: House) -> None:
    mover = Mover(page, house.portal, "taro@example.jp")
    mover.choose(["gas:stop:tokyo-gas", "broadcasting:change:nhk"])
    mover.press("次へ")
    assert page.locator("#id_person\\.given_name").evaluate(TOP) > page.locator("#id_person\\.family_name").evaluate(
        TOP
    )
    mover.press("確認へ進む")
    links = page.locator("#errors a")
    assert links.count() >= 5
    for link in links.all():
        link.click()
        field = page.locator(f'[id="{str(link.get_attribute("href")).removeprefix("#")}"]')
        around = field.locator("xpath=ancestor::*[contains(@class, 'has-error')][1]")
        for part in (around.locator("label, legend").first, around.locator(".error").first):
            top, bottom = part.evaluate("one => [one.getBoundingClientRect().top, one.getBoundingClientRect().bottom]")
            assert top >= 0
            assert bottom <= PHONE["height"]
