"""A mover who reads English, on a phone: from the top page over the search to the registered book."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.journeys.house import House
from tests.journeys.mover import OFFERS, PHONE, Mover, days_ahead

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_a_move_is_applied_for_in_english(house: House, page: Page) -> None:
    email = f"{uuid4().hex[:12]}@example.jp"
    mover = Mover(page, house.portal, email)
    page.goto(house.portal)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Find your providers").first.click()
    page.get_by_role("textbox", name="Postal code or address").fill("102-0084")
    with page.expect_navigation():
        page.get_by_role("textbox", name="Postal code or address").press("Enter")
    expect(page.get_by_role("heading", name="東京都水道局")).to_be_visible()
    page.get_by_role("link", name="I move away from here").click()
    expect(page.get_by_role("heading", name="Which industries should be told?")).to_be_visible()
    page.get_by_label("Broadcasting (NHK)").check()
    mover.press("Next")
    page.get_by_label("Postal code of your new home").fill("196-0015")
    mover.press("Next")
    for tick in page.locator('input[type="checkbox"]').all():
        tick.set_checked(tick.get_attribute("value") in OFFERS)
    expect(page.locator("main")).to_contain_text("You can do it from here")
    mover.press("Next")
    enter_items(mover)
    expect(page.locator("main")).to_contain_text("As before (by direct debit, for example)")
    mover.press("Register")
    expect(page.get_by_role("heading", name="Enter the code from the e-mail")).to_be_visible()
    assert_all_in_english(page, house)
    page.goto(f"{house.portal}/book/mailbox")
    mover.enter_code("Confirm")
    expect(page.get_by_role("heading", name="Your moving book is ready")).to_be_visible()
    assert_all_in_english(page, house)
    (mail,) = house.mails(email, "申込登録のお知らせ")
    english, _line, japanese = mail.partition("-" * 40)
    assert "Confirmation code" in english
    assert not re.search("[ぁ-ん]", english.replace("引越れんらく帳", ""))
    assert "確認の番号" in japanese


def enter_items(mover: Mover) -> None:
    """With the switch pressed over the keyboard, there and back, in the middle."""
    page = mover.page
    page.get_by_role("textbox", name="Family name", exact=True).fill("髙﨑")
    switch(page, "日本語")
    expect(page.get_by_role("heading", name="引越しについて教えてください")).to_be_visible()
    expect(page.get_by_role("textbox", name="姓", exact=True)).to_have_value("髙﨑")
    page.get_by_role("textbox", name="名", exact=True).fill("太郎")
    switch(page, "English")
    expect(page.get_by_role("textbox", name="Given name", exact=True)).to_have_value("太郎")
    expect(page.locator(".has-error")).to_have_count(0)
    leave, arrive = days_ahead(12), days_ahead(11)
    typed = {
        "person.family_kana": "たかさき",
        "person.given_kana": "たろう",
        "contact.phone": "03-3515-6989",
        "contact.email": mover.email,
        "origin.block": "5-6",
        "destination.block": "1-2-3",
    }
    for name, on in (("move.leave_on", leave), ("move.arrive_on", arrive)):
        typed |= {f"{name}_0": str(on.year), f"{name}_1": str(on.month), f"{name}_2": str(on.day)}
    for name, text in typed.items():
        mover.field(name).fill(text)
    mover.field("payment.final", "account").check()
    with page.expect_navigation():
        mover.field("person.given_name").press("Enter")  # the form's own button, not the switch above it
    expect(page.get_by_role("heading", name="Register this?")).to_be_visible()


def switch(page: Page, language: str) -> None:
    page.locator("details.languages summary").focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name=language, exact=True)
    for _each in range(len(settings.LANGUAGES)):
        if button.evaluate("here => here === document.activeElement"):
            break
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def assert_all_in_english(page: Page, house: House) -> None:
    """Every page of the book and before it fits a phone, and says that it is in English."""
    page.goto(f"{house.portal}/book/")
    addresses = ["/", "/apply/", "/apply/addresses", "/apply/providers", "/apply/items", "/apply/check", "/book/"]
    addresses += ["/search", "/search?postal_code=1960015", "/search/map", "/search/map/13/water", "/search/link"]
    addresses += ["/search/about", "/search/contract", "/search/towns?q=atago", "/links", "/nowhere"]
    addresses += [str(link.get_attribute("href")) for link in page.get_by_role("link", name="Details").all()]
    addresses += [str(link.get_attribute("href")) for link in page.get_by_role("link", name="Begin").all()]
    assert len(addresses) > 25
    too_wide = []
    for address in addresses:
        page.goto(house.portal + address)
        assert page.locator("html").get_attribute("lang") == "en"
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            too_wide.append(address)
    assert too_wide == []
