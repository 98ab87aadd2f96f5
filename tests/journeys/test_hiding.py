"""A mover in hiding in Chromium, from the first page to the receipt: the new address is nowhere but where it was sent.

Its house is a canary, typed once. The one provider that was chosen reads it (the control). Mails, an old provider's
site, the desk before a reason, the portal's files and log, another mover's record, and the browser's own profile after
its window was closed, have nothing of it.
"""

import json
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bootstrap.debian import chromium
from tests.journeys import mover as cast
from tests.journeys.clerk import Clerk
from tests.journeys.house import House
from tests.journeys.mover import Mover, days_ahead

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CANARY = "かなりあ荘"
ROOM = "七七七号室"
OLD, NEW = "gas:stop:tokyo-gas", "water:start:akishima-water"
OFFERS = [OLD, "water:stop:tokyo-waterworks", NEW]


@dataclass
class Traces:
    """What was left, by where it was found. profile: the browser's folder, read after its window was closed."""

    at_desk: str = ""
    elsewhere: dict[str, str] = field(default_factory=dict)
    profile: Path = Path()


def text_of(address: str) -> str:
    with urllib.request.urlopen(address) as answer:
        whole: str = answer.read().decode("utf-8", "replace")
    return whole


def hide(page: Page, house: House, mover: Mover) -> str:
    """From the first page to the registered book. Returns the access key."""
    page.goto(house.portal)
    page.get_by_role("link", name="新しい住所を知られたくないとき").first.click()
    mover.press("新しい住所を伏せて進む")
    mover.press("次へ")  # what is wished for stays as it is ticked
    mover.field("origin-postal_code").fill("1020084")
    mover.field("destination-postal_code").fill("1960015")
    mover.press("次へ")
    mover.choose(OFFERS)
    mover.press("次へ")
    mover.field("billing.to", "origin").check()  # else the old company's form needs the new address
    mover.enter_items(days_ahead(12), days_ahead(11))
    mover.press("登録する")
    mover.enter_code()
    return page.locator(".access-key").inner_text()


def tell_new_provider(mover: Mover) -> str:
    """Let the new water utility be told, alone, and send it. Returns the notice's number."""
    mover.leaf("昭島市水道部", "開始").get_by_role("link", name="くわしく").click()
    mover.press("この会社には新しい住所を伝える")
    mover.begin("昭島市水道部", "開始")
    mover.page.locator('[name="next_payment"]').first.check()
    mover.press("確認して送る")
    mover.leaf("昭島市水道部", "開始").get_by_role("link", name="くわしく").click()
    return mover.page.locator(".facts dd").nth(1).inner_text().strip()


def stop_old_provider(mover: Mover) -> str:
    """Go to the old gas company with the form, and finish there. Returns all that its site showed."""
    mover.begin("東京ガス", "停止")
    shown = mover.page.content()
    mover.hand_over(scripts=True)
    shown += mover.page.content()
    mover.finish_there("tokyo-gas", "stop")
    return shown + mover.page.content()


def unlock(browser: Browser, house: House, number: str) -> tuple[str, str]:
    """The notice's page at its desk, with its reason given; and what the list and the exports show before."""
    context = browser.new_context(locale="ja-JP")
    context.set_default_timeout(15_000)
    page = context.new_page()
    clerk = Clerk(page, house.portal)
    clerk.log_in(*house.login("akishima-water"))
    listed = page.content()
    page.goto(f"{house.portal}/desk/take")
    listed += page.content()
    clerk.open(number)
    listed += page.content()
    page.locator('[name="reason"]').first.check()
    page.get_by_role("button", name="開く").click()
    expect(page.get_by_text("髙﨑").first).to_be_visible()
    opened = page.content()
    context.close()
    return opened, listed


def record_of_another(browser: Browser, house: House) -> str:
    context = browser.new_context(locale="ja-JP")
    context.set_default_timeout(15_000)
    page = context.new_page()
    other = Mover(page, house.portal, f"hoka-{uuid4()}@example.jp")
    other.apply([OLD, NEW], days_ahead(10), days_ahead(9))
    page.goto(f"{house.portal}/book/disclosure")
    shown = page.content()
    context.close()
    return shown


def files_of(folder: Path) -> str:
    return "".join(each.read_bytes().decode("utf-8", "replace") for each in folder.rglob("*") if each.is_file())


def words_in(folder: Path) -> set[str]:
    """The canary in any file of a browser's profile, in UTF-8 or UTF-16."""
    files = [each.read_bytes() for each in folder.rglob("*") if each.is_file()]
    words = (CANARY, ROOM)
    return {word for word in words for file in files if word.encode() in file or word.encode("utf-16-le") in file}


def window(browser: Browser, folder: Path) -> BrowserContext:
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=chromium(), locale="ja-JP", args=["--no-sandbox", "--disable-gpu"]
    )
    context.set_default_timeout(15_000)
    return context


@pytest.fixture(scope="module")
def traces(browser: Browser, house: House, tmp_path_factory: pytest.TempPathFactory) -> Traces:
    found = Traces(profile=tmp_path_factory.mktemp("profile"))
    plain = dict(cast.PERSON)
    cast.PERSON.update({"destination.building": CANARY, "destination.room": ROOM})
    context = window(browser, found.profile)
    page = context.pages[0]
    mover = Mover(page, house.portal, f"hiding-{uuid4()}@example.jp")
    hide(page, house, mover)
    number = tell_new_provider(mover)
    found.elsewhere["the old provider's site"] = stop_old_provider(mover)
    found.at_desk, found.elsewhere["the desk before a reason is given"] = unlock(browser, house, number)
    found.elsewhere["mails"] = text_of(f"{house.sandbox}/mail.json")
    assert mover.email in found.elsewhere["mails"]
    page.goto(f"{house.portal}/book/")
    found.elsewhere["cookies"] = json.dumps(context.cookies(), ensure_ascii=False)
    storage = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    found.elsewhere["storage"] = str(storage)
    context.close()
    cast.PERSON.clear()
    cast.PERSON.update(plain)
    found.elsewhere["another mover's record"] = record_of_another(browser, house)
    found.elsewhere["the portal's files and log"] = files_of(house.var)
    return found


def test_the_provider_that_was_chosen_reads_the_new_address(traces: Traces) -> None:
    """The control: what the other tests look for is there to be found."""
    assert CANARY in traces.at_desk
    assert ROOM in traces.at_desk


@pytest.mark.parametrize(
    "where",
    [
        "the old provider's site",
        "the desk before a reason is given",
        "mails",
        "cookies",
        "storage",
        "another mover's record",
        "the portal's files and log",
    ],
)
def test_nothing_else_has_a_word_of_it(traces: Traces, where: str) -> None:
    shown = traces.elsewhere[where]
    assert shown
    assert [word for word in (CANARY, ROOM) if word in shown] == []


def test_the_browser_has_nothing_of_it_after_its_window_was_closed(traces: Traces) -> None:
    assert words_in(traces.profile) == set()
