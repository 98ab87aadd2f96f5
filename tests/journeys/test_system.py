"""A provider's own system: a signed notice is pushed to it, and it answers through the API."""

import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.house import House
from tests.journeys.mover import Mover

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WATER = "横須賀市上下水道局"
SYSTEM = "/system/yokosuka-water"


@dataclass(frozen=True)
class Both:
    """A mover's phone, and a screen of the provider's system."""

    mover: Mover
    screen: Page
    system: str

    def arrival(self, number: str) -> Locator:
        """Wait until the notice is on the screen; return it."""
        found = self.screen.locator(f"#n{number}")
        for _look in range(20):
            self.screen.goto(self.system)
            if found.count():
                break
            self.screen.wait_for_timeout(500)
        return found

    def press(self, number: str, label: str) -> Locator:
        """Press a button beside the notice."""
        with self.screen.expect_navigation():
            self.screen.locator(f"#n{number}").get_by_role("button", name=label, exact=True).click()
        return self.screen.locator(f"#n{number}").get_by_role("status")


@pytest.fixture
def both(house: House, browser: Browser) -> Iterator[Both]:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False, locale="ja-JP")
    screen = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    mover = Mover(phone.new_page(), house.portal, f"{uuid4().hex[:12]}@example.jp")
    yield Both(mover, screen.new_page(), f"{house.sandbox}{SYSTEM}")
    phone.close()
    screen.close()


def send(mover: Mover) -> str:
    """Apply, and send one of the notices. Returns its number."""
    soon = date.today() + timedelta(days=12)  # noqa: DTZ011 - far enough from every window's edge
    offers = [
        "electricity:stop:tepco-ep",
        "gas:stop:tokyo-gas",
        "water:stop:tokyo-waterworks",
        "water:start:yokosuka-water",
    ]
    mover.apply(offers, leave_on=soon, arrive_on=soon, to="2380004")
    mover.begin(WATER, "開始")
    mover.page.locator('[name="next_payment"]').first.check()
    mover.press("確認して送る")
    mover.leaf(WATER, "開始").get_by_role("link", name="くわしく").click()
    return mover.page.locator(".facts dd").nth(1).inner_text().replace("-", "").strip()


def test_a_notice_is_pushed_read_and_accepted(both: Both, house: House) -> None:
    mover = both.mover
    number = send(mover)
    arrival = both.arrival(number)
    expect(arrival).to_contain_text("髙﨑")
    expect(arrival).to_contain_text("水道の使用開始")
    expect(both.press(number, "APIで読む")).to_contain_text("送信済")
    arrival.get_by_label("受付番号").fill(f"横水-{number[-4:]}")
    expect(both.press(number, "受理")).to_contain_text(f"受理 横水-{number[-4:]}")

    leaf = mover.leaf(WATER, "開始")
    assert f"横水-{number[-4:]}" in leaf.inner_text()
    leaf.get_by_role("link", name="くわしく").click()
    history = mover.page.locator(".history").inner_text()
    for proof in ("事業者に届けました", "事業者が開きました", "事業者が受理しました", f"横水-{number[-4:]}"):
        assert proof in history
    (mail,) = house.mails(mover.email, "受理")
    assert f"横水-{number[-4:]}" in mail


def test_a_notice_is_withdrawn_before_acceptance(both: Both) -> None:
    mover = both.mover
    number = send(mover)
    both.arrival(number)
    mover.page.get_by_role("link", name="この連絡を取り消す").click()
    mover.press("取り消す")
    for _look in range(20):
        both.screen.goto(both.system)
        if "取り消しました" in both.screen.locator(f"#n{number}").inner_text():
            break
        both.screen.wait_for_timeout(500)
    expect(both.screen.locator(f"#n{number}")).to_contain_text("お客さまが取り消しました")
    expect(both.press(number, "受理")).to_contain_text("409 お客さまが取り消したため、答えられません")
    assert "取消" in mover.leaf(WATER, "開始").inner_text()


def test_an_unsigned_push_is_refused(house: House) -> None:
    forged = urllib.request.Request(f"{house.sandbox}{SYSTEM}", b"{}", {"Content-Type": "application/json"})
    with pytest.raises(urllib.error.HTTPError, match="401") as refused:
        urllib.request.urlopen(forged)
    refused.value.close()
