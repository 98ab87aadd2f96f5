"""An impostor in a browser: whoever knows a victim's name, address and mail address sends nothing, and is ended by one
press of the victim's. What a real mover pays for it is one code (`python -m benchmarks.effort` measures it).
"""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.clerk import Clerk
from tests.journeys.house import House
from tests.journeys.mover import PHONE, Mover, days_ahead

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WATER, STOP = "water:start:akishima-water", "water:stop:tokyo-waterworks"


def test_an_impostor_sends_nothing_and_one_press_of_the_victim_ends_it(house: House, browser: Browser) -> None:
    victims_mail = f"{uuid4().hex[:12]}@example.jp"
    contexts = [browser.new_context(viewport=PHONE, locale="ja-JP") for _person in range(3)]
    impostor, phone, desk = (context.new_page() for context in contexts)
    mover, clerk = Mover(impostor, house.portal, victims_mail), Clerk(desk, house.portal)
    enter_the_victim(mover)
    guess_on_both_pages(mover)
    number = re.sub(r"\D", "", mover.leaf("昭島市水道部", "開始").get_attribute("id") or "")
    assert len(number) == 12
    (mail,) = house.mails(victims_mail, "申込登録")
    assert "髙﨑" not in mail  # nothing that was typed stands in it
    clerk.log_in(*house.login("akishima-water"))
    desk.goto(f"{house.portal}/desk/?number={number}")
    expect(desk.locator("#number-error")).to_be_visible()

    link = re.search(r"\S+/book/not-mine#\w{24}", mail)
    assert link
    phone.goto(link[0])
    phone.get_by_role("button", name="覚えがないので、すべて止める").click()
    expect(phone.get_by_role("heading", name="すべて止めました")).to_be_visible()
    expect(phone.get_by_text("事業者へ届いたものはありません")).to_be_visible()
    impostor.goto(f"{house.portal}/book/")
    assert "マイ引越れんらく帳" not in impostor.title()
    for context in contexts:
        context.close()


def enter_the_victim(mover: Mover) -> None:
    """Register in the victim's name, up to the page that asks for the code."""
    mover.page.goto(mover.portal)
    mover.page.get_by_label("どこから").fill("1020084")
    mover.page.get_by_label("どこへ").fill("1960015")
    mover.press("申込みをはじめる")
    mover.choose([WATER, STOP])
    mover.press("次へ")
    mover.enter_items(days_ahead(12), days_ahead(11))
    mover.press("登録する")
    assert mover.page.locator(".access-key").count() == 0


def guess_on_both_pages(mover: Mover) -> None:
    """Guess the code where it is asked for, and where the notice is sent."""
    mover.field("mailbox_code").fill("000000")
    mover.press("確認する")
    assert "番号がちがいます" in mover.words()
    mover.begin("昭島市水道部", "開始")
    mover.page.locator('[name="next_payment"]').first.check()
    mover.field("mailbox_code").fill("111111")
    mover.press("確認して送る")
    assert "番号がちがいます" in mover.words()
    assert mover.page.locator(".access-key").count() == 0
