"""What does not leave at once, in a real browser: another adult's contract, and a sudden rise that the bureau holds."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.journeys.bureau import BureauMember, invitation_from_command_line, worker_stopped
from tests.journeys.clerk import Clerk
from tests.journeys.house import House
from tests.journeys.mover import PHONE, Mover, days_ahead
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WATER = ["water:start:akishima-water", "water:stop:tokyo-waterworks"]
HOLDER = {"family_name": "山田", "given_name": "花子", "family_kana": "ヤマダ", "given_kana": "ハナコ"}


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    opened = [browser.new_context(viewport=PHONE, locale="ja-JP") for _person in range(4)]
    for context in opened:
        context.set_default_timeout(15_000)
    yield opened
    for context in opened:
        context.close()


def registered(house: House, context: BrowserContext, **others: str) -> Mover:
    mover = Mover(context.new_page(), house.portal, f"{uuid4().hex[:12]}@example.jp", others)
    mover.apply(WATER, days_ahead(12), days_ahead(11))
    return mover


def send_water(mover: Mover) -> str:
    """Send the one notice; returns its number."""
    mover.begin("昭島市水道部", "開始")
    mover.page.locator('[name="next_payment"]').first.check()
    mover.press("確認して送る")
    return re.sub(r"\D", "", mover.leaf("昭島市水道部", "開始").get_attribute("id") or "")


def words_of_leaf(mover: Mover) -> str:
    mover.leaf("昭島市水道部", "開始").get_by_role("link", name="くわしく").click()
    return mover.words()


def test_another_adult_confirms_by_a_mail_of_their_own(house: House, contexts: list[BrowserContext]) -> None:
    holder = {f"holder.{name}": text for name, text in HOLDER.items()}
    mover = registered(house, contexts[0], **{"holder.same": "no"}, **holder)
    number = send_water(mover)
    assert "ご契約者の確認を待っています" in words_of_leaf(mover)
    clerk = Clerk(contexts[1].new_page(), house.portal)
    clerk.log_in(*house.login("akishima-water"))
    clerk.page.goto(f"{house.portal}/desk/?number={number}")
    expect(clerk.page.locator("#number-error")).to_be_visible()

    mover.page.get_by_role("link", name="ご契約者に確認のメールを送る").click()
    hers = f"{uuid4().hex[:12]}@example.jp"
    mover.field("email").fill(hers)
    mover.press("確認のメールを送る")
    (mail,) = house.mails(hers, "ご契約者の確認")
    assert not [word for word in ("髙﨑", "山田", "昭和町", mover.email) if word in mail]
    link = re.search(r"\S+/book/holder-answer#\w{24}", mail)
    assert link
    page = contexts[2].new_page()
    page.goto(link[0])
    page.get_by_role("button", name="内容を見る").click()
    expect(page.get_by_text("髙﨑")).to_be_visible()
    page.get_by_role("button", name="確認する", exact=True).click()
    expect(page.get_by_text("確認しました。手続を事業者へ送ります。")).to_be_visible()

    wait_until(lambda: "送信済" in mover.leaf("昭島市水道部", "開始").inner_text(), 30, mover.words)
    clerk.page.goto(f"{house.portal}/desk/?number={number}")
    expect(clerk.page.get_by_text("ご契約者").first).to_be_visible()


def test_the_bureau_holds_a_sudden_rise_and_each_mover_hears_of_it(
    house: House, contexts: list[BrowserContext]
) -> None:
    home = f"{uuid4().int % 9000 + 100}-7"  # an address that nobody else of these tests leaves
    movers = [registered(house, context, **{"origin.block": home}) for context in contexts[:3]]
    operator = BureauMember(contexts[3].new_page(), house)
    operator.join(invitation_from_command_line(house, "--operator"), f"rise-{uuid4().hex[:6]}")
    with worker_stopped(house):  # the three come at one moment, and wait
        numbers = [send_water(mover) for mover in movers]
        operator.open("rises")
        rise = operator.page.locator(".rises li").filter(has_text=spoken(numbers[0]))
        expect(rise).to_contain_text("7日間に3冊のれんらく帳")
        with operator.page.expect_navigation():
            rise.get_by_role("button", name="送る前に止める").click()
        expect(operator.page.get_by_text("いま3件が待っています")).to_be_visible()

    refused, released, third = movers
    assert "送る前に、人が確かめています" in words_of_leaf(refused)
    (mail,) = house.mails(refused.email, "送る前に確かめているお知らせ")
    assert "お預かりしています" in mail
    decide(operator, numbers[0], "選んだものを断る")
    (mail,) = house.mails(refused.email, "送らなかったお知らせ")
    assert "何も届いていません" in mail
    assert "ここからは送りませんでした" in words_of_leaf(refused)
    decide(operator, numbers[1], "選んだものを送る")
    wait_until(lambda: "送信済" in released.leaf("昭島市水道部", "開始").inner_text(), 30, released.words)
    assert "送信済" not in third.leaf("昭島市水道部", "開始").inner_text()
    operator.open("rises")
    operator.press("止めるのをやめて、すべて送る")
    wait_until(lambda: "送信済" in third.leaf("昭島市水道部", "開始").inner_text(), 30, third.words)


def spoken(number: str) -> str:
    return f"{number[:4]}-{number[4:8]}-{number[8:]}"


def decide(operator: BureauMember, number: str, label: str) -> None:
    operator.open("rises")
    operator.page.get_by_label(spoken(number)).check()
    operator.press(label)
