"""The main job, end to end: one move is entered once, told to every provider, and accepted by each."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.clerk import Clerk
from tests.journeys.house import House
from tests.journeys.mover import OFFERS, PHONE, Mover, days_ahead

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CARRIED = [
    ("東京電力エナジーパートナー", "停止と開始", "tepco-ep", "move"),
    ("東京ガス", "停止", "tokyo-gas", "stop"),
    ("東京ガス", "開始", "tokyo-gas", "start"),
    ("東京都水道局", "停止", "tokyo-waterworks", "stop"),
    ("NHK", "住所変更", "nhk", "change"),
]


@dataclass(frozen=True)
class Household:
    """A mover's phone and a clerk's desk, in separate browsers."""

    mover: Mover
    clerk: Clerk
    scripts: bool
    strangers: list[str]  # hosts that a page asked for, beside the portal and the sandbox


@pytest.fixture(params=["without scripts", "with scripts"])
def household(request: pytest.FixtureRequest, house: House, browser: Browser) -> Iterator[Household]:
    scripts = request.param == "with scripts"
    phone = browser.new_context(viewport=PHONE, java_script_enabled=scripts, locale="ja-JP")
    desk = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    strangers: list[str] = []
    for context in (phone, desk):
        context.set_default_timeout(15_000)
        context.on(
            "request",
            lambda asked: None if asked.url.startswith((house.portal, house.sandbox)) else strangers.append(asked.url),
        )
    mover = Mover(phone.new_page(), house.portal, f"{uuid4().hex[:12]}@example.jp")
    yield Household(mover, Clerk(desk.new_page(), house.portal), scripts, strangers)
    phone.close()
    desk.close()


def test_a_household_moves_from_chiyoda_to_akishima(household: Household, house: House) -> None:
    mover, clerk = household.mover, household.clerk
    access_key = mover.apply(OFFERS, leave_on=days_ahead(12), arrive_on=days_ahead(11))
    (registration,) = house.mails(mover.email, "申込登録")
    assert access_key not in registration
    assert "昭島市水道部" not in registration
    (told,) = house.mails(mover.email, "アクセスキー")
    assert access_key in told

    numbers = {}
    for provider, procedure, slug, code in CARRIED:
        mover.begin(provider, procedure)
        expect(mover.page.locator(".domain")).to_have_text(house.sandbox.removeprefix("http://"))
        mover.hand_over(household.scripts)
        numbers[provider, procedure] = mover.finish_there(slug, code)
        mover.page.get_by_role("link", name="引越れんらく帳へ戻る").click()
        assert "受理されました" in mover.words()
        assert numbers[provider, procedure] in mover.words()

    send_to_the_desk(mover)
    change_before_acceptance(mover)
    number = accept_at_desk(mover, clerk, house)
    check_no_change_after_acceptance(mover)

    acceptances = house.mails(mover.email, "受理", count=len(OFFERS))
    assert len(acceptances) == len(OFFERS)
    for receipt_number in [*numbers.values(), number]:
        assert sum(receipt_number in text for text in acceptances) == 1
    check_stamps(mover.page, mover.portal)
    assert household.strangers == []


def send_to_the_desk(mover: Mover) -> None:
    mover.begin("昭島市水道部", "開始")
    mover.press("確認して送る")
    assert "ひとつお選びください" in mover.words()
    mover.page.locator('[name="next_payment"]').first.check()
    mover.field("notes").fill("門の左にメーターがあります")
    assert "髙﨑" in mover.words()
    mover.press("確認して送る")


def change_before_acceptance(mover: Mover) -> None:
    mover.begin("昭島市水道部", "開始")
    mover.field("notes").fill("門の右にメーターがあります")
    mover.press("変更を送る")
    assert "変更" in mover.leaf("昭島市水道部", "開始").inner_text()


def accept_at_desk(mover: Mover, clerk: Clerk, house: House) -> str:
    mover.leaf("昭島市水道部", "開始").get_by_role("link", name="くわしく").click()
    shown = mover.page.locator(".facts dd").nth(1).inner_text().strip()
    clerk.log_in(*house.login("akishima-water"))
    expect(clerk.page.get_by_role("link", name=shown)).to_be_visible(timeout=10_000)
    clerk.open(shown)
    assert "門の右にメーターがあります" in clerk.page.locator("body").inner_text()
    clerk.accept(f"昭水-{shown[-4:]}")
    leaf = mover.leaf("昭島市水道部", "開始").inner_text()
    assert f"昭水-{shown[-4:]}" in leaf
    return f"昭水-{shown[-4:]}"


def check_no_change_after_acceptance(mover: Mover) -> None:
    leaf = mover.leaf("昭島市水道部", "開始")
    expect(leaf.locator(".actions .button")).to_have_count(0)
    leaf.get_by_role("link", name="くわしく").click()
    assert "変更や取消は、事業者へお電話でご連絡ください" in mover.words()


def check_stamps(page: Page, portal: str) -> None:
    page.goto(f"{portal}/book/")
    expect(page.locator("svg.stamp")).to_have_count(len(OFFERS))
    assert "すべて受理されました" in page.locator("body").inner_text()


def test_one_confirmation_leads_from_one_providers_site_to_the_next(household: Household, house: House) -> None:
    mover, page = household.mover, household.mover.page
    web_forms = {("tokyo-gas", "stop"): "東京ガス（停止）", ("nhk", "change"): "NHK（住所変更）"}
    mover.apply(["gas:stop:tokyo-gas", "broadcasting:change:nhk"], days_ahead(12), days_ahead(11))
    assert "東京都昭島市昭和町" in mover.words()
    mover.press("確認して、2件をつづけて進む")
    for count in range(2):
        if not household.scripts:
            assert page.url.startswith(house.portal)
            page.locator("#carry .button").click()
        page.wait_for_url(lambda url: not url.startswith(house.portal))
        slug, procedure = page.url.split("/")[3:5]
        title = web_forms.pop((slug, procedure))
        mover.finish_there(slug, procedure)
        page.get_by_role("link", name="引越れんらく帳へ戻る").click()
        if not household.scripts or count == 1:
            assert f"{title}が受理されました" in mover.words()
    assert page.url == f"{house.portal}/book/"
    expect(page.locator("svg.stamp")).to_have_count(2)
