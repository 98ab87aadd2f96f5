"""A shared computer in Chromium: after 「終わる」, or ten minutes alone, the next person finds nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bootstrap.debian import chromium
from tests.journeys.house import House
from tests.journeys.mover import OFFERS, Mover, days_ahead

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TYPED = ("髙﨑", "タカサキ", "あいおい二番町ビル", "コーポ〜昭和", "03-3515-6989")
OFFER = "共用のパソコンです"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="ja-JP", viewport={"width": 1280, "height": 800})
    made.set_default_timeout(15_000)
    yield made
    made.close()


def to_check_page(page: Page, house: House, *, shared: bool) -> Mover:
    """Enter a whole move up to the page that registers it; «髙﨑» is on the screen."""
    mover = Mover(page, house.portal, f"kyouyou-{uuid4()}@example.jp")
    page.goto(house.portal)
    if shared:
        mover.press(OFFER)
    page.get_by_label("どこから").fill("1020084")
    page.get_by_label("どこへ").fill("1960015")
    mover.press("申込みをはじめる")
    mover.choose(OFFERS[1:3])
    mover.press("次へ")
    mover.enter_items(days_ahead(10), days_ahead(9))
    expect(page.get_by_text("髙﨑").first).to_be_visible()
    return mover


def found_on(page: Page) -> list[str]:
    whole = page.content() + json.dumps(
        page.evaluate("[...document.querySelectorAll('input')].map(each => each.value)"), ensure_ascii=False
    )
    return [word for word in TYPED if word in whole]


def found_by_going_back(page: Page) -> list[str]:
    """What is shown of the last mover on the pages that this window can go back to."""
    found: list[str] = []
    for _step in range(12):
        if page.go_back() is None and page.url == "about:blank":
            break
        found += found_on(page)
    return found


def test_after_the_end_back_shows_nothing_and_no_cookie_is_left(context: BrowserContext, house: House) -> None:
    page = context.new_page()
    mover = to_check_page(page, house, shared=True)
    mover.press("終わる")
    expect(page.get_by_role("heading", name="終わりました")).to_be_visible()
    assert page.url.endswith("/shared-computer/ended")
    assert found_by_going_back(page) == []
    assert [each["name"] for each in context.cookies() if each["name"] in ("device", "sessionid")] == []
    page.goto(house.portal)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_whoever_only_goes_away_is_found_by_going_back(context: BrowserContext, house: House) -> None:
    """The control: the same way back finds the mover where nothing was ended."""
    page = context.new_page()
    to_check_page(page, house, shared=False)
    page.goto(f"{house.portal}/shared-computer/ended")
    assert "髙﨑" in found_by_going_back(page)


def test_an_opened_book_ends_too(context: BrowserContext, house: House) -> None:
    page = context.new_page()
    mover = Mover(page, house.portal, f"kyouyou-{uuid4()}@example.jp")
    key = mover.apply(OFFERS[1:3], days_ahead(10), days_ahead(9))
    context.clear_cookies()
    page.goto(f"{house.portal}/book/login")
    mover.press(OFFER)
    mover.field("email").fill(mover.email)
    mover.field("access_key").fill(key)
    mover.press("開く")
    page.goto(f"{house.portal}/book/disclosure")
    expect(page.get_by_text("このパソコンに残ります")).to_be_visible()
    mover.press("終わる")
    assert found_by_going_back(page) == []
    page.goto(f"{house.portal}/book/")
    assert "/book/login" in page.url


def test_ten_minutes_alone_end_it_on_the_screen_and_a_press_goes_on(context: BrowserContext, house: House) -> None:
    page = context.new_page()
    page.clock.install()
    to_check_page(page, house, shared=True)
    page.clock.run_for("07:30")
    expect(page.get_by_role("heading", name="まもなく終わります")).to_be_visible()
    page.get_by_role("button", name="続ける").click()
    expect(page.get_by_role("heading", name="まもなく終わります")).to_be_hidden()
    page.clock.run_for("05:00")
    expect(page.get_by_text("髙﨑").first).to_be_visible()
    page.clock.run_for("06:00")
    page.wait_for_url("**/shared-computer/ended")
    assert found_by_going_back(page) == []


def test_on_ones_own_device_a_draft_stays_on_the_screen(context: BrowserContext, house: House) -> None:
    """The control: without the choice the same time ends nothing."""
    page = context.new_page()
    page.clock.install()
    to_check_page(page, house, shared=False)
    page.clock.run_for("20:00")
    expect(page.get_by_text("髙﨑").first).to_be_visible()


def words_in(folder: Path) -> set[str]:
    """The mover's words in any file of a browser's profile, in UTF-8 or UTF-16."""
    files = [each.read_bytes() for each in folder.rglob("*") if each.is_file()]
    return {word for word in TYPED for file in files if word.encode() in file or word.encode("utf-16-le") in file}


def test_the_profile_on_the_disk_has_no_word_of_the_mover(browser: Browser, house: House, tmp_path: Path) -> None:
    """The control types the same on a device of one's own: there the browser keeps its form history."""
    driver = browser.browser_type
    left = {}
    for name, shared in (("shared", True), ("own", False)):
        folder = tmp_path / name
        context = driver.launch_persistent_context(
            folder, executable_path=chromium(), locale="ja-JP", args=["--no-sandbox", "--disable-gpu"]
        )
        context.set_default_timeout(15_000)
        mover = to_check_page(context.pages[0], house, shared=shared)
        if shared:
            mover.press("終わる")
        context.close()
        left[name] = words_in(folder)
    assert left["shared"] == set()
    assert left["own"] != set()
