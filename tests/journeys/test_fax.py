"""By fax: from the mover's entry to the paper in the office, and by its code back to the mover's page."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.fax_notice import OFFICE, answer_url, send_by_fax, shown_number
from tests.journeys.house import House
from tests.journeys.mover import PHONE, Mover

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True)
class Household:
    """A mover's phone, and the PC beside the fax, which runs no scripts."""

    mover: Mover
    pc: Page


@pytest.fixture
def household(house: House, browser: Browser) -> Iterator[Household]:
    phone = browser.new_context(viewport=PHONE, locale="ja-JP")
    office = browser.new_context(viewport={"width": 1024, "height": 768}, java_script_enabled=False, locale="ja-JP")
    for context in (phone, office):
        context.set_default_timeout(15_000)
    yield Household(Mover(phone.new_page(), house.portal, f"{uuid4().hex[:12]}@example.jp"), office.new_page())
    phone.close()
    office.close()


def press(page: Page, label: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).click()


def test_a_fax_is_answered_by_its_code(household: Household, house: House) -> None:
    mover, pc = household.mover, household.pc
    number = send_by_fax(mover, "門の左にメーターがあります")
    address = answer_url(house, number)
    mover.page.reload()
    assert "届いたかどうかは、まだ分かりません" in mover.words()

    pc.goto(address)
    assert number in pc.locator("main").inner_text()
    assert "髙﨑" not in pc.content()
    pc.locator('[name="number"]').fill("長水-2026-0042")
    press(pc, "受理する")
    assert "長水-2026-0042" in pc.locator("main").inner_text()

    mover.page.goto(f"{house.portal}/book/")
    expect(mover.page.locator("svg.stamp")).to_have_count(1)
    mover.leaf(OFFICE, "開始").get_by_role("link", name="くわしく").click()
    history = mover.page.locator(".history").inner_text()
    for line in (
        "お客さまが確認して送信を頼みました",
        "事業者に届けました",
        "事業者が開きました（紙にある回答コードから）",
    ):
        assert line in history
    assert "事業者が受理しました（紙にある回答コードから） 長水-2026-0042" in " ".join(history.split())
    [mail] = house.mails(mover.email, "受理")
    assert "長水-2026-0042" in mail


def test_a_change_makes_the_first_fax_void(household: Household, house: House) -> None:
    mover, pc = household.mover, household.pc
    old = send_by_fax(mover)
    first = answer_url(house, old)
    mover.begin(OFFICE, "開始")
    mover.field("notes").fill("門の右にメーターがあります")
    mover.press("変更を送る")
    new = shown_number(mover)
    assert new != old
    pc.goto(first)
    assert f"新しい紙（れんらく番号 {new}）で手続してください" in pc.locator("main").inner_text()
    assert pc.locator("main form").count() == 0
    pc.goto(f"{house.portal}/a")
    pc.locator('[name="code"]').fill(answer_url(house, new).rpartition("/")[2].upper())
    press(pc, "連絡を開く")
    pc.locator('[name="reason"]').fill("水栓番号が見つかりません。")
    press(pc, "差し戻す")
    mover.page.goto(f"{house.portal}/book/")
    assert "水栓番号が見つかりません。" in mover.words()
