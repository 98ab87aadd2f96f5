"""The bureau in a real browser: a worker that stands still is seen, a provider is paused, each role does its part."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.journeys.bureau import BureauMember, invitation_from_command_line, worker_stopped
from tests.journeys.house import House
from tests.journeys.mover import OFFERS, Mover, days_ahead
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAID = "昭島市水道部のシステムの点検のため、送信を止めています。"


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    opened = [browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP") for _person in range(4)]
    for context in opened:
        context.set_default_timeout(15_000)
    yield opened
    for context in opened:
        context.close()


def test_a_night_at_the_bureau(house: House, contexts: list[BrowserContext]) -> None:
    operator, watcher, auditor = (BureauMember(context.new_page(), house) for context in contexts[:3])
    operator.join(invitation_from_command_line(house, "--operator"), f"op-{uuid4().hex[:6]}")
    watcher.join(operator.invite("見る人"), f"watch-{uuid4().hex[:6]}")
    auditor.join(operator.invite("監査する人"), f"audit-{uuid4().hex[:6]}")

    # The worker stands still, and the overview says so; it goes on, and the alarm ends.
    wait_until(lambda: "ワーカーが 1 つ動いています" in watcher.open(), 30, watcher.open)
    with worker_stopped(house):
        wait_until(lambda: "動いているワーカーがありません" in watcher.open(), 60, watcher.open)
    wait_until(lambda: "動いているワーカーがありません" not in watcher.open(), 60, watcher.open)

    # The operator pauses a provider: nothing happens before the second press.
    operator.open("providers/akishima-water/")
    operator.page.get_by_role("link", name="送信を止める").click()
    operator.page.locator('[name="sentence"]').fill(SAID)
    operator.press("確かめる")
    assert "まだ何もしていません" in operator.page.locator("main").inner_text()
    assert SAID not in watcher.open("providers/akishima-water/")
    operator.press("送信を止める")
    assert "送信を止めました" in operator.page.locator("main").inner_text()

    # A mover reads the sentence, and the notice waits.
    mover = Mover(contexts[3].new_page(), house.portal, f"{uuid4().hex[:12]}@example.jp")
    mover.apply(OFFERS, leave_on=days_ahead(12), arrive_on=days_ahead(11))
    mover.begin("昭島市水道部", "開始")
    mover.page.locator('[name="next_payment"]').first.check()
    mover.press("確認して送る")
    leaf = mover.leaf("昭島市水道部", "開始")
    expect(leaf.get_by_text(SAID)).to_be_visible()
    leaf.get_by_role("link", name="くわしく").click()
    number = mover.page.locator(".facts dd").nth(1).inner_text().strip()

    # The bureau sees where it stands and not what it says; a watcher cannot act.
    page = watcher.open(f"notices?number={number}")
    assert "入力済" in page
    assert not [word for word in ("引越", "1020084", mover.email) if word in page.replace("引越れんらく帳", "")]
    assert watcher.page.goto(f"{house.portal}/bureau/acts/pause").status == 403  # type: ignore[union-attr]
    assert "送信を止める" not in watcher.open("providers/akishima-water/")

    # Resumed, it arrives; the auditor reads who did it, and cannot act.
    operator.open("acts")
    operator.page.get_by_role("button", name="また送りはじめる").click()
    expect(operator.page.get_by_role("heading", name="確認：また送りはじめる")).to_be_visible()
    operator.press("また送りはじめる")
    wait_until(lambda: "送信済" in watcher.open(f"notices?number={number}"), 30, watcher.open)
    record = auditor.open("record")
    assert "送信を止めた" in record
    assert "送信をまた始めた" in record
    assert SAID in record
    assert auditor.page.goto(f"{house.portal}/bureau/acts").status == 403  # type: ignore[union-attr]


def test_what_was_given_up_is_sent_again_by_an_operator(house: House, contexts: list[BrowserContext]) -> None:
    """Counted first, then done, then read in the record."""
    operator = BureauMember(contexts[0].new_page(), house)
    operator.join(invitation_from_command_line(house, "--operator"), f"again-{uuid4().hex[:6]}")
    mover = Mover(contexts[3].new_page(), house.portal, f"{uuid4().hex[:12]}@example.jp")
    mover.apply(OFFERS, leave_on=days_ahead(12), arrive_on=days_ahead(11))
    with worker_stopped(house):
        mover.begin("昭島市水道部", "開始")
        mover.page.locator('[name="next_payment"]').first.check()
        mover.press("確認して送る")
        mover.leaf("昭島市水道部", "開始").get_by_role("link", name="くわしく").click()
        number = mover.page.locator(".facts dd").nth(1).inner_text().strip()
        give_up(house, number)

    standing = f"notices?number={number}"
    assert "未達" in operator.open(standing)
    operator.page.get_by_role("link", name="もう一度送る", exact=True).click()
    operator.press("確かめる")
    said = operator.page.locator("main").inner_text()
    assert "まだ何もしていません" in said
    assert "もう一度送るもの: 1件 (未達だったもの 1件、待っていたもの 0件)" in said
    assert number in said
    assert "未達" in operator.open(standing)
    assert "もう一度送ることにした" not in operator.open("record")

    operator.open(standing)
    operator.page.get_by_role("link", name="もう一度送る", exact=True).click()
    operator.press("確かめる")
    operator.press("もう一度送る")
    assert "1件を、もう一度送ります。" in operator.page.locator("main").inner_text()
    wait_until(lambda: "送信済" in operator.open(standing), 30, lambda: operator.open(standing))
    record = operator.open(f"record?number={number}")
    assert "もう一度送ることにした" in record
    assert number in record


def give_up(house: House, number: str) -> None:
    """As if its provider had refused it: nothing in the trial refuses."""
    with closing(sqlite3.connect(house.var / "renrakucho.sqlite3", timeout=20)) as database, database:
        database.execute(
            "UPDATE notice_notice SET status = 'undelivered', due_at = NULL WHERE number = ?", [number.replace("-", "")]
        )
