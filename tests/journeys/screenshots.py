"""Screenshots of the real pages for the README: walk through the whole service in a browser.

usage: .venv/bin/python -m tests.journeys.screenshots [FOLDER]      (default docs/screenshots)
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.journeys.clerk import Clerk
from tests.journeys.conftest import launched
from tests.journeys.fax_notice import answer_url, send_by_fax
from tests.journeys.house import House, running
from tests.journeys.mover import OFFERS, PHONE, Mover, days_ahead

DESK: ViewportSize = {"width": 1280, "height": 800}


def main(folder: Path) -> None:
    """Start the service, walk through it, and save a picture of each page."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var, running(Path(var)) as house, sync_playwright() as driver:
        browser = launched(driver)
        walk(browser, house, folder)
        browser.close()


def walk(browser: Browser, house: House, folder: Path) -> None:
    """Take the pictures: the mover on a phone, the clerk at a desk, and the finished book."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="ja-JP")
    page = context.new_page()
    mover = Mover(page, house.portal, "taro@example.jp")

    def keep(name: str, of: Page = page) -> None:
        of.evaluate("document.activeElement && document.activeElement.blur()")
        of.wait_for_timeout(300)  # the stamp comes down once
        of.screenshot(path=folder / f"{name}.png", full_page=False)

    page.goto(house.portal)
    keep("top")
    mover.apply(OFFERS, days_ahead(12), days_ahead(11))
    page.goto(f"{house.portal}/apply/providers")
    keep("providers")
    mover.begin("東京都水道局", "停止")
    keep("handover")
    mover.hand_over(scripts=True)
    mover.finish_there("tokyo-waterworks", "stop")
    page.get_by_role("link", name="引越れんらく帳へ戻る").click()
    keep("accepted")
    mover.begin("昭島市水道部", "開始")
    page.locator('[name="next_payment"]').first.check()
    mover.press("確認して送る")
    clerk = Clerk(browser.new_context(viewport=DESK, locale="ja-JP").new_page(), house.portal)
    clerk.log_in(*house.login("akishima-water"))
    clerk.page.locator("[data-row]").first.wait_for()
    clerk.page.locator("[data-row]").first.click()
    keep("desk-notice", clerk.page)
    clerk.accept("昭水-2026-0042")
    page.goto(f"{house.portal}/book/")
    page.set_viewport_size(DESK)
    page.reload()
    keep("book-wide")
    page.goto(f"{house.portal}/search?postal_code=1960015")
    keep("search-wide")
    by_fax(browser, house, folder)


def by_fax(browser: Browser, house: House, folder: Path) -> None:
    """Take the pictures of a fax: the paper at the office, and the page that its code opens."""
    context = browser.new_context(viewport=PHONE, locale="ja-JP")
    number = send_by_fax(Mover(context.new_page(), house.portal, "hanako@example.jp"), "門の左にメーターがあります")
    paper = house.fax(number.replace("-", "")).convert("L")
    paper.crop((0, 0, paper.width, int(paper.width * 0.9))).resize((864, 778)).quantize(8).save(folder / "fax.png")
    pc = browser.new_context(viewport={"width": 1024, "height": 768}, java_script_enabled=False, locale="ja-JP")
    page = pc.new_page()
    page.goto(answer_url(house, number))
    page.screenshot(path=folder / "answer.png")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots"))
